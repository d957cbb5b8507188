import { type OperationNodeSource, type Selectable, sql } from 'kysely'
import type { Page, PageRequest } from '../domain/page.ts'
import type { Refresh } from '../domain/refresh.ts'
import type { Db } from './connect.ts'
import { keysetPages, OWNER_ID } from './keyset.ts'
import { mapPages } from './pages.ts'
import { toRefresh } from './refresh-rows.ts'
import { anyOf, insertRows } from './rows.ts'
import type { Database } from './schema.ts'

/** A wish for a refresh, before a worker takes it. */
export interface NewRefresh
  extends Pick<Refresh, 'id' | 'accountId' | 'origin' | 'publicationIds' | 'requestedAt'> {
  /** When it was charged to the month's quota and to the account's cooldown; null: it is not. */
  chargedAt: Date | null
}

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
  const [active] = await activeRefreshes(db, workspaceId, [accountId])
  return active ?? null
}

/** The same for many accounts; those without one are left out. */
export async function activeRefreshes(
  db: Db,
  workspaceId: string,
  accountIds: readonly string[],
): Promise<Refresh[]> {
  const rows = await refreshesOf(db, workspaceId)
    .where('account_id', '=', anyOf(accountIds))
    .where('status', 'in', ['queued', 'running'])
    .orderBy('account_id')
    .forUpdate()
    .execute()
  return rows.map(toRefresh)
}

/** The refreshes of these accounts that have ended since an instant and brought nothing. */
export async function failedRefreshes(
  db: Db,
  workspaceId: string,
  accountIds: readonly string[],
  since: Date,
): Promise<Refresh[]> {
  if (accountIds.length === 0) return []
  const rows = await refreshesOf(db, workspaceId)
    .where('finished_at', '>', since)
    .where('account_id', '=', anyOf(accountIds))
    .where('status', '=', 'failed')
    .execute()
  return rows.map(toRefresh)
}

/** Queues a refresh. Null when the account has an active one, however close the two came. */
export async function insertRefresh(
  db: Db,
  workspaceId: string,
  wish: NewRefresh,
): Promise<Refresh | null> {
  const [refresh] = await insertRefreshes(db, workspaceId, [wish])
  return refresh ?? null
}

/** The same for many accounts; what could not be queued is left out. */
export async function insertRefreshes(
  db: Db,
  workspaceId: string,
  wishes: readonly NewRefresh[],
): Promise<Refresh[]> {
  const cells = wishes.map((wish) => ({
    workspace_id: workspaceId,
    id: wish.id,
    account_id: wish.accountId,
    status: 'queued',
    origin: wish.origin,
    publication_ids: wish.publicationIds,
    requested_at: wish.requestedAt,
    charged_at: wish.chargedAt,
  }))
  if (cells.length === 0) return []
  const { rows } = await sql<Selectable<Database['refresh']>>`
    ${insertRows('refresh', cells)}
    on conflict (workspace_id, account_id) where status in ('queued', 'running') do nothing
    returning *`.execute(db)
  return rows.map(toRefresh)
}

/**
 * Adds publications to an active refresh, which is of that origin from now on; null makes it one
 * of everything. Null: not active.
 */
export async function widenRefresh(
  db: Db,
  workspaceId: string,
  id: string,
  { publicationIds, origin }: Pick<Refresh, 'publicationIds' | 'origin'>,
): Promise<Refresh | null> {
  const added = sql`${publicationIds}::text[]`
  const row = await updateActive(db, workspaceId, id)
    .set({
      origin,
      publication_ids: sql<string[] | null>`
        case when publication_ids is not null and ${added} is not null
        then array(select distinct unnest(publication_ids || ${added}) order by 1) end`,
    })
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

/**
 * Ends an active refresh. One that brought nothing gives back what it was charged. Null: it had
 * ended before, and stays as it was.
 */
export async function finishRefresh(
  db: Db,
  workspaceId: string,
  id: string,
  end: RefreshEnd,
): Promise<Refresh | null> {
  const isInVain = end.updated === 0
  const ended = updateActive(db, workspaceId, id)
    .set((eb) => ({
      status: end.status,
      finished_at: end.finishedAt,
      updated: end.updated,
      failed: end.failed,
      upstream_calls: eb('upstream_calls', '+', end.upstreamCalls),
      error_message: end.errorMessage,
      ...(isInVain ? { charged_at: null } : {}),
    }))
    .returningAll()
  const row = isInVain ? await endWithoutCharge(db, ended) : await ended.executeTakeFirst()
  return row ? toRefresh(row) : null
}

// Of the two rows of the refresh, `before` is the one that the statement found.
async function endWithoutCharge(
  db: Db,
  ended: OperationNodeSource,
): Promise<Selectable<Database['refresh']> | undefined> {
  const { rows } = await sql<Selectable<Database['refresh']>>`
    with ended as (${ended}),
    returned as (
      update refresh_usage set used = greatest(used - 1, 0)
      from ended join refresh as before
        on before.workspace_id = ended.workspace_id and before.id = ended.id
      where refresh_usage.workspace_id = before.workspace_id
        and refresh_usage.month = date_trunc('month', before.charged_at at time zone 'UTC')::date
    )
    select * from ended`.execute(db)
  return rows[0]
}

/** When the last refresh of each of these accounts that counts was charged, by account. */
export async function lastCharges(
  db: Db,
  workspaceId: string,
  accountIds: readonly string[],
): Promise<Map<string, Date>> {
  const rows = await db
    .selectFrom('refresh')
    .select((eb) => ['account_id', eb.fn.max('charged_at').as('charged_at')])
    .where('workspace_id', '=', workspaceId)
    .where('account_id', '=', anyOf(accountIds))
    .where('charged_at', 'is not', null)
    .groupBy('account_id')
    .execute()
  return new Map(
    rows.flatMap(({ account_id, charged_at }) => (charged_at ? [[account_id, charged_at]] : [])),
  )
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
