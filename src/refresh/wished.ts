import type { Account } from '../domain/account.ts'
import type { Publication } from '../domain/publication.ts'
import type { Refresh } from '../domain/refresh.ts'
import type { Db } from '../store/connect.ts'
import {
  publicationsByIds,
  publicationsOfAccount,
  unreadPublications,
} from '../store/publications.ts'
import { duePublications, postsNotDue, storeDue, unreadDuePublications } from '../store/schedule.ts'
import { isDue, nextDueAt } from './cadence.ts'
import type { RefreshDependencies } from './dependencies.ts'
import type { Findings } from './findings.ts'
import { readsDueAlone } from './planner.ts'
import { secondsAfter } from './policy.ts'

/** The known publications that a refresh is about. */
export interface Wished {
  publications: Publication[]
  /** Others of the account, which a listing may name too. */
  others: OtherPosts
}

/** Looks up content that is not to be read by itself, by the platform's ids. */
export type OtherPosts = () => Promise<ReadonlySet<string>>

/** There is none. */
export const NO_OTHERS: OtherPosts = async () => new Set()

/** Looks up what a refresh of the account is about, as far as it is known. */
export async function wishedOf(
  { db, now, limits }: Pick<RefreshDependencies, 'db' | 'now' | 'limits'>,
  refresh: Refresh,
): Promise<Wished> {
  const { workspaceId, accountId, publicationIds } = refresh
  if (readsDueAlone(refresh)) {
    const due = { now: now(), limit: limits.publicationsMax }
    const publications = await duePublications(db, workspaceId, accountId, due)
    const others = async () => new Set(await postsNotDue(db, workspaceId, accountId, due))
    return { publications, others }
  }
  const publications =
    publicationIds === null
      ? await publicationsOfAccount(db, workspaceId, accountId, limits.publicationsMax)
      : await publicationsByIds(db, workspaceId, publicationIds)
  return { publications, others: NO_OTHERS }
}

/**
 * Whether there is content that was never read and that a run did not look at. Whoever records
 * content joins a refresh of the whole account, which may have looked before.
 */
export async function isOutgrown(
  { now, limits }: Pick<RefreshDependencies, 'now' | 'limits'>,
  transaction: Db,
  refresh: Refresh,
  seen: { publications: readonly Publication[]; findings: Findings },
): Promise<boolean> {
  const { workspaceId, accountId, publicationIds } = refresh
  if (publicationIds !== null) return false
  const limit = limits.publicationsMax
  const unread = readsDueAlone(refresh)
    ? await unreadDuePublications(transaction, workspaceId, accountId, { now: now(), limit })
    : await unreadPublications(transaction, workspaceId, accountId, limit)
  const ids = new Set(seen.publications.map(({ id }) => id))
  return unread.some(
    ({ id, platformPostId }) => !ids.has(id) && !seen.findings.publications.has(platformPostId),
  )
}

/** Has what is due of an account wait for its next time, although nothing could be read. */
export async function putOffDue(
  { now, limits }: Pick<RefreshDependencies, 'now' | 'limits'>,
  transaction: Db,
  account: Account,
): Promise<void> {
  const due = { now: now(), limit: limits.publicationsMax }
  const { workspaceId, id } = account
  const publications = await duePublications(transaction, workspaceId, id, due)
  const dueAt = isDue(account, due.now)
    ? secondsAfter(due.now, limits.staleAfterSeconds)
    : account.dueAt
  await storeDue(
    transaction,
    workspaceId,
    { id, dueAt },
    publications.map((each) => ({ id: each.id, dueAt: nextDueAt(each, due.now) })),
  )
}
