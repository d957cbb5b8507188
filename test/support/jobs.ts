import { sql } from 'kysely'
import type { Store } from '../../src/store/connect.ts'

/** Loses every job, as a queue does with those that waited for too long. */
export async function deleteJobs({ db }: Store): Promise<void> {
  await sql`delete from weir_jobs.job`.execute(db)
}

/** How many jobs there are, in whatever state. */
export async function jobCount({ db }: Store): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from weir_jobs.job`.execute(db)
  return Number(rows[0]?.count)
}
