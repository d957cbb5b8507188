import { type Selectable, sql } from 'kysely'
import type { RefreshStep } from '../domain/notice.ts'
import type { Db } from './connect.ts'
import { toRefresh } from './refresh-rows.ts'
import type { Database } from './schema.ts'

/** Whose refreshes are looked at, and how far back. */
export interface RecentRefreshes {
  /** Null: those of all accounts. */
  accountId: string | null
  /** Ended refreshes before this are left out. */
  endedSince: Date
  limit: number
}

type Row = Selectable<Database['refresh']> & { data_version: number }

/**
 * The refreshes that are active or have ended lately, oldest first, the newest `limit` of them, and
 * the workspace's version: exactly the steps up to that version are in them.
 */
export async function recentRefreshes(
  db: Db,
  workspaceId: string,
  { accountId, endedSince, limit }: RecentRefreshes,
): Promise<{ version: number; refreshes: RefreshStep[] }> {
  const own = sql`select * from refresh where workspace_id = ${workspaceId}
    and (${accountId}::text is null or account_id = ${accountId})`
  const { rows } = await sql<Row>`
    select workspace.data_version, recent.*
    from workspace left join (
      select * from (
        ${own} and status in ('queued', 'running')
        union all ${own} and finished_at >= ${endedSince}
      ) as both_kinds
      order by requested_at desc, id desc limit ${limit}
    ) as recent on true
    where workspace.workspace_id = ${workspaceId}
    order by recent.requested_at, recent.id`.execute(db)
  const found = rows.filter(({ id }) => id !== null)
  return { version: rows[0]?.data_version ?? 0, refreshes: found.map(toStep) }
}

function toStep(row: Row): RefreshStep {
  const { publicationIds, ...step } = toRefresh(row)
  return step
}
