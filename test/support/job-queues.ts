import type { Store } from '../../src/store/connect.ts'
import { openJobs } from '../../src/store/jobs.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }

/** Makes the job queues in a database that others are copied from: to make them takes a while. */
export async function prepareJobs(store: Store): Promise<void> {
  const jobs = await openJobs(store, { now: () => new Date(), log: silent, supervise: false })
  await jobs.stop()
}
