import { sql } from 'kysely'
import type { JsonObject } from '../domain/json.ts'
import type { Db } from './connect.ts'
import { toJsonText } from './rows.ts'

/** An operation that a caller may repeat under a key of its own. */
export interface IdempotencyKey {
  operation: string
  key: string
}

/** What the operation answered, and how long that is remembered. */
export interface RememberedAnswer extends IdempotencyKey {
  answer: JsonObject
  createdAt: Date
  expiresAt: Date
}

/**
 * Remembers an answer, and answers whether it did: while an earlier one of the same key lasts,
 * that one stays. In a transaction, one of the same key in another waits for it to end.
 */
export async function rememberAnswer(
  db: Db,
  workspaceId: string,
  remembered: RememberedAnswer,
): Promise<boolean> {
  const written = await db
    .insertInto('idempotency')
    .values({
      workspace_id: workspaceId,
      operation: remembered.operation,
      key: remembered.key,
      answer: toJsonText(remembered.answer),
      created_at: remembered.createdAt,
      expires_at: remembered.expiresAt,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['workspace_id', 'operation', 'key'])
        .doUpdateSet((eb) => ({
          answer: eb.ref('excluded.answer'),
          created_at: eb.ref('excluded.created_at'),
          expires_at: eb.ref('excluded.expires_at'),
        }))
        .whereRef('idempotency.expires_at', '<=', 'excluded.created_at'),
    )
    .returning('key')
    .execute()
  return written.length === 1
}

/** The answer that is remembered under a key; null: none is, or it has expired. */
export async function rememberedAnswer(
  db: Db,
  workspaceId: string,
  { operation, key }: IdempotencyKey,
  now: Date,
): Promise<JsonObject | null> {
  // PostgreSQL's text holds no U+0000, so nothing is remembered of a thing that has one in its id.
  if (operation.includes('\0')) return null
  const row = await db
    .selectFrom('idempotency')
    .select('answer')
    .where('workspace_id', '=', workspaceId)
    .where('operation', '=', operation)
    .where('key', '=', key)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row?.answer ?? null
}

/**
 * Deletes answers of all workspaces that have expired, at most `limit` of them; answers how many.
 * Those that another process deletes at the same moment are left to it.
 */
export async function forgetExpiredAnswers(db: Db, now: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    with expired as (
      select workspace_id, operation, key from idempotency
      where expires_at <= ${now} limit ${limit} for update skip locked)
    delete from idempotency using expired
    where idempotency.workspace_id = expired.workspace_id
      and idempotency.operation = expired.operation and idempotency.key = expired.key`.execute(db)
  return Number(numAffectedRows ?? 0)
}
