import { type Selectable, sql } from 'kysely'
import type { Page, PageRequest } from '../domain/page.ts'
import type { Refresh } from '../domain/refresh.ts'
import type { Db } from './connect.ts'
import { keysetPages, OWNER_ID } from './keyset.ts'
import { mapPages } from './pages.ts'
import { anyOf, insertRows } from './rows.ts'
import type { Database } from './schema.ts'

/** A wish for a refresh, before a worker takes it. */
export type NewRefresh = Pick<
  Refresh,
  'id' | 'accountId' | 'origin' | 'publicationIds' | 'requestedAt'
>

/** How a refresh ended. Counts of calls add to those that earlier attempts made. */
export interface RefreshEnd
  extends Pick<Refresh, 'updated' | 'failed' | 'upstreamCalls' | 'errorMessage'> {
  status: 'succeeded' | 'partial' | 'failed'
  finishedAt: Date
}

const NEWEST_FIRST = {
  value: 'refresh.requested_at',
  id: 'refresh.id',
  kind: 'instant',
  nullable: false,
  direction: 'desc',
} as const

/** The workspace's refreshes among these ids. */
export async function refreshesByIds(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
): Promise<Refresh[]> {
  const rows = await refreshesOf(db, workspaceId).where('id', '=', anyOf(ids)).execute()
  return rows.map(toRefresh)
}

/** One page of each of these accounts' refreshes, newest first, by account. */
export async function refreshPagesOfAccounts(
  db: Db,
  workspaceId: string,
  accountIds: readonly string[],
  page: PageRequest,
): Promise<Map<string, Page<Refresh>>> {
  const query = refreshesOf(db, workspaceId).where('refresh.account_id', '=', OWNER_ID)
  const pages = await keysetPages(db, { query, keyset: NEWEST_FIRST }, page, accountIds)
  return mapPages(pages, toRefresh)
}

/** How many refreshes each of these accounts has had, active ones included. */
export async function refreshCountsOfAccounts(
  db: Db,
  workspaceId: string,
  accountIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('refresh')
    .select(['account_id', sql<number>`count(*)`.as('count')])
    .where('workspace_id', '=', workspaceId)
    .where('account_id', '=', anyOf(accountIds))
    .groupBy('account_id')
    .execute()
  return new Map(rows.map(({ account_id, count }) => [account_id, count]))
}

/** An account's queued or running refresh, locked until the transaction ends; null: none is. */
export async function activeRefresh(
  db: Db,
  workspaceId: string,
  accountId: string,
): Promise<Refresh | null> {
  const row = await refreshesOf(db, workspaceId)
    .where('account_id', '=', accountId)
    .where('status', 'in', ['queued', 'running'])
    .forUpdate()
    .executeTakeFirst()
  return row ? toRefresh(row) : null
}

/** Queues a refresh. Null when the account has an active one, however close the two came. */
export async function insertRefresh(
  db: Db,
  workspaceId: string,
  wish: NewRefresh,
): Promise<Refresh | null> {
  const cells = {
    workspace_id: workspaceId,
    id: wish.id,
    account_id: wish.accountId,
    status: 'queued',
    origin: wish.origin,
    publication_ids: wish.publicationIds,
    requested_at: wish.requestedAt,
  }
  const { rows } = await sql<Selectable<Database['refresh']>>`
    ${insertRows('refresh', [cells])}
    on conflict (workspace_id, account_id) where status in ('queued', 'running') do nothing
    returning *`.execute(db)
  return rows[0] ? toRefresh(rows[0]) : null
}

/** Adds publications to an active refresh; null makes it one of everything. Null: not active. */
export async function widenRefresh(
  db: Db,
  workspaceId: string,
  id: string,
  publicationIds: readonly string[] | null,
): Promise<Refresh | null> {
  const added = sql`${publicationIds}::text[]`
  const row = await updateActive(db, workspaceId, id)
    .set({
      publication_ids: sql<string[] | null>`
        case when publication_ids is not null and ${added} is not null
        then array(select distinct unnest(publication_ids || ${added}) order by 1) end`,
    })
    .returningAll()
    .executeTakeFirst()
  return row ? toRefresh(row) : null
}

/** A worker begins, or begins again after another was killed. Null: it is not active any more. */
export async function startRefresh(
  db: Db,
  workspaceId: string,
  id: string,
  startedAt: Date,
): Promise<Refresh | null> {
  const row = await updateActive(db, workspaceId, id)
    .set({ status: 'running', started_at: startedAt })
    .returningAll()
    .executeTakeFirst()
  return row ? toRefresh(row) : null
}

/** How far a refresh has come that goes back into the queue. Calls add to the earlier ones. */
export type RefreshProgress = Pick<
  Refresh,
  'publicationIds' | 'updated' | 'failed' | 'upstreamCalls' | 'errorMessage'
>

/** Puts an active refresh back into the queue, for what is left to read. Null: not active. */
export async function requeueRefresh(
  db: Db,
  workspaceId: string,
  id: string,
  progress: RefreshProgress,
): Promise<Refresh | null> {
  const row = await updateActive(db, workspaceId, id)
    .set((eb) => ({
      status: 'queued',
      publication_ids: progress.publicationIds,
      updated: progress.updated,
      failed: progress.failed,
      upstream_calls: eb('upstream_calls', '+', progress.upstreamCalls),
      error_message: progress.errorMessage,
    }))
    .returningAll()
    .executeTakeFirst()
  return row ? toRefresh(row) : null
}

/** Ends an active refresh. Null: it had ended before, and stays as it was. */
export async function finishRefresh(
  db: Db,
  workspaceId: string,
  id: string,
  end: RefreshEnd,
): Promise<Refresh | null> {
  const row = await updateActive(db, workspaceId, id)
    .set((eb) => ({
      status: end.status,
      finished_at: end.finishedAt,
      updated: end.updated,
      failed: end.failed,
      upstream_calls: eb('upstream_calls', '+', end.upstreamCalls),
      error_message: end.errorMessage,
    }))
    .returningAll()
    .executeTakeFirst()
  return row ? toRefresh(row) : null
}

function refreshesOf(db: Db, workspaceId: string) {
  return db.selectFrom('refresh').selectAll().where('workspace_id', '=', workspaceId)
}

function updateActive(db: Db, workspaceId: string, id: string) {
  return db
    .updateTable('refresh')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where('status', 'in', ['queued', 'running'])
}

function toRefresh(row: Selectable<Database['refresh']>): Refresh {
  return {
    workspaceId: row.workspace_id,
    id: row.id,
    accountId: row.account_id,
    status: row.status,
    origin: row.origin,
    publicationIds: row.publication_ids,
    requestedAt: row.requested_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    updated: row.updated,
    failed: row.failed,
    upstreamCalls: row.upstream_calls,
    errorMessage: row.error_message,
  }
}
