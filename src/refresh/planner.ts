import type { Account } from '../domain/account.ts'
import type { Publication } from '../domain/publication.ts'
import type { Refresh } from '../domain/refresh.ts'
import type { SyncState } from '../domain/sync.ts'
import { isDue } from './cadence.ts'
import type { RefreshLimits } from './dependencies.ts'
import { isStale } from './policy.ts'
import type { OtherPosts, Wished } from './wished.ts'

/** What one run of a refresh has to read. */
export interface Plan {
  /** Whether the account's own numbers are wanted. */
  account: boolean
  /** Whether the account's content is listed. */
  listing: boolean
  /** The known publications to be read, in order. A listing may read some of them before. */
  publications: Publication[]
  /** What a listing may name that is not to be read by itself. */
  others: OtherPosts
}

/** Whether a refresh reads nothing of its account but what is due. */
export function readsDueAlone({
  origin,
  publicationIds,
}: Pick<Refresh, 'origin' | 'publicationIds'>): boolean {
  return origin === 'schedule' && publicationIds === null
}

/** Whether a refresh reads the account's own numbers and nothing else: it names no publication. */
export function readsAccountAlone({ publicationIds }: Pick<Refresh, 'publicationIds'>): boolean {
  return publicationIds?.length === 0
}

/**
 * What is left to read for a refresh. Of the schedule's: what is due, the youngest first. Of others:
 * everything wished for that has not been answered since, the stalest first. A run that follows a
 * broken one goes on where that one got to, and reads again what has become stale while it waited:
 * somebody may have joined the wish meanwhile.
 */
export function planOf(
  refresh: Pick<Refresh, 'publicationIds' | 'requestedAt' | 'origin'>,
  account: Account,
  { publications, others }: Wished,
  { now, limits }: { now: Date; limits: Pick<RefreshLimits, 'publicationsMax'> },
): Plan {
  if (readsDueAlone(refresh)) {
    const isAccountDue = isDue(account, now)
    const due = publications.filter((each) => isDue(each, now)).sort(youngestFirst)
    const first = due.slice(0, limits.publicationsMax)
    return { account: isAccountDue, listing: isAccountDue, publications: first, others }
  }
  const isWhole = refresh.publicationIds === null
  const isOpen = (state: SyncState) =>
    state.lastUpdatedAt === null ||
    state.lastUpdatedAt <= refresh.requestedAt ||
    isStale(state, now)
  return {
    account: (isWhole || readsAccountAlone(refresh)) && isOpen(account),
    listing: isWhole,
    publications: publications
      .filter((each) => each.accountId === account.id && isOpen(each))
      .sort(stalestFirst)
      .slice(0, limits.publicationsMax),
    others,
  }
}

// Those as stale as each other in an order of their own, whatever way they were found in.
function stalestFirst(one: Publication, other: Publication): number {
  const difference = staleSince(one) - staleSince(other)
  if (difference !== 0) return difference
  return one.platformPostId < other.platformPostId ? -1 : 1
}

function youngestFirst(one: Publication, other: Publication): number {
  return bornAt(other) - bornAt(one)
}

function bornAt({ publishedAt, createdAt }: Publication): number {
  return (publishedAt ?? createdAt).getTime()
}

/**
 * Whether a wish covers more than another one did: the whole account, other publications, or what
 * is not due yet. The schedule wishes for nothing that others do not.
 */
export function isWider(
  wish: Pick<Refresh, 'publicationIds' | 'origin'>,
  than: Pick<Refresh, 'publicationIds' | 'origin'>,
): boolean {
  if (wish.origin === 'schedule') return false
  if (takesOver(wish, than)) return true
  const covered = than.publicationIds
  if (covered === null) return false
  if (readsAccountAlone(wish) !== readsAccountAlone(than)) return true
  return wish.publicationIds?.some((id) => !covered.includes(id)) ?? true
}

/**
 * Whether a refresh is the wish's from now on when it joins. The schedule's refreshes read what is
 * due, which is everything that was just recorded, but not all that anybody else may wish for.
 */
export function takesOver(
  wish: Pick<Refresh, 'origin'>,
  { origin }: Pick<Refresh, 'origin'>,
): boolean {
  return origin === 'schedule' && wish.origin !== 'schedule' && wish.origin !== 'record'
}

function staleSince({ staleAfter }: SyncState): number {
  return staleAfter?.getTime() ?? 0
}
