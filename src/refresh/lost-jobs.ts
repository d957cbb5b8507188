import { lostRefreshes } from '../store/lost-refreshes.ts'
import type { RefreshDependencies } from './dependencies.ts'

// So that one look stays short; those left over are found by the next one.
const AT_ONCE_MAX = 500

/**
 * Gives a new job to every active refresh that lost its own: the queue forgets jobs that nobody
 * took for two weeks, and a restored database may lack them. Without one, the refresh would stay
 * active for ever, and every later wish would join it.
 */
export async function requeueLostRefreshes({
  db,
  jobs,
  log,
}: Pick<RefreshDependencies, 'db' | 'jobs' | 'log'>): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const lost = await lostRefreshes(transaction, AT_ONCE_MAX)
    for (const refresh of lost) {
      await jobs.enqueueRefresh(transaction, { ...refresh, attempt: 1, startAfter: null })
    }
    if (lost.length > 0)
      log.warn({ count: lost.length }, 'refreshes without a job are queued again')
  })
}
