import { AppError } from '../domain/errors.ts'
import type { Refresh } from '../domain/refresh.ts'
import type { Db } from '../store/connect.ts'
import { forgetExpiredAnswers, rememberAnswer, rememberedAnswer } from '../store/idempotency.ts'
import { refreshesByIds } from '../store/refreshes.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { secondsAfter } from './policy.ts'

const KEY_LENGTH_MAX = 255

// So that no statement deletes for long.
const FORGOTTEN_AT_ONCE_MAX = 1000

/** A wish under the caller's own key, which a repeat has again. */
export interface RepeatableWish<Answer> {
  workspaceId: string
  /** What is wished for, of what: a key counts for this alone. */
  operation: string
  /** Null: the wish is never a repeat. */
  key: string | null
  /** Fulfils the wish, and names the refreshes that a repeat shall get; none: not remembered. */
  fulfil(transaction: Db): Promise<{ answer: Answer; refreshes: Refresh[] }>
  /** Answers a repeat with the refreshes of the first time. */
  repeat(transaction: Db, refreshes: Refresh[]): Promise<Answer | null>
}

/**
 * Fulfils a wish in a transaction, once for each key as long as the key is remembered. Throws
 * `BAD_USER_INPUT` for a text that cannot be a key.
 */
export async function fulfilOnce<Answer>(
  deps: Pick<RefreshDependencies, 'db' | 'now' | 'limits'>,
  wish: RepeatableWish<Answer>,
): Promise<Answer> {
  checkKey(wish.key)
  try {
    return await deps.db.transaction().execute((transaction) => attempt(deps, transaction, wish))
  } catch (error) {
    // The same key came twice at once. The other one has committed: now there is its answer.
    if (!(error instanceof RepeatedWish)) throw error
    return deps.db.transaction().execute((transaction) => attempt(deps, transaction, wish))
  }
}

function checkKey(key: string | null): void {
  if (key === null || (key !== '' && key.length <= KEY_LENGTH_MAX && !key.includes('\0'))) return
  const message = `\`idempotencyKey\` takes 1 to ${KEY_LENGTH_MAX} characters, none of them U+0000.`
  throw new AppError('BAD_USER_INPUT', message, 'idempotencyKey')
}

async function attempt<Answer>(
  deps: Pick<RefreshDependencies, 'now' | 'limits'>,
  transaction: Db,
  wish: RepeatableWish<Answer>,
): Promise<Answer> {
  const { workspaceId, operation, key } = wish
  if (key === null) return (await wish.fulfil(transaction)).answer
  const now = deps.now()
  const earlier = await repeatedAnswer(transaction, wish, key, now)
  if (earlier) return earlier
  const { answer, refreshes } = await wish.fulfil(transaction)
  // While this one waited, the first of the key may have been fulfilled, and more than that.
  if (refreshes.length === 0) {
    return (await repeatedAnswer(transaction, wish, key, now)) ?? answer
  }
  // Whoever else writes this key holds the wish's accounts, or has committed: so nothing is waited
  // for here, although the workspace's row is locked already.
  const isFirst = await rememberAnswer(transaction, workspaceId, {
    ...{ operation, key, answer: { refreshIds: refreshes.map(({ id }) => id) } },
    ...{ createdAt: now, expiresAt: secondsAfter(now, deps.limits.idempotencySeconds) },
  })
  if (!isFirst) throw new RepeatedWish()
  return answer
}

async function repeatedAnswer<Answer>(
  transaction: Db,
  { workspaceId, operation, repeat }: RepeatableWish<Answer>,
  key: string,
  now: Date,
): Promise<Answer | null> {
  const answer = await rememberedAnswer(transaction, workspaceId, { operation, key }, now)
  if (answer === null) return null
  return repeat(transaction, await refreshesByIds(transaction, workspaceId, idsIn(answer)))
}

function idsIn(answer: { refreshIds?: unknown }): string[] {
  return Array.isArray(answer.refreshIds) ? answer.refreshIds.map(String) : []
}

/** Thrown to undo a wish that turned out to be a repeat. */
class RepeatedWish extends Error {
  override readonly name = 'RepeatedWish'
}

/** Forgets the keys of all workspaces whose time is over. */
export async function forgetExpiredWishes({
  db,
  now,
}: Pick<RefreshDependencies, 'db' | 'now'>): Promise<void> {
  for (;;) {
    const forgotten = await forgetExpiredAnswers(db, now(), FORGOTTEN_AT_ONCE_MAX)
    if (forgotten < FORGOTTEN_AT_ONCE_MAX) return
  }
}
