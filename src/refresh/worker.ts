import { setTimeout as wait } from 'node:timers/promises'
import { NO_OBSERVERS } from '../domain/observers.ts'
import { PLATFORMS } from '../domain/platform.ts'
import { isAnswering } from '../store/connect.ts'
import type { ClaimedJob } from '../store/jobs.ts'
import { isOutage } from '../store/outage.ts'
import { ensureUpcomingPartitions } from '../store/partitions.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { type EngineDependencies, runRefresh } from './engine.ts'
import { requeueLostRefreshes } from './lost-jobs.ts'
import { forgetExpiredWishes } from './repeats.ts'

const DAY_MS = 24 * 3600 * 1000
const HOUR_MS = 3600 * 1000
const LOST_JOBS_MS = 10 * 60 * 1000
const LOOK_AGAIN_MS = 250
// So often a job is begun again for what a statement says of its connection alone.
const OVERLOOKED_MAX = 3

/** A worker of this process. */
export interface Worker {
  /**
   * Takes no more refreshes, and lets those under way finish for a while. What is left by then
   * goes back into the queue for other workers. Resolves when nothing runs any more.
   */
  stop(): Promise<void>
}

/**
 * Starts to work off refreshes, those that lost their jobs included, keeps partitions for new
 * snapshots ready, and forgets idempotency keys whose time is over.
 */
export async function startWorker(deps: RefreshDependencies): Promise<Worker> {
  await ensureUpcomingPartitions(deps.db, deps.now())
  await requeueLostRefreshes(deps)
  await forgetExpiredWishes(deps)
  const stopping = new AbortController()
  const running = { ...deps, stopping: stopping.signal, partitions: new Set<string>() }
  const workers = await deps.jobs.work(PLATFORMS, { concurrency: deps.limits.concurrency }, (job) =>
    runJob(running, job),
  )
  const chores = [
    every(DAY_MS, deps, 'partitions could not be prepared', () =>
      ensureUpcomingPartitions(deps.db, deps.now()),
    ),
    every(LOST_JOBS_MS, deps, 'lost jobs could not be looked for', () =>
      requeueLostRefreshes(deps),
    ),
    every(HOUR_MS, deps, 'expired idempotency keys could not be forgotten', () =>
      forgetExpiredWishes(deps),
    ),
  ]
  return {
    async stop() {
      for (const chore of chores) clearInterval(chore)
      const grace = setTimeout(() => stopping.abort(), deps.limits.stopGraceMs)
      try {
        await workers.stop()
      } finally {
        clearTimeout(grace)
      }
    },
  }
}

interface WorkingDependencies extends EngineDependencies {
  stopping: AbortSignal
}

async function runJob(
  deps: WorkingDependencies,
  job: ClaimedJob,
  outagesLeft = OVERLOOKED_MAX,
): Promise<void> {
  const { workspaceId, refreshId, attempt, signal: claim } = job
  try {
    const { trace } = deps.observers ?? NO_OBSERVERS
    const attributes = { workspaceId, refreshId, attempt, platform: job.platform }
    await trace.span('refresh', attributes, () =>
      runRefresh({ ...deps, claim }, workspaceId, refreshId, attempt),
    )
  } catch (error) {
    deps.log.error({ workspaceId, refreshId, attempt, error: String(error) }, 'refresh broke off')
    // An outage may be over by the time that it is looked for.
    const isToldOf = isOutage(error) && outagesLeft > 0
    if (!isToldOf && (await isAnswering(deps.db))) throw error
    if (!(await isOutageOver(deps, claim))) throw error
    await runJob(deps, job, isToldOf ? outagesLeft - 1 : outagesLeft)
  }
}

// A database that went away is no fault of the refresh and uses up no attempt. That it broke off
// could not be told to the queue either, which would miss the job only after a heartbeat.
async function isOutageOver(
  { db, stopping }: WorkingDependencies,
  claim: AbortSignal,
): Promise<boolean> {
  const signal = AbortSignal.any([stopping, claim])
  while (!signal.aborted && !(await isAnswering(db))) {
    await wait(LOOK_AGAIN_MS, null, { signal }).catch(() => {})
  }
  return !signal.aborted
}

function every(
  ms: number,
  { log }: RefreshDependencies,
  failed: string,
  chore: () => Promise<void>,
): NodeJS.Timeout {
  const run = () => chore().catch((error) => log.error({ error: String(error) }, failed))
  return setInterval(run, ms).unref()
}
