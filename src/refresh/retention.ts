import type { Now } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import { recordChanges } from '../store/changes.ts'
import type { Db } from '../store/connect.ts'
import { clearableOf, clearMonth, isClearable } from '../store/old-months.ts'
import { forgetOldRefreshes, oldRefreshCount } from '../store/old-refreshes.ts'
import { type SnapshotMonth, snapshotMonths } from '../store/partitions.ts'
import { claimRetention } from '../store/retention-lock.ts'
import {
  beginThinning,
  endThinning,
  type ThinnedTime,
  type ThinStep,
  thinStep,
  timeToThin,
} from '../store/thinning.ts'
import { allWorkspaces } from '../store/workspaces.ts'

const DAY_MS = 24 * 3600 * 1000
const HOUR_MS = 3600 * 1000

// So that no statement deletes for long.
const READINGS_PER_STEP = 5000
const REFRESHES_PER_STEP = 1000

/** What is not kept for ever; null: it is. */
export interface Retention {
  /** After how many days one snapshot a day is enough. */
  snapshotDailyAfterDays: number | null
  /** After how many days snapshots go, all but each subject's newest. */
  snapshotKeepDays: number | null
  /** After how many days refreshes that have ended go. */
  refreshKeepDays: number | null
}

/** What letting go needs. */
export interface RetentionDependencies {
  db: Db
  now: Now
  retention: Retention
  /** Aborts when it shall stop where it is: what is left is done next time. */
  signal?: AbortSignal
  /** Whether it only counts. */
  isDry?: boolean
}

/** What is gone, or would be. */
export interface Retained {
  /** Snapshots that a later one of their day followed. */
  thinned: number
  /** Snapshots of months that were too old. */
  dropped: number
  /** The newest snapshots of their subjects among those: they stay. */
  kept: number
  refreshes: number
  /** Whether something is left, as somebody used it, or does the same at the moment. */
  isUnfinished: boolean
}

/** Lets go of what is older than it is kept. Never of the latest state of anything. */
export async function retain(deps: RetentionDependencies): Promise<Retained> {
  const done = { thinned: 0, dropped: 0, kept: 0, refreshes: 0, isUnfinished: false }
  const { snapshotDailyAfterDays, snapshotKeepDays, refreshKeepDays } = deps.retention
  const oldest = snapshotKeepDays === null ? null : daysAgo(deps, snapshotKeepDays)
  if (oldest !== null) await clearMonths(deps, oldest, done)
  for (const { id } of await allWorkspaces(deps.db)) {
    if (snapshotDailyAfterDays !== null) {
      const until = daysAgo(deps, snapshotDailyAfterDays)
      await thin(deps, { workspaceId: id, until, oldest }, done)
    }
    if (refreshKeepDays !== null) {
      await forget(deps, { workspaceId: id, endedBefore: daysAgo(deps, refreshKeepDays) }, done)
    }
  }
  return done
}

// Whole days, so that the looks of a day all see the same.
function daysAgo({ now }: RetentionDependencies, days: number): Date {
  const today = Math.floor(now().getTime() / DAY_MS) * DAY_MS
  return new Date(today - days * DAY_MS)
}

function isStopped({ signal }: RetentionDependencies): boolean {
  return signal?.aborted ?? false
}

// Answers that were made of it are others from now on. What followers of changes keep is not.
async function tellGone({ now }: RetentionDependencies, db: Db, workspaceId: string) {
  await recordChanges(db, workspaceId, now(), {})
}

/** Does a step in a transaction, one process at a time; null: another one is at it. */
async function claimed<Done>(
  { db }: RetentionDependencies,
  step: (transaction: Db) => Promise<Done>,
): Promise<Done | null> {
  return db.transaction().execute(async (transaction) => {
    return (await claimRetention(transaction)) ? step(transaction) : null
  })
}

async function clearMonths(deps: RetentionDependencies, oldest: Date, done: Retained) {
  const { db, isDry = false } = deps
  const workspaces = isDry ? [] : await allWorkspaces(db)
  const months = (await snapshotMonths(db)).filter(({ to }) => to <= oldest)
  for (const month of months) {
    if (isStopped(deps) || !(await isClearable(db, month))) continue
    const cleared = isDry ? await clearableOf(db, month) : await clearMonth(db, month)
    if (cleared !== null && cleared.gone > 0) {
      for (const { id } of workspaces) await tellGone(deps, db, id)
    }
    done.dropped += cleared?.gone ?? 0
    done.kept += cleared?.kept ?? 0
    done.isUnfinished ||= cleared === null
  }
}

interface WorkspaceThinning {
  workspaceId: string
  until: Date
  /** What is older goes as a whole; null: nothing does. */
  oldest: Date | null
}

async function thin(
  deps: RetentionDependencies,
  { workspaceId, until, oldest }: WorkspaceThinning,
  done: Retained,
): Promise<void> {
  const { db, isDry = false } = deps
  const time = await timeToThin(db, workspaceId, until)
  if (time === null) return
  if (!isDry) await beginThinning(db, workspaceId, time)
  let isWhole = true
  for (const month of await snapshotMonths(db)) {
    const isGone = oldest !== null && month.to <= oldest
    if (isGone || month.to <= time.from || month.from >= until) continue
    isWhole = (await thinMonth(deps, { workspaceId, time, month }, done)) && isWhole
  }
  if (isWhole && !isDry) await endThinning(db, workspaceId, time)
  done.isUnfinished ||= !isWhole
}

interface MonthThinning {
  workspaceId: string
  time: ThinnedTime
  month: SnapshotMonth
}

/** Answers whether nothing is left to be thinned. */
async function thinMonth(
  deps: RetentionDependencies,
  { workspaceId, time, month }: MonthThinning,
  done: Retained,
): Promise<boolean> {
  const within = {
    from: time.from > month.from ? time.from : month.from,
    to: time.until < month.to ? time.until : month.to,
  }
  let isWhole = true
  let at: ThinStep['at'] = null
  do {
    if (isStopped(deps)) return false
    const step: ThinStep = { ...within, at, limit: READINGS_PER_STEP, isDry: deps.isDry ?? false }
    const taken = await claimed(deps, async (transaction) => {
      const thinned = await thinStep(transaction, workspaceId, step)
      if (!step.isDry && thinned.thinned > 0) await tellGone(deps, transaction, workspaceId)
      return thinned
    })
    if (taken === null) return false
    done.thinned += taken.thinned
    isWhole &&= taken.left === 0
    at = taken.next
  } while (at !== null)
  return isWhole
}

async function forget(
  deps: RetentionDependencies,
  { workspaceId, endedBefore }: { workspaceId: string; endedBefore: Date },
  done: Retained,
): Promise<void> {
  const { db, isDry = false } = deps
  if (isDry) {
    done.refreshes += await oldRefreshCount(db, workspaceId, endedBefore)
    return
  }
  let forgotten: number
  do {
    if (isStopped(deps)) return
    forgotten = await db.transaction().execute(async (transaction) => {
      const some = { endedBefore, limit: REFRESHES_PER_STEP }
      const count = await forgetOldRefreshes(transaction, workspaceId, some)
      if (count > 0) await tellGone(deps, transaction, workspaceId)
      return count
    })
    done.refreshes += forgotten
  } while (forgotten === REFRESHES_PER_STEP)
}

/** Lets go of what is old while the process runs. `stop` resolves when no look is under way. */
export interface RetentionChore {
  stop(): Promise<void>
}

/**
 * Looks every hour for what is older than it is kept, the first time at once; most of it comes with
 * a new day (UTC). A look that fails is logged, and the next one comes.
 */
export function startRetention(deps: RetentionDependencies & { log: Log }): RetentionChore {
  const { log, retention } = deps
  if (Object.values(retention).every((days) => days === null)) return { stop: async () => {} }
  const stopping = new AbortController()
  const look = () =>
    retain({ ...deps, signal: stopping.signal })
      .then((done) => {
        const { thinned, dropped, refreshes } = done
        if (thinned + dropped + refreshes > 0) log.info({ ...done }, 'what was old is gone')
      })
      .catch((error) => log.error({ error: String(error) }, 'what is old could not be deleted'))
  let looking = look()
  const timer = setInterval(() => {
    looking = looking.then(look)
  }, HOUR_MS).unref()
  return {
    async stop() {
      stopping.abort()
      clearInterval(timer)
      await looking
    },
  }
}
