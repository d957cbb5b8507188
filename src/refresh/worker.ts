import { PLATFORMS } from '../domain/platform.ts'
import type { ClaimedJob } from '../store/jobs.ts'
import { ensureUpcomingPartitions } from '../store/partitions.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { runRefresh } from './engine.ts'

const DAY_MS = 24 * 3600 * 1000

/** A worker of this process. */
export interface Worker {
  /**
   * Takes no more refreshes, and lets those under way finish for a while. What is left by then
   * goes back into the queue for other workers. Resolves when nothing runs any more.
   */
  stop(): Promise<void>
}

/** Starts to work off refreshes, and keeps partitions for new snapshots ready. */
export async function startWorker(deps: RefreshDependencies): Promise<Worker> {
  await ensureUpcomingPartitions(deps.db, deps.now())
  const stopping = new AbortController()
  const workers = await deps.jobs.work(PLATFORMS, { concurrency: deps.limits.concurrency }, (job) =>
    runJob(deps, stopping.signal, job),
  )
  const daily = setInterval(() => prepareMonths(deps), DAY_MS).unref()
  return {
    async stop() {
      clearInterval(daily)
      const grace = setTimeout(() => stopping.abort(), deps.limits.stopGraceMs)
      try {
        await workers.stop()
      } finally {
        clearTimeout(grace)
      }
    },
  }
}

async function runJob(
  deps: RefreshDependencies,
  stopping: AbortSignal,
  { workspaceId, refreshId, attempt, signal: claim }: ClaimedJob,
): Promise<void> {
  try {
    await runRefresh({ ...deps, stopping, claim }, workspaceId, refreshId, attempt)
  } catch (error) {
    deps.log.error({ workspaceId, refreshId, attempt, error: String(error) }, 'refresh broke off')
    throw error
  }
}

async function prepareMonths({ db, log, now }: RefreshDependencies): Promise<void> {
  try {
    await ensureUpcomingPartitions(db, now())
  } catch (error) {
    log.error({ error: String(error) }, 'partitions could not be prepared')
  }
}
