import type { Account } from '../domain/account.ts'
import type { Refresh, RefreshOrigin } from '../domain/refresh.ts'
import type { Db } from '../store/connect.ts'
import { activeRefresh, insertRefresh, widenRefresh } from '../store/refreshes.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { isWider } from './planner.ts'

// Each time, another wish came in between and was done before we looked again.
const RACES_MAX = 10

/** Who wishes for what of an account. */
export interface Wish {
  account: Pick<Account, 'workspaceId' | 'id' | 'platform'>
  origin: RefreshOrigin
  /** Null: the account with everything it has, and discovery. */
  publicationIds: string[] | null
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
  const { workspaceId, id: accountId } = wish.account
  for (let races = 0; races < RACES_MAX; races += 1) {
    const active = await activeRefresh(transaction, workspaceId, accountId)
    const joined = active && (await joinRefresh(transaction, active, wish))
    const refresh = joined ?? (active ? null : await startedRefresh(deps, transaction, wish))
    if (refresh) return refresh
  }
  throw new Error(`The refresh of account ${accountId} could not be queued.`)
}

/** An active refresh, made to cover a wish as well. Null: it has ended meanwhile. */
export async function joinRefresh(
  transaction: Db,
  active: Refresh,
  wish: Pick<Wish, 'publicationIds'>,
): Promise<Refresh | null> {
  if (!isWider(wish, active)) return active
  return widenRefresh(transaction, active.workspaceId, active.id, wish.publicationIds)
}

async function startedRefresh(
  deps: Pick<RefreshDependencies, 'jobs' | 'newId' | 'now'>,
  transaction: Db,
  { account, origin, publicationIds }: Wish,
): Promise<Refresh | null> {
  const { workspaceId, id: accountId, platform } = account
  const refresh = await insertRefresh(transaction, workspaceId, {
    id: deps.newId(),
    accountId,
    origin,
    publicationIds,
    requestedAt: deps.now(),
  })
  if (refresh === null) return null
  await deps.jobs.enqueueRefresh(transaction, {
    workspaceId,
    refreshId: refresh.id,
    accountId,
    platform,
    attempt: 1,
    startAfter: null,
  })
  return refresh
}
