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
  /** The host did not answer, or said that it cannot. Until when it is left alone; null: it is not. */
  failed(now: Date): Date | null
  /** Nobody waited for the answer. After one of the others it changes nothing. */
  abandoned(): void
}

/** What becomes of a wish to call a host. */
export type Entry = { passage: Passage } | { refusedUntil: Date }

/** A circuit for each host: a host that is down is left alone for a while, and then tried once. */
export interface Circuits {
  enter(host: string, now: Date): Entry
}

interface State {
  /** Moves with every change: calls that began before it have no say any more. */
  epoch: number
  /** When the last calls in a row found the host down. */
  failures: number[]
  /** Null: calls go through. */
  pause: { until: number; lengthMs: number; isTried: boolean } | null
}

/** Circuits in which calls go through. */
export function createCircuits(limits: CircuitLimits): Circuits {
  const states = new Map<string, State>()
  const stateOf = (host: string) => {
    const state = states.get(host) ?? { epoch: 0, failures: [], pause: null }
    states.set(host, state)
    return state
  }
  return {
    enter(host, now) {
      const state = stateOf(host)
      const { pause } = state
      if (pause === null) return { passage: createPassage(state, limits, false) }
      if (now.getTime() < pause.until) return { refusedUntil: new Date(pause.until) }
      // By then the trial has told, or another one may start.
      if (pause.isTried) return { refusedUntil: new Date(now.getTime() + limits.circuitPauseMs) }
      pause.isTried = true
      state.epoch += 1
      return { passage: createPassage(state, limits, true) }
    },
  }
}

function createPassage(state: State, limits: CircuitLimits, isTrial: boolean): Passage {
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
    failed(now) {
      if (isCurrent()) countFailure(state, limits, now.getTime())
      const until = state.pause?.until ?? 0
      return until > now.getTime() ? new Date(until) : null
    },
    abandoned() {
      if (isCurrent() && state.pause !== null) state.pause.isTried = false
    },
  }
}

function countFailure(state: State, limits: CircuitLimits, at: number): void {
  const before = state.pause?.lengthMs ?? null
  if (before === null) {
    const recent = state.failures.filter((failedAt) => failedAt > at - limits.circuitSpanMs)
    state.failures = [...recent, at]
    if (state.failures.length < limits.circuitFailures) return
  }
  const doubled = before === null ? limits.circuitPauseMs : before * 2
  const lengthMs = Math.min(doubled, limits.circuitPauseMaxMs)
  state.pause = { until: at + lengthMs, lengthMs, isTried: false }
  state.failures = []
  state.epoch += 1
}
