import { sql } from 'kysely'
import type { Db } from './connect.ts'

/** Which refreshes are forgotten. */
export interface OldRefreshes {
  endedBefore: Date
  /** How many at most. */
  limit: number
}

// The last refresh of an account stays, and the last one that counted: its cooldown is of that one.
const IS_FOLLOWED = sql`
  exists (select from refresh as later
    where later.workspace_id = old.workspace_id and later.account_id = old.account_id
      and (later.requested_at, later.id) > (old.requested_at, old.id))
  and (old.charged_at is null or exists (select from refresh as later
    where later.workspace_id = old.workspace_id and later.account_id = old.account_id
      and later.charged_at > old.charged_at))`

/** How many refreshes of a workspace could be forgotten. */
export async function oldRefreshCount(
  db: Db,
  workspaceId: string,
  endedBefore: Date,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from refresh as old
    where workspace_id = ${workspaceId} and finished_at < ${endedBefore}
      and ${IS_FOLLOWED}`.execute(db)
  return rows[0]?.count ?? 0
}

/**
 * Deletes refreshes of a workspace that ended long ago, and answers how many. What they used of a
 * month's quota is counted elsewhere. Those that somebody has locked are left.
 */
export async function forgetOldRefreshes(
  db: Db,
  workspaceId: string,
  { endedBefore, limit }: OldRefreshes,
): Promise<number> {
  const { numAffectedRows } = await sql`
    with forgotten as (
      select id from refresh as old
      where workspace_id = ${workspaceId} and finished_at < ${endedBefore} and ${IS_FOLLOWED}
      order by finished_at limit ${limit} for update skip locked
    )
    delete from refresh using forgotten
    where refresh.workspace_id = ${workspaceId} and refresh.id = forgotten.id`.execute(db)
  return Number(numAffectedRows ?? 0)
}
