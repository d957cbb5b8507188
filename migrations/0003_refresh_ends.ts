import { type Kysely, sql } from 'kysely'

/** Finds the refreshes that have ended since somebody last looked. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index refresh_ended on refresh (workspace_id, finished_at)
    where finished_at is not null`.execute(db)
}
