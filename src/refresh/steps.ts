import type { Now } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { Notice, Notices, RefreshStep } from '../domain/notice.ts'
import type { Db } from '../store/connect.ts'
import { recentRefreshes } from '../store/refresh-steps.ts'

// What a reader that is slower than the refreshes has not taken yet.
const HEARD_MAX = 1000
// Twice as many at most: more than end within the time that is read again.
const ENDED_KEPT = 5000
// In one statement, for the states have to be of one version. What is beyond would not be told.
const REREAD_MAX = 2 * ENDED_KEPT
const RETRY_MS = 1000
// How far processes' clocks may differ, and how long a transaction may take.
const SKEW_MS = 60_000

/** What following refreshes takes. */
export interface StepDependencies {
  db: Db
  notices: Notices
  now: Now
  log: Log
}

/** Whose refreshes are followed: an account's, or with null those of the whole workspace. */
export interface Followed {
  workspaceId: string
  accountId: string | null
}

/** Follows refreshes while they go on. */
export interface RefreshSteps {
  /**
   * Every step that is committed from now on, in the order of commits. When something was missed,
   * because the database was lost or because nobody took the steps in time, the latest step of each
   * refresh comes instead. Whoever follows ends it with `return`.
   */
  follow(followed: Followed): Promise<AsyncIterableIterator<RefreshStep>>
  /** Ends everything that is followed, and whatever else somebody wants to follow. */
  close(): void
}

/** Follows refreshes by what is told of them at each commit. */
export function createRefreshSteps(deps: StepDependencies): RefreshSteps {
  const open = new Set<() => void>()
  let isClosed = false
  return {
    async follow(followed) {
      const stream = createStream(deps, followed, () => open.delete(stream.end))
      open.add(stream.end)
      if (isClosed) stream.end()
      else await stream.begin()
      return stream.steps
    },
    close() {
      isClosed = true
      for (const end of open) end()
    },
  }
}

interface Stream {
  /** Learns how far refreshes are: what comes after that is a step. Ends the stream if it fails. */
  begin(): Promise<void>
  end(): void
  steps: AsyncIterableIterator<RefreshStep>
}

function createStream(deps: StepDependencies, followed: Followed, onEnd: () => void): Stream {
  const backlog = createBacklog(deps, followed)
  const memory = createMemory()
  const bell = createBell()
  let reread: RefreshStep[] = []
  let isEnded = false
  const unsubscribe = deps.notices.subscribe(followed.workspaceId, {
    onNotice(notice) {
      backlog.hear(notice)
      bell.ring()
    },
    onGap() {
      backlog.miss()
      bell.ring()
    },
  })

  async function next(): Promise<IteratorResult<RefreshStep>> {
    while (!isEnded) {
      const step = reread.shift() ?? backlog.take()
      if (step && memory.isNews(step)) return { done: false, value: step }
      if (!step) await (backlog.isMissing() ? catchUp() : bell.rung())
    }
    return { done: true, value: undefined }
  }

  async function catchUp(): Promise<void> {
    try {
      reread = await backlog.reread()
    } catch (error) {
      deps.log.warn({ error: String(error) }, 'refreshes could not be read again')
      await bell.rung(RETRY_MS)
    }
  }

  function end(): void {
    if (isEnded) return
    isEnded = true
    unsubscribe()
    bell.ring()
    onEnd()
  }

  return {
    async begin() {
      try {
        for (const step of await backlog.reread()) memory.isNews(step)
      } catch (error) {
        end()
        throw error
      }
    },
    end,
    steps: toIterator(next, end),
  }
}

function toIterator<Value>(
  next: () => Promise<IteratorResult<Value>>,
  end: () => void,
): AsyncIterableIterator<Value> {
  const iterator: AsyncIterableIterator<Value> = {
    next,
    return: async () => {
      end()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}

interface Backlog {
  hear(notice: Notice): void
  miss(): void
  /** Whether there is more than what was heard, which comes first. */
  isMissing(): boolean
  /** How far refreshes are. What was heard until then is contained in it, and not there to take. */
  reread(): Promise<RefreshStep[]>
  take(): RefreshStep | undefined
}

/** What was heard and nobody has taken yet. */
function createBacklog({ db, now }: StepDependencies, followed: Followed): Backlog {
  const { workspaceId, accountId } = followed
  let heard: { version: number; at: Date; step: RefreshStep }[] = []
  let isMissing = true
  let gaps = 0
  // How many of those heard came before what is missing.
  let leading = 0
  let completeUntil = now()
  return {
    hear({ version, refreshes }) {
      const at = now()
      if (heard.length === 0 && !isMissing) completeUntil = at
      const own = refreshes.filter((step) => accountId === null || step.accountId === accountId)
      heard.push(...own.map((step) => ({ version, at, step })))
      if (heard.length <= HEARD_MAX) return
      heard = []
      leading = 0
      miss()
    },
    miss,
    isMissing: () => isMissing,
    async reread() {
      const [at, gap] = [now(), gaps]
      const endedSince = new Date(completeUntil.getTime() - SKEW_MS)
      const asked = { accountId, endedSince, limit: REREAD_MAX }
      const { version, refreshes } = await recentRefreshes(db, workspaceId, asked)
      heard = heard.filter((each) => each.version > version)
      leading = 0
      // What was missed during the reading has to be read once more.
      isMissing = gaps !== gap
      if (!isMissing) completeUntil = at
      return refreshes
    },
    take() {
      if (isMissing && leading === 0) return undefined
      const first = heard.shift()
      if (first) completeUntil = first.at
      if (isMissing) leading -= 1
      return first?.step
    },
  }

  function miss(): void {
    gaps += 1
    if (!isMissing) leading = heard.length
    isMissing = true
  }
}

/** Which state of each refresh was told last. */
function createMemory() {
  const told = new Map<string, { state: string; hasEnded: boolean }>()
  let ended = 0
  return {
    /** Whether a step leads to another state than the one told, which it is from now on. */
    isNews(step: RefreshStep): boolean {
      const { id, status, startedAt, finishedAt, updated, failed, upstreamCalls } = step
      const state = [status, startedAt?.getTime(), updated, failed, upstreamCalls].join(' ')
      const before = told.get(id)
      if (before?.state === state) return false
      if (before?.hasEnded) ended -= 1
      told.delete(id)
      told.set(id, { state, hasEnded: finishedAt !== null })
      if (finishedAt !== null) ended += 1
      if (ended > 2 * ENDED_KEPT) forget()
      return true
    },
  }

  // Of those that ended, the newest may still be read again.
  function forget(): void {
    for (const [id, { hasEnded }] of told) {
      if (ended <= ENDED_KEPT) return
      if (hasEnded) ended -= Number(told.delete(id))
    }
  }
}

interface Bell {
  ring(): void
  /** Resolves when somebody rings, or after some time. */
  rung(withinMs?: number): Promise<void>
}

function createBell(): Bell {
  let waiting = Promise.withResolvers<void>()
  const ring = () => {
    waiting.resolve()
    waiting = Promise.withResolvers()
  }
  return {
    ring,
    async rung(withinMs) {
      const timer = withinMs === undefined ? undefined : setTimeout(ring, withinMs)
      await waiting.promise
      clearTimeout(timer)
    },
  }
}
