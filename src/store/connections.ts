import { type Selectable, sql } from 'kysely'
import type { Account } from '../domain/account.ts'
import type { Profile } from '../domain/connector.ts'
import type { ConnectionStatus } from '../domain/sync.ts'
import { ACCOUNT_COLUMN_NAMES, ACCOUNT_COLUMNS, toAccount } from './accounts.ts'
import type { Db } from './connect.ts'
import { insertRows, type Row, rowSet } from './rows.ts'
import type { AccountTable } from './schema.ts'
import { replacedWhenGiven, type SyncOutcome, syncAssignments, syncCells } from './sync-state.ts'
import { type WriteTarget, write } from './writes.ts'

const LOCK = 7_331_206

/** An account as somebody connects it. Tokens are sealed texts. */
export interface NewConnection
  extends Pick<
    Account,
    | 'id'
    | 'platform'
    | 'platformAccountId'
    | 'handle'
    | 'displayName'
    | 'avatarUrl'
    | 'scopes'
    | 'connectedAt'
  > {
  accessToken: string
  refreshToken: string | null
  tokenExpiresAt: Date | null
}

/** An account's tokens as they are stored. */
export interface SealedTokens {
  accessToken: string
  refreshToken: string | null
  expiresAt: Date | null
}

/** The columns of an account's tokens. */
export const TOKEN_COLUMNS = ['access_token_sealed', 'refresh_token_sealed'] as const

/** New tokens. Null keeps the refresh token or the scopes that there are. */
export interface NewTokens extends SealedTokens {
  scopes: string[] | null
  /** The sealed access token that they are to replace; left out: whatever there is. */
  replaces?: string
}

/** How a refresh of an account ended. */
export interface AccountSyncOutcome extends Omit<SyncOutcome, 'id'> {
  /** What the platform says of the account; null, or null in a field, keeps what there is. */
  profile: Profile | null
  /** Null: the connection stays as it is. */
  connectionStatus: ConnectionStatus | null
  /** When the schedule reads it again; null or left out: as before. */
  dueAt?: Date | null
}

/**
 * Lets nobody else connect an account to the workspace until the transaction ends: an account that
 * is not there yet has no row to lock.
 */
export async function lockConnections(db: Db, workspaceId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)}, hashtext(${workspaceId}))`.execute(db)
}

/**
 * Connects an account. One that the workspace already has on the platform keeps its id, its
 * numbers and whatever the new connection leaves out, and is connected again. Either is due at once.
 */
export async function upsertConnection(
  db: Db,
  workspaceId: string,
  connection: NewConnection,
): Promise<Account> {
  const { rows } = await sql<Parameters<typeof toAccount>[0]>`
    ${insertRows('account', [connectionCells(workspaceId, connection)])}
    on conflict (workspace_id, platform, platform_account_id) do update set
      handle = coalesce(excluded.handle, account.handle),
      display_name = coalesce(excluded.display_name, account.display_name),
      avatar_url = coalesce(excluded.avatar_url, account.avatar_url),
      scopes = excluded.scopes,
      access_token_sealed = excluded.access_token_sealed,
      refresh_token_sealed = excluded.refresh_token_sealed,
      token_expires_at = excluded.token_expires_at,
      connection_status = excluded.connection_status,
      connected_at = excluded.connected_at,
      due_at = excluded.due_at,
      sync_status = case when account.sync_status = 'requires_reconnect'
        then 'pending' else account.sync_status end,
      error_message = case when account.sync_status = 'requires_reconnect'
        then null else account.error_message end
    returning ${sql.join(ACCOUNT_COLUMN_NAMES.map((column) => sql.ref(`account.${column}`)))}
  `.execute(db)
  const [row] = rows
  if (!row) throw new Error('The account was neither connected nor connected again.')
  return toAccount(row)
}

/** Ends an account's connection and forgets its tokens; its numbers stay. Null: no such account. */
export async function disconnect(db: Db, workspaceId: string, id: string): Promise<Account | null> {
  const row = await db
    .updateTable('account')
    .set({
      connection_status: 'disconnected',
      access_token_sealed: null,
      refresh_token_sealed: null,
      token_expires_at: null,
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returning(ACCOUNT_COLUMNS)
    .executeTakeFirst()
  return row ? toAccount(row) : null
}

/** An account's tokens; null when it has none. */
export async function sealedTokens(
  db: Db,
  workspaceId: string,
  id: string,
): Promise<SealedTokens | null> {
  const row = await db
    .selectFrom('account')
    .select([...TOKEN_COLUMNS, 'token_expires_at'])
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toSealedTokens(row) : null
}

/** The tokens in an account's row; null when it has none. */
export function toSealedTokens(
  row: Pick<Selectable<AccountTable>, (typeof TOKEN_COLUMNS)[number] | 'token_expires_at'>,
): SealedTokens | null {
  if (row.access_token_sealed === null) return null
  return {
    accessToken: row.access_token_sealed,
    refreshToken: row.refresh_token_sealed,
    expiresAt: row.token_expires_at,
  }
}

/**
 * Stores tokens, and answers whether it did: not when those that they replace are gone, because
 * somebody disconnected the account or connected it again.
 */
export async function storeTokens(
  db: Db,
  workspaceId: string,
  id: string,
  { replaces, ...tokens }: NewTokens,
): Promise<boolean> {
  const stored = await db
    .updateTable('account')
    .set({
      access_token_sealed: tokens.accessToken,
      token_expires_at: tokens.expiresAt,
      ...(tokens.refreshToken === null ? {} : { refresh_token_sealed: tokens.refreshToken }),
      ...(tokens.scopes === null ? {} : { scopes: tokens.scopes }),
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .$if(replaces !== undefined, (query) =>
      query.where('access_token_sealed', '=', replaces ?? null),
    )
    .returning('id')
    .execute()
  return stored.length === 1
}

/**
 * Takes the right to renew an account's tokens, until an instant or until it is given back, and
 * answers whether nobody else has it. A holder that died loses it by time.
 */
export async function claimTokenRenewal(
  db: Db,
  workspaceId: string,
  id: string,
  lease: { now: Date; until: Date },
): Promise<boolean> {
  const claimed = await db
    .updateTable('account')
    .set({ token_renewal_until: lease.until })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where((eb) =>
      eb.or([eb('token_renewal_until', 'is', null), eb('token_renewal_until', '<=', lease.now)]),
    )
    .returning('id')
    .execute()
  return claimed.length === 1
}

/** Gives the right to renew an account's tokens back. */
export async function releaseTokenRenewal(db: Db, workspaceId: string, id: string): Promise<void> {
  await db
    .updateTable('account')
    .set({ token_renewal_until: null })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute()
}

/** Stores how a refresh ended for an account. */
export async function storeAccountOutcome(
  to: WriteTarget,
  workspaceId: string,
  id: string,
  outcome: AccountSyncOutcome,
): Promise<void> {
  const cells = {
    ...syncCells({ ...outcome, id }),
    handle: outcome.profile?.handle,
    display_name: outcome.profile?.displayName,
    avatar_url: outcome.profile?.avatarUrl,
    connection_status: outcome.connectionStatus,
    due_at: outcome.dueAt,
  }
  const others = ['handle', 'display_name', 'avatar_url', 'connection_status', 'due_at']
  await write(
    to,
    sql`update account as kept
      set ${sql.join([...syncAssignments(), ...others.map(replacedWhenGiven)])}
      from ${rowSet('account', [cells])} as given
      where kept.workspace_id = ${workspaceId} and kept.id = given.id`,
  )
}

/** A new connection as the columns of its account. */
export function connectionCells(workspaceId: string, connection: NewConnection): Row<'account'> {
  return {
    workspace_id: workspaceId,
    id: connection.id,
    platform: connection.platform,
    platform_account_id: connection.platformAccountId,
    handle: connection.handle,
    display_name: connection.displayName,
    avatar_url: connection.avatarUrl,
    connection_status: 'connected',
    scopes: connection.scopes,
    access_token_sealed: connection.accessToken,
    refresh_token_sealed: connection.refreshToken,
    token_expires_at: connection.tokenExpiresAt,
    connected_at: connection.connectedAt,
    due_at: connection.connectedAt,
  }
}
