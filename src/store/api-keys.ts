import type { Selectable } from 'kysely'
import type { Db } from './connect.ts'
import type { Database } from './schema.ts'

/** A key for the API. The key itself is nowhere: only its hash is stored. */
export interface ApiKey {
  workspaceId: string
  id: string
  name: string
  /** What people tell keys apart by. */
  firstCharacters: string
  scopes: string[]
  createdAt: Date
  /** Null: it does not expire. */
  expiresAt: Date | null
  /** Null: it is not revoked. */
  revokedAt: Date | null
  /** Null: it was never used. */
  lastUsedAt: Date | null
}

/** A key as it is made. */
export interface NewApiKey extends Omit<ApiKey, 'workspaceId' | 'revokedAt' | 'lastUsedAt'> {
  hash: string
}

/**
 * Stores a key; null when the workspace has one of that id, or a living one of that name, already.
 * A key that has expired by then is revoked as of its end, so that its name is free.
 */
export async function insertApiKey(
  db: Db,
  workspaceId: string,
  key: NewApiKey,
): Promise<ApiKey | null> {
  await db
    .updateTable('api_key')
    .set((eb) => ({ revoked_at: eb.ref('expires_at') }))
    .where('workspace_id', '=', workspaceId)
    .where('name', '=', key.name)
    .where('revoked_at', 'is', null)
    .where('expires_at', '<=', key.createdAt)
    .execute()
  const row = await db
    .insertInto('api_key')
    .values({
      workspace_id: workspaceId,
      id: key.id,
      name: key.name,
      hash: key.hash,
      first_characters: key.firstCharacters,
      scopes: key.scopes,
      created_at: key.createdAt,
      expires_at: key.expiresAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  return row ? toApiKey(row) : null
}

/** The keys with this hash, of whatever workspace, expired and revoked ones included. */
export async function apiKeysByHash(db: Db, hash: string): Promise<(ApiKey & { hash: string })[]> {
  const rows = await db.selectFrom('api_key').selectAll().where('hash', '=', hash).execute()
  return rows.map((row) => ({ ...toApiKey(row), hash: row.hash }))
}

/** The workspace's keys, oldest first; null: every workspace's. */
export async function apiKeysOf(db: Db, workspaceId: string | null): Promise<ApiKey[]> {
  const rows = await db
    .selectFrom('api_key')
    .selectAll()
    .$if(workspaceId !== null, (query) => query.where('workspace_id', '=', workspaceId ?? ''))
    .orderBy('created_at')
    .orderBy('workspace_id')
    .orderBy('id')
    .execute()
  return rows.map(toApiKey)
}

/** Ends a key's use, and answers it; one revoked before keeps its time. Null: no such key. */
export async function revokeApiKey(
  db: Db,
  workspaceId: string,
  id: string,
  revokedAt: Date,
): Promise<ApiKey | null> {
  const row = await db
    .updateTable('api_key')
    .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', eb.val(revokedAt)) }))
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row ? toApiKey(row) : null
}

/** Notes when a key was last used; an earlier time than the one noted changes nothing. */
export async function touchApiKey(
  db: Db,
  workspaceId: string,
  id: string,
  usedAt: Date,
): Promise<void> {
  await db
    .updateTable('api_key')
    .set({ last_used_at: usedAt })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', usedAt)]))
    .execute()
}

function toApiKey(row: Selectable<Database['api_key']>): ApiKey {
  return {
    workspaceId: row.workspace_id,
    id: row.id,
    name: row.name,
    firstCharacters: row.first_characters,
    scopes: row.scopes,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  }
}
