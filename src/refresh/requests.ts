import type { Account } from '../domain/account.ts'
import type { Post } from '../domain/post.ts'
import type { Publication } from '../domain/publication.ts'
import type { Refresh } from '../domain/refresh.ts'
import { lockedAccounts } from '../store/accounts.ts'
import { recordChanges } from '../store/changes.ts'
import type { Db } from '../store/connect.ts'
import { postsByIds } from '../store/posts.ts'
import { hasStalePublication, publicationsOfPosts } from '../store/publications.ts'
import { activeRefresh } from '../store/refreshes.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { isStale } from './policy.ts'
import { joinRefresh, queueRefresh } from './queueing.ts'
import { fulfilOnce } from './repeats.ts'

/** A wish for an account's newest numbers. The key makes a repeat get the same refresh. */
export interface AccountRefreshRequest {
  accountId: string
  idempotencyKey: string | null
}

/** What became of the wish. `fresh`: nothing was stale, so nothing is asked of the platform. */
export type AccountRefreshAnswer =
  | { kind: 'queued'; refresh: Refresh }
  | { kind: 'fresh'; account: Account }
  | { kind: 'not_connected'; account: Account }
  | { kind: 'not_found' }

/** A wish for a post's newest numbers, on all accounts that published it or on one of them. */
export interface PostRefreshRequest {
  postId: string
  accountId: string | null
  idempotencyKey: string | null
}

/** What became of the wish: one refresh for each connected account that published the post. */
export type PostRefreshAnswer =
  | { kind: 'queued'; refreshes: Refresh[]; post: Post }
  | { kind: 'not_connected'; account: Account }
  | { kind: 'not_found' }

/** Queues a refresh of an account and of all that it published, or joins the active one. */
export function requestAccountRefresh(
  deps: RefreshDependencies,
  workspaceId: string,
  { accountId, idempotencyKey }: AccountRefreshRequest,
): Promise<AccountRefreshAnswer> {
  return fulfilOnce<AccountRefreshAnswer>(deps, {
    workspaceId,
    operation: `refresh account ${accountId}`,
    key: idempotencyKey,
    async fulfil(transaction) {
      const answer = await refreshAccount(deps, transaction, workspaceId, accountId)
      return { answer, refreshes: answer.kind === 'queued' ? [answer.refresh] : [] }
    },
    async repeat(_, [refresh]) {
      return refresh ? { kind: 'queued', refresh } : null
    },
  })
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
  const wish = { account, origin: 'request', publicationIds: null } as const
  const active = await activeRefresh(transaction, workspaceId, accountId)
  const joined = active && (await joinRefresh(transaction, active, wish))
  if (joined) return { kind: 'queued', refresh: joined }
  if (await isFresh(deps, transaction, account)) return { kind: 'fresh', account }
  const refresh = await queueRefresh(deps, transaction, wish)
  await recordChanges(transaction, workspaceId, deps.now(), [])
  return { kind: 'queued', refresh }
}

async function isFresh(
  deps: Pick<RefreshDependencies, 'now'>,
  transaction: Db,
  account: Account,
): Promise<boolean> {
  const now = deps.now()
  if (isStale(account, now)) return false
  return !(await hasStalePublication(transaction, account.workspaceId, account.id, now))
}

/** Queues a refresh of a post's publications alone, or has the active ones cover them. */
export function requestPostRefresh(
  deps: RefreshDependencies,
  workspaceId: string,
  request: PostRefreshRequest,
): Promise<PostRefreshAnswer> {
  return fulfilOnce<PostRefreshAnswer>(deps, {
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
}

async function refreshPost(
  deps: RefreshDependencies,
  transaction: Db,
  workspaceId: string,
  { postId, accountId }: PostRefreshRequest,
): Promise<PostRefreshAnswer> {
  const [post] = await postsByIds(transaction, workspaceId, [postId])
  const all = post ? await publicationsOfPosts(transaction, workspaceId, [postId]) : []
  const wished = all.filter((each) => accountId === null || each.accountId === accountId)
  if (!post || (accountId !== null && wished.length === 0)) return { kind: 'not_found' }
  const byAccount = Map.groupBy(wished, (publication) => publication.accountId)
  const accounts = await lockedAccounts(transaction, workspaceId, [...byAccount.keys()])
  const connected = accounts.filter((account) => account.connectionStatus === 'connected')
  const [first] = [...byAccount.keys()].map((id) => accounts.find((account) => account.id === id))
  if (first && connected.length === 0) return { kind: 'not_connected', account: first }
  const wishes = connected.map((account) => ({
    account,
    publicationIds: idsOf(byAccount.get(account.id)),
  }))
  const refreshes = await queueForAccounts(deps, transaction, workspaceId, wishes)
  return { kind: 'queued', refreshes, post }
}

async function queueForAccounts(
  deps: RefreshDependencies,
  transaction: Db,
  workspaceId: string,
  wishes: { account: Account; publicationIds: string[] }[],
): Promise<Refresh[]> {
  const refreshes: Refresh[] = []
  for (const wish of wishes) {
    refreshes.push(await queueRefresh(deps, transaction, { ...wish, origin: 'request' }))
  }
  if (refreshes.length > 0) await recordChanges(transaction, workspaceId, deps.now(), [])
  return refreshes
}

function idsOf(publications: readonly Publication[] = []): string[] {
  return publications.map(({ id }) => id)
}
