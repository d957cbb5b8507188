import { fromKysely, fromPglite, type Job, PgBoss, type Queue } from 'pg-boss'
import type { Now } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import { PLATFORMS, type Platform } from '../domain/platform.ts'
import type { Db, Store } from './connect.ts'
import { type JobWorkers, workQueues } from './job-workers.ts'

/** The schema that holds the queues. */
export const JOBS_SCHEMA = 'weir_jobs'
const POOL_MAX = 4

// A dead worker is noticed after a heartbeat and at most two looks of whoever supervises, and its
// jobs are taken up at the next poll: less than 30 s together.
const HEARTBEAT_SECONDS = 10
const SUPERVISE_SECONDS = 5

const QUEUE: Omit<Queue, 'name'> = {
  notify: true,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  // Whoever runs the job bounds its attempts; this only keeps a job from coming back for ever.
  retryLimit: 100,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  expireInSeconds: 3600,
  deleteAfterSeconds: 3600,
}

/** A refresh that waits for a worker. */
export interface RefreshJob {
  workspaceId: string
  refreshId: string
  accountId: string
  platform: Platform
  /** Which attempt at the refresh this is, from 1. */
  attempt: number
  /** When it may start; null: at once. */
  startAfter: Date | null
  /** Whether jobs that are not patient go before it, even those queued later. */
  isPatient?: boolean
}

/** A refresh in the hands of a worker. */
export interface ClaimedJob extends JobData {
  /** Aborts when the job was taken away from this process. */
  signal: AbortSignal
}

/** The job queues, one a platform. */
export interface Jobs {
  /** Queues a job. Inside a transaction, it is there exactly when the transaction commits. */
  enqueueRefresh(db: Db, job: RefreshJob): Promise<void>
  /** The same for many jobs that may start at once, in one statement for each platform. */
  enqueueRefreshes(db: Db, jobs: readonly Omit<RefreshJob, 'startAfter'>[]): Promise<void>
  /**
   * Lets a refresh's waiting job go before patient ones; `atOnce`, it waits no longer for its time.
   */
  hasten(
    db: Db,
    job: Pick<RefreshJob, 'workspaceId' | 'refreshId' | 'platform'>,
    options: { atOnce: boolean },
  ): Promise<void>
  /**
   * Takes jobs of these platforms, at most `concurrency` of each at a time and always leaving a
   * place for another workspace. A handler that throws gets its job again, one attempt later. Many
   * that wait are taken and settled in batches.
   */
  work(
    platforms: readonly Platform[],
    options: { concurrency: number },
    handler: (job: ClaimedJob) => Promise<void>,
  ): Promise<JobWorkers>
  /** Ends every timer and connection. May be called twice. */
  stop(): Promise<void>
}

/** What the queues need from outside. */
export interface JobsOptions {
  now: Now
  log: Log
  /** Whether this process looks after jobs of workers that died. Default true. */
  supervise?: boolean
}

type JobData = Omit<RefreshJob, 'startAfter' | 'isPatient'>

/** Opens the queues, and makes them where they are missing. */
export async function openJobs(store: Store, options: JobsOptions): Promise<Jobs> {
  const boss = createBoss(store, options.supervise ?? true)
  boss.on('error', (error) => options.log.error({ error: error.message }, 'job queue'))
  boss.on('warning', (warning) => options.log.warn({ ...warning.data }, warning.message))
  const stop = () => boss.stop({ graceful: true })
  try {
    await boss.start()
    await ensureQueues(boss)
  } catch (error) {
    // Its timers and connections are there already, and nobody else could end them.
    await stop()
    throw error
  }
  return {
    enqueueRefresh: (db, job) => enqueue(boss, db, job, options.now()),
    enqueueRefreshes: (db, many) => enqueueMany(boss, db, many),
    hasten: (db, job, { atOnce }) => hasten(boss, db, job, atOnce),
    work: (platforms, { concurrency }, handler) =>
      workQueues<JobData>(boss, platforms.map(queueOf), concurrency, (job) =>
        handler(claimedJob(job)),
      ),
    stop,
  }
}

function createBoss(store: Store, supervise: boolean): PgBoss {
  const options = {
    schema: JOBS_SCHEMA,
    useListenNotify: true,
    schedule: false,
    supervise,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    maintenanceIntervalSeconds: 600,
    flowIntervalSeconds: 3600,
    bamIntervalSeconds: 3600,
    monitorVacuum: false,
  }
  if (store.pglite) {
    const db = fromPglite(store.pglite)
    return new PgBoss({ ...options, backend: 'pglite', db, reindex: false })
  }
  if (store.databaseUrl === null) throw new Error('The store has no database.')
  return new PgBoss({ ...options, connectionString: store.databaseUrl, max: POOL_MAX })
}

/** The queue of a platform's refreshes. */
export function queueOf(platform: Platform): string {
  return `refresh-${platform}`
}

async function ensureQueues(boss: PgBoss): Promise<void> {
  const queues = PLATFORMS.map(queueOf)
  const existing = new Map((await boss.getQueues(queues)).map((queue) => [queue.name, queue]))
  for (const queue of queues) {
    const found = existing.get(queue)
    if (found && Object.entries(QUEUE).every(([key, value]) => Reflect.get(found, key) === value)) {
      continue
    }
    await (found ? boss.updateQueue(queue, QUEUE) : boss.createQueue(queue, QUEUE))
    // Has it remember the queue: to look it up from inside a transaction would wait for ever on a
    // database with one connection.
    await boss.findJobs(queue, { id: '00000000-0000-0000-0000-000000000000' })
  }
}

async function enqueue(boss: PgBoss, db: Db, job: RefreshJob, now: Date): Promise<void> {
  const { startAfter, isPatient = false, ...data } = job
  // A span and not an instant, so that the database's clock need not agree with ours.
  const seconds = startAfter ? Math.max(0, startAfter.getTime() - now.getTime()) / 1000 : 0
  await boss.send(queueOf(job.platform), data satisfies JobData, {
    db: fromKysely(db),
    group: { id: job.workspaceId },
    singletonKey: keyOf(job),
    priority: priorityOf(isPatient),
    ...(seconds > 0 ? { startAfter: Math.ceil(seconds) } : {}),
  })
}

async function enqueueMany(
  boss: PgBoss,
  db: Db,
  jobs: readonly Omit<RefreshJob, 'startAfter'>[],
): Promise<void> {
  for (const [platform, group] of Map.groupBy(jobs, (job) => job.platform)) {
    const rows = group.map(({ isPatient = false, ...data }) => ({
      data: data satisfies JobData,
      group: { id: data.workspaceId },
      singletonKey: keyOf(data),
      priority: priorityOf(isPatient),
    }))
    await boss.insert(queueOf(platform), rows, { db: fromKysely(db) })
  }
}

// Changed by the library, so that a job whose time has come wakes a worker.
async function hasten(
  boss: PgBoss,
  db: Db,
  job: Pick<RefreshJob, 'workspaceId' | 'refreshId' | 'platform'>,
  atOnce: boolean,
): Promise<void> {
  await boss.update(queueOf(job.platform), undefined, {
    db: fromKysely(db),
    ...{ singletonKey: keyOf(job), match: 'all' as const },
    priority: priorityOf(false),
    ...(atOnce ? { startAfter: 0 } : {}),
  })
}

// No rule of the queues', only a name: while one job of a refresh runs, its next one may wait.
function keyOf({ workspaceId, refreshId }: Pick<RefreshJob, 'workspaceId' | 'refreshId'>): string {
  return `${workspaceId} ${refreshId}`
}

// Jobs of a higher priority are taken first.
function priorityOf(isPatient: boolean): number {
  return isPatient ? 0 : 1
}

function claimedJob({ data, retryCount, signal }: Job<JobData>): ClaimedJob {
  return { ...data, attempt: data.attempt + retryCount, signal }
}
