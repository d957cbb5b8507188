import { sql } from 'kysely'
import type { Db } from './connect.ts'
import { JOBS_SCHEMA, type RefreshJob } from './jobs.ts'

const LOCK = 7_331_205

/**
 * Active refreshes of every workspace that no job stands for, oldest first, at most `limit`. Call
 * it in a transaction that gives them one: until it ends, nobody else is told of them.
 */
export async function lostRefreshes(
  db: Db,
  limit: number,
): Promise<Pick<RefreshJob, 'workspaceId' | 'refreshId' | 'accountId' | 'platform'>[]> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(db)
  const rows = await db
    .selectFrom('refresh')
    .innerJoin('account', (join) =>
      join
        .onRef('account.workspace_id', '=', 'refresh.workspace_id')
        .onRef('account.id', '=', 'refresh.account_id'),
    )
    .select(['refresh.workspace_id', 'refresh.id', 'refresh.account_id', 'account.platform'])
    .where('refresh.status', 'in', ['queued', 'running'])
    .where(
      sql<boolean>`not exists (select from ${sql.table(`${JOBS_SCHEMA}.job`)} as job
        where job.state < 'completed'
          and job.data ->> 'workspaceId' = refresh.workspace_id
          and job.data ->> 'refreshId' = refresh.id)`,
    )
    .orderBy('refresh.requested_at')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    workspaceId: row.workspace_id,
    refreshId: row.id,
    accountId: row.account_id,
    platform: row.platform,
  }))
}
