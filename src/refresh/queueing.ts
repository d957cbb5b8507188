import type { Account } from '../domain/account.ts'
import type { Refresh, RefreshOrigin } from '../domain/refresh.ts'
import type { Db } from '../store/connect.ts'
import { activeRefresh, insertRefresh, widenRefresh } from '../store/refreshes.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { isWider, readsAccountAlone, takesOver } from './planner.ts'
import { accountHeldUntil } from './waiting.ts'

// Each time, another wish came in between and was done before we looked again.
const RACES_MAX = 10

/** Who wishes for what of an account. */
export interface Wish {
  account: Pick<Account, 'workspaceId' | 'id' | 'platform'>
  origin: RefreshOrigin
  /** Null: the account with everything it has, and discovery. Empty: its own numbers alone. */
  publicationIds: string[] | null
}

/** A refresh that covers a wish. */
export interface QueuedRefresh {
  refresh: Refresh
  /** Whether it is there for this wish alone; else the wish joined it. */
  isNew: boolean
}

/**
 * The account's active refresh, made to cover the wish, or a new one with its job. Belongs in a
 * transaction that has locked the account.
 */
export async function queueRefresh(
  deps: Pick<RefreshDependencies, 'jobs' | 'newId' | 'now'>,
  transaction: Db,
  wish: Wish,
): Promise<Refresh> {
  const { refresh, isNew } = await joinOrInsert(deps, transaction, { ...wish, chargedAt: null })
  if (isNew) await queueJob(deps, transaction, wish, refresh)
  return refresh
}

/** The same without the job; `chargedAt` is what a new refresh is charged, if it is. */
export async function joinOrInsert(
  deps: Pick<RefreshDependencies, 'jobs' | 'newId' | 'now'>,
  transaction: Db,
  wish: Wish & { chargedAt: Date | null },
): Promise<QueuedRefresh> {
  const { workspaceId, id: accountId } = wish.account
  for (let races = 0; races < RACES_MAX; races += 1) {
    const active = await activeRefresh(transaction, workspaceId, accountId)
    const joined = active && (await joinRefresh(deps, transaction, active, wish))
    if (joined) return { refresh: joined, isNew: false }
    const { origin, publicationIds, chargedAt } = wish
    const refresh = await insertRefresh(transaction, workspaceId, {
      ...{ id: deps.newId(), accountId, origin, publicationIds, chargedAt },
      requestedAt: chargedAt ?? deps.now(),
    })
    if (refresh) return { refresh, isNew: true }
  }
  throw new Error(`The refresh of account ${accountId} could not be queued.`)
}

/** An active refresh, made to cover a wish as well. Null: it has ended meanwhile. */
export async function joinRefresh(
  deps: Pick<RefreshDependencies, 'jobs' | 'now'>,
  transaction: Db,
  active: Refresh,
  wish: Wish,
): Promise<Refresh | null> {
  if (!isWider(wish, active)) return active
  const isTakenOver = takesOver(wish, active)
  if (isTakenOver) await hastenJob(deps, transaction, active, wish)
  // The account's own numbers and single publications together are named by nothing but the whole.
  const isMixed = readsAccountAlone(wish) !== readsAccountAlone(active)
  return widenRefresh(transaction, active.workspaceId, active.id, {
    publicationIds: isMixed ? null : wish.publicationIds,
    origin: isTakenOver ? wish.origin : active.origin,
  })
}

// The schedule's refreshes go after all others, and leave others a part of each budget.
async function hastenJob(
  { jobs, now }: Pick<RefreshDependencies, 'jobs' | 'now'>,
  transaction: Db,
  { workspaceId, id: refreshId, origin }: Refresh,
  { account, origin: wished }: Wish,
): Promise<void> {
  const heldUntil = (by: RefreshOrigin) => accountHeldUntil({ db: transaction, now }, account, by)
  const atOnce = (await heldUntil(origin)) !== null && (await heldUntil(wished)) === null
  const job = { workspaceId, refreshId, platform: account.platform }
  await jobs.hasten(transaction, job, { atOnce })
}

/** Queues the job that works a new refresh off. */
export async function queueJob(
  { jobs }: Pick<RefreshDependencies, 'jobs'>,
  transaction: Db,
  { account: { workspaceId, id: accountId, platform } }: Pick<Wish, 'account'>,
  { id: refreshId }: Pick<Refresh, 'id'>,
): Promise<void> {
  const job = { workspaceId, refreshId, accountId, platform }
  await jobs.enqueueRefresh(transaction, { ...job, attempt: 1, startAfter: null })
}
