import { availableParallelism, cpus } from 'node:os'
import { sql } from 'kysely'
import type { Store } from '../src/store/connect.ts'

/** What was measured on, in words for a report. */
export async function machineOf({ db }: Pick<Store, 'db'>): Promise<string> {
  const { rows } = await sql<{ server_version: string }>`show server_version`.execute(db)
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const cores = availableParallelism()
  return `${cores} cores (${model}), Node ${process.versions.node}, PostgreSQL ${rows[0]?.server_version}`
}
