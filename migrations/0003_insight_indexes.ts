import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // An account's most viewed, however many accounts a workspace has and however much they published.
  // In the order of its other numbers an account's publications are sorted when they are read.
  `create index publication_of_account_by_views
    on publication (workspace_id, account_id, views, id)`,
]

/** What reads of large workspaces need. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
