import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // Up to when the snapshots of a workspace are one a day; null: they never were. While they are
  // being thinned, thinned_from tells where that began, so that one that broke off begins again.
  'alter table workspace add column snapshots_daily_until timestamptz(3)',
  'alter table workspace add column snapshots_thinned_from timestamptz(3)',
]

/** What keeping fewer snapshots needs to know. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
