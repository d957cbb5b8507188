import { type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import type { Account, AccountFilter } from '../domain/account.ts'
import type { JsonValue } from '../domain/json.ts'
import type { Page, PageRequest } from '../domain/page.ts'
import type { Platform } from '../domain/platform.ts'
import type { Db } from './connect.ts'
import { keysetPage } from './keyset.ts'
import { mapPage } from './pages.ts'
import { anyOf, columnList } from './rows.ts'
import type { AccountTable, Database } from './schema.ts'
import { SYNC_COLUMNS, toSyncState } from './sync-state.ts'

/** The names of every column of an account but its tokens and the payload. */
export const ACCOUNT_COLUMN_NAMES = [
  'workspace_id',
  'id',
  'platform',
  'platform_account_id',
  'handle',
  'display_name',
  'avatar_url',
  'connection_status',
  'scopes',
  'token_expires_at',
  'connected_at',
  'due_at',
  ...SYNC_COLUMNS,
] as const

/** The same columns, to be selected. */
export const ACCOUNT_COLUMNS = columnList(ACCOUNT_COLUMN_NAMES)

/** The account that a row holds. */
export function toAccount(
  row: Pick<Selectable<AccountTable>, (typeof ACCOUNT_COLUMN_NAMES)[number]>,
): Account {
  return {
    ...toSyncState(row),
    workspaceId: row.workspace_id,
    id: row.id,
    platform: row.platform,
    platformAccountId: row.platform_account_id,
    handle: row.handle,
    displayName: row.display_name,
    avatarUrl: row.avatar_url,
    connectionStatus: row.connection_status,
    scopes: row.scopes,
    tokenExpiresAt: row.token_expires_at,
    connectedAt: row.connected_at,
    dueAt: row.due_at,
  }
}

/** The workspace's accounts among these ids. */
export async function accountsByIds(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
): Promise<Account[]> {
  const rows = await db
    .selectFrom('account')
    .select(ACCOUNT_COLUMNS)
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', anyOf(ids))
    .execute()
  return rows.map(toAccount)
}

/**
 * The workspace's accounts among these ids, locked until the transaction ends. Whoever changes what
 * belongs to accounts locks all of them first and at once, so that nobody waits in a circle.
 */
export async function lockedAccounts(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
): Promise<Account[]> {
  const rows = await db
    .selectFrom('account')
    .select(ACCOUNT_COLUMNS)
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', anyOf(ids))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  return rows.map(toAccount)
}

/** The workspace's account with this id of the platform, locked as well; null: it has none. */
export async function accountOnPlatform(
  db: Db,
  workspaceId: string,
  platform: Platform,
  platformAccountId: string,
): Promise<Account | null> {
  const row = await db
    .selectFrom('account')
    .select(ACCOUNT_COLUMNS)
    .where('workspace_id', '=', workspaceId)
    .where('platform', '=', platform)
    .where('platform_account_id', '=', anyOf([platformAccountId]))
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row ? toAccount(row) : null
}

/** One page of the accounts that match, oldest connection first. */
export async function accountPage(
  db: Db,
  workspaceId: string,
  filter: AccountFilter,
  page: PageRequest,
): Promise<Page<Account>> {
  const query = matching(db.selectFrom('account').select(ACCOUNT_COLUMNS), workspaceId, filter)
  const keyset = {
    value: 'account.connected_at',
    id: 'account.id',
    kind: 'instant',
    nullable: false,
    direction: 'asc',
  } as const
  return mapPage(await keysetPage(db, { query, keyset }, page), toAccount)
}

/** How many accounts match. */
export async function accountCount(
  db: Db,
  workspaceId: string,
  filter: AccountFilter,
): Promise<number> {
  const count = db.selectFrom('account').select(sql<number>`count(*)`.as('count'))
  return (await matching(count, workspaceId, filter).executeTakeFirstOrThrow()).count
}

/** The platforms' own answers by account id; an account that has none is left out. */
export async function accountPayloads(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
): Promise<Map<string, JsonValue>> {
  const rows = await db
    .selectFrom('account')
    .select(['id', 'payload'])
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', anyOf(ids))
    .where('payload', 'is not', null)
    .execute()
  return new Map(rows.map(({ id, payload }) => [id, payload]))
}

function matching<Found>(
  query: SelectQueryBuilder<Database, 'account', Found>,
  workspaceId: string,
  { platform, connection }: AccountFilter,
): SelectQueryBuilder<Database, 'account', Found> {
  let matched = query.where('account.workspace_id', '=', workspaceId)
  if (platform) matched = matched.where('account.platform', '=', platform)
  if (connection) matched = matched.where('account.connection_status', '=', connection)
  return matched
}
