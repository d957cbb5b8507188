import { readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { openJobs } from '../store/jobs.ts'
import { migrateToLatest } from '../store/migrate.ts'
import { ensureUpcomingPartitions } from '../store/partitions.ts'
import { openDatabase } from './database.ts'
import type { Terminal } from './terminal.ts'

/** Brings the database to the newest schema, the job queues' included. */
export async function migrate(terminal: Terminal): Promise<void> {
  const config = readConfig(terminal.environment)
  const log = createLog(config.logLevel, terminal.report)
  const store = await openDatabase(config, { log })
  try {
    const done = await migrateToLatest(store)
    await ensureUpcomingPartitions(store.db, terminal.now())
    // Opening the queues makes their tables.
    const jobs = await openJobs(store, { now: terminal.now, log, supervise: false })
    await jobs.stop()
    terminal.report(done.length === 0 ? 'The database is up to date.' : `Done: ${done.join(', ')}.`)
  } finally {
    await store.close()
  }
}
