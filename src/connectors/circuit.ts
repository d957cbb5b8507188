/** When calls to a host are stopped, and for how long. */
export interface CircuitLimits {
  /** How many calls in a row have to find the host down before it is asked no more. */
  circuitFailures: number
  /** How close together those have to be. */
  circuitSpanMs: number
  /** How long it is left alone then; twice as long after every trial that finds it down again. */
  circuitPauseMs: number
  /** The longest that it is left alone. */
  circuitPauseMaxMs: number
}

/** A call on its way, which has to say how it ended. */
export interface Passage {
  /** Whether this is the one call that finds out whether the host is back. */
  readonly isTrial: boolean
  /** Whether calls still go through, so that this one is worth repeating. */
  isOpen(): boolean
  /** The host answered, whatever it said. */
  answered(): void
  /** The host did not answer. Until when it is left alone; null: it is not. */
  failed(now: Date): Date | null
  /**
   * The host said itself that it cannot, which may be true of this account's things alone: until
   * several accounts were told so in a row, only this one's calls are stopped. Until when; null:
   * they are not. Without an account it is as `failed`.
   */
  troubled(now: Date): Date | null
  /** Nobody waited for the answer. After one of the others it changes nothing. */
  abandoned(): void
}

/** What becomes of a wish to call a host. */
export type Entry = { passage: Passage } | { refusedUntil: Date }

/**
 * A circuit for each host, and one for each account on it: what is down is left alone for a while,
 * and then tried once.
 */
export interface Circuits {
  /** A call to a host on behalf of an account; null: of none in particular. */
  enter(host: string, now: Date, account?: string | null): Entry
}

interface State {
  /** Moves with every change: calls that began before it have no say any more. */
  epoch: number
  /** The last calls in a row that failed, and the account that each was about; null: all are. */
  failures: { at: number; account: string | null }[]
  /** Null: calls go through. */
  pause: { until: number; lengthMs: number; isTried: boolean } | null
}

/** A call's way through one circuit. */
interface Gate extends Omit<Passage, 'failed' | 'troubled'> {
  failed(now: Date, account: string | null): Date | null
}

/** Circuits in which calls go through. */
export function createCircuits(limits: CircuitLimits): Circuits {
  const states = new Map<string, State>()
  let statesMax = STATES_MAX
  const admit = (key: string, now: Date) => {
    if (states.size >= statesMax) {
      forgetUntroubled(states, limits, now)
      // As many again may come before all are looked through once more.
      statesMax = Math.max(STATES_MAX, states.size * 2)
    }
    const state = states.get(key) ?? { epoch: 0, failures: [], pause: null }
    states.set(key, state)
    return admitTo(state, limits, now)
  }
  return {
    enter(host, now, account = null) {
      const own = account === null ? null : admit(`${host} ${account}`, now)
      if (own !== null && 'refusedUntil' in own) return own
      const whole = admit(host, now)
      if ('refusedUntil' in whole) {
        own?.gate.abandoned()
        return whole
      }
      if (own === null) return { passage: passageOfNobody(whole.gate) }
      return { passage: passageOfAccount(whole.gate, own.gate, account) }
    },
  }
}

function passageOfNobody(whole: Gate): Passage {
  const failed = (now: Date) => whole.failed(now, null)
  return { ...whole, failed, troubled: failed }
}

function passageOfAccount(whole: Gate, own: Gate, account: string | null): Passage {
  return {
    isTrial: own.isTrial || whole.isTrial,
    isOpen: () => own.isOpen() && whole.isOpen(),
    answered() {
      own.answered()
      whole.answered()
    },
    failed: (now) => whole.failed(now, null),
    troubled(now) {
      const untils = [own.failed(now, null), whole.failed(now, account)]
      const latest = Math.max(0, ...untils.map((until) => until?.getTime() ?? 0))
      return latest === 0 ? null : new Date(latest)
    },
    abandoned() {
      own.abandoned()
      whole.abandoned()
    },
  }
}

/** How many circuits are kept before those that have nothing to tell are looked for. */
const STATES_MAX = 1000

// Accounts come and go. What happened before these times is too long ago to count.
function forgetUntroubled(states: Map<string, State>, limits: CircuitLimits, now: Date): void {
  const failedSince = now.getTime() - limits.circuitSpanMs
  const pausedSince = now.getTime() - limits.circuitPauseMaxMs
  for (const [key, { pause, failures }] of states) {
    const isPauseOver = pause === null || pause.until <= pausedSince
    if (isPauseOver && failures.every(({ at }) => at <= failedSince)) states.delete(key)
  }
}

function admitTo(
  state: State,
  limits: CircuitLimits,
  now: Date,
): { gate: Gate } | { refusedUntil: Date } {
  const { pause } = state
  if (pause === null) return { gate: createGate(state, limits, false) }
  if (now.getTime() < pause.until) return { refusedUntil: new Date(pause.until) }
  // By then the trial has told, or another one may start.
  if (pause.isTried) return { refusedUntil: new Date(now.getTime() + limits.circuitPauseMs) }
  pause.isTried = true
  state.epoch += 1
  return { gate: createGate(state, limits, true) }
}

function createGate(state: State, limits: CircuitLimits, isTrial: boolean): Gate {
  const { epoch } = state
  const isCurrent = () => state.epoch === epoch
  return {
    isTrial,
    isOpen: () => isTrial || state.pause === null,
    answered() {
      if (!isCurrent()) return
      state.failures = []
      if (!isTrial) return
      state.pause = null
      state.epoch += 1
    },
    failed(now, account) {
      if (isCurrent()) countFailure(state, limits, { at: now.getTime(), account })
      const until = state.pause?.until ?? 0
      return until > now.getTime() ? new Date(until) : null
    },
    abandoned() {
      if (isCurrent() && state.pause !== null) state.pause.isTried = false
    },
  }
}

// However often one account fails, it is one voice about its host.
function countFailure(state: State, limits: CircuitLimits, failure: State['failures'][0]): void {
  const { at, account } = failure
  const { pause } = state
  const others = state.failures.filter((each) => account === null || each.account !== account)
  const recent = others.filter((each) => each.at > at - limits.circuitSpanMs)
  state.failures = [...recent, failure]
  const isToldByTrial = pause !== null && account === null
  if (!isToldByTrial && state.failures.length < limits.circuitFailures) {
    // What a trial was told of its own account leaves its place to another one.
    if (pause !== null) pause.isTried = false
    return
  }
  const doubled = pause === null ? limits.circuitPauseMs : pause.lengthMs * 2
  const lengthMs = Math.min(doubled, limits.circuitPauseMaxMs)
  state.pause = { until: at + lengthMs, lengthMs, isTried: false }
  state.failures = []
  state.epoch += 1
}
