import { sql } from 'kysely'
import type { Db } from './connect.ts'

/** Refreshes that are wished for, and how many a workspace has in the month, as `YYYY-MM-01`. */
export interface UnitsWished {
  month: string
  units: number
  limit: number
}

/**
 * Takes units of a month's quota, all of them or none, and answers whether it did. Others that take
 * some wait until the transaction ends, so that all together never take more than the limit.
 */
export async function takeUnits(
  db: Db,
  workspaceId: string,
  { month, units, limit }: UnitsWished,
): Promise<boolean> {
  const { rows } = await sql`
    insert into refresh_usage (workspace_id, month, used)
    select ${workspaceId}, ${month}::date, ${units}::integer
    where ${units}::integer <= ${limit}::integer
    on conflict (workspace_id, month) do update set used = refresh_usage.used + excluded.used
    where refresh_usage.used + excluded.used <= ${limit}::integer
    returning used`.execute(db)
  return rows.length === 1
}

/** How many units of each of these months' quotas are used; a month without any is left out. */
export async function usedInMonths(
  db: Db,
  workspaceId: string,
  months: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('refresh_usage')
    .select([sql<string>`to_char(month, 'YYYY-MM-DD')`.as('month'), 'used'])
    .where('workspace_id', '=', workspaceId)
    .where('month', '=', sql<string>`any(${months}::date[])`)
    .execute()
  return new Map(rows.map(({ month, used }) => [month, used]))
}
