import type { Job, JobResult, PgBoss } from 'pg-boss'

// Only new jobs wake workers by themselves. For those whose time comes later, some have a look now
// and then: cheaper than all of them polling.
const POLL_SECONDS = 5
const IDLE_POLL_SECONDS = 60

// Of the places of a queue, so many are for jobs one by one, of another workspace each. The others
// take whatever comes first, in batches: these are settled when their last job is done, so there
// are several of them, and a slow platform holds up only its own.
const SINGLE_PLACES = 2
const BATCHES = 2

// A batch of a sound platform is done by then. One that takes longer lends the places of its jobs
// that are done: a few slow accounts would otherwise hold up all others.
const SLOW_BATCH_MS = 3000

/** Workers that take jobs. `stop` takes no more, and resolves when those in hand are done. */
export interface JobWorkers {
  stop(): Promise<void>
}

/** What is done with a job. A handler that throws has it done again, later. */
export type JobHandler<Data extends object> = (job: Job<Data>) => Promise<void>

/**
 * Works off queues, at most `concurrency` jobs of each at a time, and those that still run on places
 * that a slow batch had lent. However many jobs a group has, it leaves a place for another one,
 * where there is more than one place.
 */
export async function workQueues<Data extends object>(
  boss: PgBoss,
  queues: readonly string[],
  concurrency: number,
  handler: JobHandler<Data>,
): Promise<JobWorkers> {
  const working = { boss, handler, lanes: new Set<string>(), isStopping: false }
  for (const queue of queues) {
    for (const lane of lanesOf(concurrency)) await startLane(working, queue, lane)
  }
  const poll = setInterval(() => {
    for (const lane of working.lanes) wakeIdle(boss, lane)
  }, POLL_SECONDS * 1000)
  return {
    async stop() {
      working.isStopping = true
      clearInterval(poll)
      await Promise.all(queues.map((queue) => boss.offWork(queue, { wait: true })))
    },
  }
}

interface Working<Data extends object> {
  boss: PgBoss
  handler: JobHandler<Data>
  /** The names of all lanes. */
  lanes: Set<string>
  isStopping: boolean
}

/** Workers of a queue that take jobs in the same way. */
interface Lane {
  workers: number
  batchSize: number
  /** Whether it has one job of a group at a time. */
  isShared: boolean
}

function lanesOf(concurrency: number): Lane[] {
  const singles = { workers: Math.min(SINGLE_PLACES, concurrency), batchSize: 1, isShared: true }
  const places = concurrency - singles.workers
  if (places === 0) return [singles]
  const batchSize = Math.max(1, Math.floor(places / BATCHES))
  return [{ workers: Math.floor(places / batchSize), batchSize, isShared: false }, singles]
}

/** Answers the name of the lane. */
async function startLane<Data extends object>(
  working: Working<Data>,
  queue: string,
  { workers, batchSize, isShared }: Lane,
): Promise<string> {
  const { boss, handler, lanes } = working
  const options = {
    pollingIntervalSeconds: POLL_SECONDS,
    notifyPollingIntervalSeconds: IDLE_POLL_SECONDS,
    ...{ batchSize, perJobResults: true as const, localConcurrency: workers },
    ...(isShared ? { localGroupConcurrency: 1 } : {}),
  }
  let name: string | null = null
  name = await boss.work<Data>(queue, options, async (jobs) => {
    // Where a batch is full there may be more: another worker has a look.
    if (name !== null && !isShared && jobs.length === batchSize) wakeIdle(boss, name)
    const places = lendPlaces(working, queue, jobs.length)
    try {
      return await Promise.all(
        jobs.map((job) => resultOf(job, handler).finally(() => places.release())),
      )
    } finally {
      places.takeBack()
      if (name !== null) wakeBusy(boss, name)
    }
  })
  lanes.add(name)
  return name
}

/** The places of a batch, which others get one by one as soon as it turns out to be slow. */
function lendPlaces<Data extends object>(
  working: Working<Data>,
  queue: string,
  taken: number,
): { release(): void; takeBack(): void } {
  const lent: Promise<string | null>[] = []
  let [free, busy, isSlow] = [0, taken, false]
  const lend = () => {
    if (isSlow && !working.isStopping && free > 0 && busy > 0) {
      const lane = { workers: free, batchSize: 1, isShared: false }
      // A queue that is being closed takes no more workers.
      lent.push(startLane(working, queue, lane).catch(() => null))
      free = 0
    }
  }
  const timer = setTimeout(() => {
    isSlow = true
    lend()
  }, SLOW_BATCH_MS)
  return {
    release() {
      free += 1
      busy -= 1
      lend()
    },
    takeBack() {
      clearTimeout(timer)
      for (const lane of lent) void endLane(working, queue, lane)
    },
  }
}

// What its workers have in hand, they finish.
async function endLane<Data extends object>(
  { boss, lanes }: Working<Data>,
  queue: string,
  started: Promise<string | null>,
): Promise<void> {
  const name = await started
  if (name === null) return
  lanes.delete(name)
  await boss.offWork(queue, { id: name, wait: false })
}

// Of each job by itself: one that fails takes no other of its batch with it.
async function resultOf<Data extends object>(
  job: Job<Data>,
  handler: JobHandler<Data>,
): Promise<JobResult> {
  try {
    await handler(job)
    return { id: job.id, status: 'completed' }
  } catch (error) {
    return { id: job.id, status: 'failed', output: { message: String(error) } }
  }
}

function wakeIdle(boss: PgBoss, lane: string): void {
  const idle = boss.getWipData().find((each) => each.workId === lane && each.count === 0)
  if (idle) boss.notifyWorker(idle.id)
}

// Whoever is at work looks again once it is done, instead of waiting for the next poll.
function wakeBusy(boss: PgBoss, lane: string): void {
  const busy = boss.getWipData().filter((each) => each.workId === lane && each.count > 0)
  for (const worker of busy) boss.notifyWorker(worker.id)
}
