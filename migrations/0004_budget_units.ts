import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // What calls of the day used up of a limit whose rest the platform does not tell, in its measure.
  'alter table upstream_budget add column units integer not null default 0',
  // An application's limit is one for all workspaces.
  `create index upstream_budget_counted on upstream_budget (platform, day)
    where account_id = '' and units > 0`,
]

/** What counting units of a platform's quota needs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
