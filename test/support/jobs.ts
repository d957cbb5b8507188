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

/** The jobs that nobody has taken, the first to be taken first: how urgent, and whether at once. */
export async function waitingJobs({
  db,
}: Store): Promise<{ priority: number; startsLater: boolean }[]> {
  const { rows } = await sql<{ priority: number; startsLater: boolean }>`
    select priority, start_after > now() as "startsLater" from weir_jobs.job
    where state = 'created' order by priority desc, start_after`.execute(db)
  return rows
}
