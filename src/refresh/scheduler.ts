import type { Refresh } from '../domain/refresh.ts'
import { recordChanges } from '../store/changes.ts'
import type { Db } from '../store/connect.ts'
import { claimSchedule, type DueAccount, dueAccounts, insertScheduled } from '../store/schedule.ts'
import type { RefreshDependencies } from './dependencies.ts'

/** What scheduling needs. */
export type SchedulerDependencies = Pick<
  RefreshDependencies,
  'db' | 'jobs' | 'now' | 'newId' | 'limits' | 'log'
>

/** Keeps what is watched fresh, without being asked. */
export interface Scheduler {
  /**
   * Queues refreshes of what is due now, and answers how many. None when another process is doing
   * the same.
   */
  tick(): Promise<number>
  /** Looks no more. Resolves when no look is under way. */
  stop(): Promise<void>
}

/**
 * Looks for what is due every so many seconds, one look at a time. Any number of processes may: of
 * those that look at once, one queues. A look that fails is logged, and the next one comes.
 */
export function startScheduler(deps: SchedulerDependencies): Scheduler {
  const { log, limits } = deps
  let look: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | null = null
  let isStopped = false
  const wait = () => {
    if (!isStopped) timer = setTimeout(turn, limits.scheduleTickSeconds * 1000).unref()
  }
  const turn = () => {
    look = queueDue(deps)
      .catch((error) => log.error({ error: String(error) }, 'what is due could not be queued'))
      .finally(wait)
  }
  wait()
  return {
    tick: () => queueDue(deps),
    async stop() {
      isStopped = true
      if (timer) clearTimeout(timer)
      await look
    },
  }
}

async function queueDue(deps: SchedulerDependencies): Promise<number> {
  return deps.db.transaction().execute(async (transaction) => {
    if (!(await claimSchedule(transaction))) return 0
    const now = deps.now()
    const accounts = await dueAccounts(transaction, now, deps.limits.scheduledMax)
    if (accounts.length === 0) return 0
    const refreshes = await queueRefreshes(deps, transaction, accounts, now)
    await recordQueued(transaction, refreshes, now)
    return refreshes.length
  })
}

async function queueRefreshes(
  { jobs, newId }: SchedulerDependencies,
  transaction: Db,
  accounts: readonly DueAccount[],
  now: Date,
): Promise<Refresh[]> {
  const wished = accounts.map(({ workspaceId, id: accountId, platform }) => {
    return { workspaceId, accountId, platform, id: newId(), requestedAt: now }
  })
  const refreshes = await insertScheduled(transaction, wished)
  const queued = new Set(refreshes.map(({ id }) => id))
  await jobs.enqueueRefreshes(
    transaction,
    wished
      .filter(({ id }) => queued.has(id))
      .map(({ workspaceId, id: refreshId, accountId, platform }) => {
        return { workspaceId, refreshId, accountId, platform, attempt: 1, isPatient: true }
      }),
  )
  return refreshes
}

// Workspaces' rows are locked until the commit: always in the same order, and last of all.
async function recordQueued(transaction: Db, queued: readonly Refresh[], now: Date): Promise<void> {
  const byWorkspace = Map.groupBy(queued, ({ workspaceId }) => workspaceId)
  for (const workspaceId of [...byWorkspace.keys()].sort()) {
    const refreshes = byWorkspace.get(workspaceId) ?? []
    await recordChanges(transaction, workspaceId, now, { refreshes })
  }
}
