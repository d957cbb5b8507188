import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // When a wish of somebody's was accepted that counts against the workspace's quota and begins the
  // account's cooldown. Null: it counts for nothing, or no longer.
  'alter table refresh add column charged_at timestamptz(3)',
  `create index refresh_charged on refresh (workspace_id, account_id, charged_at)
    where charged_at is not null`,
  // When the schedule reads the row again; null: it does not.
  'alter table account add column due_at timestamptz(3)',
  'alter table publication add column due_at timestamptz(3)',
  // How many answers in a row said that the platform does not show the publication any more.
  'alter table publication add column times_gone integer not null default 0',
  'update account set due_at = coalesce(stale_after, connected_at)',
  'update publication set due_at = coalesce(stale_after, created_at)',
  `create index publication_of_account_by_due_time
    on publication (workspace_id, account_id, due_at) where due_at is not null`,
  // Finds the refreshes that have ended since somebody last looked.
  `create index refresh_ended on refresh (workspace_id, finished_at)
    where finished_at is not null`,
  // What calls of the day used up of a limit whose rest the platform does not tell, in its measure.
  'alter table upstream_budget add column units integer not null default 0',
  // An application's limit is one for all workspaces.
  `create index upstream_budget_counted on upstream_budget (platform, day)
    where account_id = '' and units > 0`,
]

/** What admission, the schedule, whoever follows refreshes, and counted budgets need to know. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
