import type { Account } from '../domain/account.ts'
import type { Post } from '../domain/post.ts'
import type { Publication } from '../domain/publication.ts'
import type { Refresh } from '../domain/refresh.ts'
import { lockedAccounts } from '../store/accounts.ts'
import type { Db } from '../store/connect.ts'
import { postsByIds } from '../store/posts.ts'
import { hasStalePublication, publicationsOfPosts } from '../store/publications.ts'
import { activeRefresh } from '../store/refreshes.ts'
import {
  type Admission,
  coolingAccounts,
  coolingDown,
  type Delay,
  delayedInstead,
  exceededQuota,
  openAdmission,
  queueCharged,
} from './admission.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { isStale } from './policy.ts'
import { joinRefresh, type Wish } from './queueing.ts'
import { fulfilOnce } from './repeats.ts'

/** A wish for an account's newest numbers. The key makes a repeat get the same refresh. */
export interface AccountRefreshRequest {
  accountId: string
  idempotencyKey: string | null
}

/**
 * What became of the wish. `fresh`: nothing was stale, so nothing is asked of the platform.
 * `isRepeat`: the refresh is the one of an earlier wish with the same key.
 */
export type AccountRefreshAnswer =
  | { kind: 'queued'; refresh: Refresh; isRepeat?: true }
  | { kind: 'fresh'; account: Account }
  | { kind: 'not_connected'; account: Account }
  | { kind: 'not_found' }
  | Delay

/** A wish for a post's newest numbers, on all accounts that published it or on one of them. */
export interface PostRefreshRequest {
  postId: string
  accountId: string | null
  idempotencyKey: string | null
}

/**
 * What became of the wish: one refresh for each connected account that published the post, but for
 * those where it is fresh, and those that cool down while others do not.
 */
export type PostRefreshAnswer =
  | { kind: 'queued'; refreshes: Refresh[]; post: Post }
  | { kind: 'not_connected'; account: Account }
  | { kind: 'not_found' }
  | Delay

/** Queues a refresh of an account and of all that it published, or joins the active one. */
export function requestAccountRefresh(
  deps: RefreshDependencies,
  workspaceId: string,
  { accountId, idempotencyKey }: AccountRefreshRequest,
): Promise<AccountRefreshAnswer> {
  const answer = fulfilOnce<AccountRefreshAnswer>(deps, {
    workspaceId,
    operation: `refresh account ${accountId}`,
    key: idempotencyKey,
    async fulfil(transaction) {
      const answer = await refreshAccount(deps, transaction, workspaceId, accountId)
      return { answer, refreshes: answer.kind === 'queued' ? [answer.refresh] : [] }
    },
    async repeat(_, [refresh]) {
      return refresh ? { kind: 'queued', refresh, isRepeat: true } : null
    },
  })
  return delayedInstead(answer)
}

async function refreshAccount(
  deps: RefreshDependencies,
  transaction: Db,
  workspaceId: string,
  accountId: string,
): Promise<AccountRefreshAnswer> {
  const [account] = await lockedAccounts(transaction, workspaceId, [accountId])
  if (!account) return { kind: 'not_found' }
  if (account.connectionStatus !== 'connected') return { kind: 'not_connected', account }
  const wish: Wish = { account, origin: 'request', publicationIds: null }
  const active = await activeRefresh(transaction, workspaceId, accountId)
  const joined = active && (await joinRefresh(deps, transaction, active, wish))
  if (joined) return { kind: 'queued', refresh: joined }
  const admission = await openAdmission(deps, transaction, workspaceId)
  if (await isFresh(transaction, account, admission)) return { kind: 'fresh', account }
  const ends = [...(await coolingAccounts(transaction, admission, [account])).values()]
  if (ends.length > 0) return coolingDown(ends, admission)
  const exceeded = await exceededQuota(transaction, admission, 1)
  if (exceeded) return exceeded
  const [refresh] = await queueCharged(deps, transaction, admission, [wish])
  if (!refresh) throw new Error(`No refresh of account ${accountId} was queued.`)
  return { kind: 'queued', refresh }
}

async function isFresh(transaction: Db, account: Account, { now }: Admission): Promise<boolean> {
  if (isStale(account, now)) return false
  return !(await hasStalePublication(transaction, account.workspaceId, account.id, now))
}

/** Queues a refresh of a post's publications alone, or has the active ones cover them. */
export function requestPostRefresh(
  deps: RefreshDependencies,
  workspaceId: string,
  request: PostRefreshRequest,
): Promise<PostRefreshAnswer> {
  const answer = fulfilOnce<PostRefreshAnswer>(deps, {
    workspaceId,
    operation: `refresh post ${request.postId} on ${request.accountId ?? 'all accounts'}`,
    key: request.idempotencyKey,
    async fulfil(transaction) {
      const answer = await refreshPost(deps, transaction, workspaceId, request)
      return { answer, refreshes: answer.kind === 'queued' ? answer.refreshes : [] }
    },
    async repeat(transaction, refreshes) {
      const [post] = await postsByIds(transaction, workspaceId, [request.postId])
      return post && refreshes.length > 0 ? { kind: 'queued', refreshes, post } : null
    },
  })
  return delayedInstead(answer)
}

async function refreshPost(
  deps: RefreshDependencies,
  transaction: Db,
  workspaceId: string,
  request: PostRefreshRequest,
): Promise<PostRefreshAnswer> {
  const [post] = await postsByIds(transaction, workspaceId, [request.postId])
  const before = post ? await wishedPublications(transaction, workspaceId, request) : []
  if (!post || (request.accountId !== null && before.length === 0)) return { kind: 'not_found' }
  const ids = [...new Set(before.map(({ accountId }) => accountId))]
  const accounts = await lockedAccounts(transaction, workspaceId, ids)
  const connected = accounts.filter((account) => account.connectionStatus === 'connected')
  const [first] = ids.map((id) => accounts.find((account) => account.id === id))
  if (first && connected.length === 0) return { kind: 'not_connected', account: first }
  const answer = await refreshPublications(deps, transaction, connected, request)
  return 'refreshes' in answer ? { kind: 'queued', ...answer, post } : answer
}

async function refreshPublications(
  deps: RefreshDependencies,
  transaction: Db,
  accounts: readonly Account[],
  request: PostRefreshRequest,
): Promise<{ refreshes: Refresh[] } | Delay> {
  const [account] = accounts
  if (!account) return { refreshes: [] }
  const admission = await openAdmission(deps, transaction, account.workspaceId)
  // Read again: a refresh may have ended before the accounts were locked.
  const publications = await wishedPublications(transaction, account.workspaceId, request)
  const wishes = await openWishes(transaction, admission, accounts, publications)
  const added = wishes.filter(({ isJoining }) => !isJoining).map((wish) => wish.account)
  const cooling = await coolingAccounts(transaction, admission, added)
  const taken = wishes.filter(({ account: { id }, isJoining }) => isJoining || !cooling.has(id))
  if (taken.length === 0 && cooling.size > 0) return coolingDown([...cooling.values()], admission)
  const exceeded = await exceededQuota(transaction, admission, added.length - cooling.size)
  if (exceeded) return exceeded
  return { refreshes: await queueCharged(deps, transaction, admission, taken) }
}

async function wishedPublications(
  transaction: Db,
  workspaceId: string,
  { postId, accountId }: PostRefreshRequest,
): Promise<Publication[]> {
  const all = await publicationsOfPosts(transaction, workspaceId, [postId])
  return all.filter((each) => accountId === null || each.accountId === accountId)
}

// A wish for each account that is being refreshed, or that has something stale of the post's.
async function openWishes(
  transaction: Db,
  { now }: Admission,
  accounts: readonly Account[],
  publications: readonly Publication[],
): Promise<(Wish & { isJoining: boolean })[]> {
  const wishes: (Wish & { isJoining: boolean })[] = []
  for (const account of accounts) {
    const wished = publications.filter(({ accountId }) => accountId === account.id)
    const active = await activeRefresh(transaction, account.workspaceId, account.id)
    const isJoining = active !== null
    if (!isJoining && !wished.some((each) => isStale(each, now))) continue
    const publicationIds = wished.map(({ id }) => id)
    wishes.push({ account, origin: 'request', publicationIds, isJoining })
  }
  return wishes
}
