import type { JsonValue } from '../domain/json.ts'
import type { Order, Page, PageRequest } from '../domain/page.ts'
import type {
  Publication,
  PublicationFilter,
  PublicationOrderField,
} from '../domain/publication.ts'
import { type MetricTotals, totalsOf } from '../domain/totals.ts'
import type { Db } from '../store/connect.ts'
import { type NumberedPage, publicationsAt } from '../store/numbered-pages.ts'
import {
  publicationCount,
  publicationCountsOfAccounts,
  publicationPage,
  publicationPagesOfAccounts,
  publicationPayloads,
  publicationsByIds,
  publicationsByPlatformPostIds,
  publicationsOfPosts,
  publicationTotals,
  publicationTotalsOfAccounts,
} from '../store/publications.ts'
import {
  EMPTY_PAGE,
  type ListLoader,
  type Loader,
  loadLists,
  loadMany,
  loadOne,
  loadValue,
  primePage,
  primePages,
} from './batch.ts'

/** The order of a list of publications. */
export type PublicationOrder = Order<PublicationOrderField>

/** A page of a list of publications: what they must be, in which order, and which slice. */
export interface PublicationListRequest extends PageRequest {
  filter: PublicationFilter
  order: PublicationOrder
}

/** The reads of publications. */
export interface PublicationLoaders {
  /** By id; null: the workspace has none with it. */
  publication: Loader<Publication | null>
  /** By the platform's own post id, which several accounts can share: oldest recorded first. */
  publicationsOnPlatform: Loader<Publication[]>
  /** By post, oldest recorded first; empty: the post is nowhere published. */
  publicationsOfPost: Loader<Publication[]>
  /** The platform's own answer about a publication, by its id; null: it never answered. */
  publicationPayload: Loader<JsonValue | null>
  publications: {
    page(
      filter: PublicationFilter,
      order: PublicationOrder,
      page: PageRequest,
    ): Promise<Page<Publication>>
    /** By their place in the list, the newest recorded first. */
    at(filter: PublicationFilter, page: NumberedPage): Promise<Publication[]>
    count(filter: PublicationFilter): Promise<number>
    /** Sums over all that match, whatever the page. */
    totals(filter: PublicationFilter): Promise<MetricTotals>
  }
  /** The same for each account's own, by its id: for lists within a list of accounts. */
  publicationsOfAccount: {
    page: ListLoader<PublicationListRequest, Page<Publication>>
    count: ListLoader<PublicationFilter, number>
    totals: ListLoader<PublicationFilter, MetricTotals>
  }
  /** Makes a row that another list carried known. */
  primePublication(row: Publication): void
}

/** The reads of publications of one workspace, for one request. */
export function createPublicationLoaders(db: Db, workspaceId: string): PublicationLoaders {
  const publication = loadOne(
    (ids) => publicationsByIds(db, workspaceId, ids),
    (row: Publication) => row.id,
  )
  const primed = async (rows: Promise<Publication[]>) => {
    const answer = (await rows).toSorted(byCreation)
    for (const row of answer) publication.prime(row.id, row)
    return answer
  }
  return {
    publication,
    publicationsOnPlatform: loadMany(
      (ids) => primed(publicationsByPlatformPostIds(db, workspaceId, ids)),
      (row: Publication) => row.platformPostId,
    ),
    publicationsOfPost: loadMany(
      (ids) => primed(publicationsOfPosts(db, workspaceId, ids)),
      (row: Publication) => row.postId,
    ),
    publicationPayload: loadValue((ids) => publicationPayloads(db, workspaceId, ids)),
    publications: {
      page: (filter, order, page) =>
        primePage(publicationPage(db, workspaceId, filter, { ...page, order }), (row) =>
          publication.prime(row.id, row),
        ),
      async at(filter, page) {
        const rows = await publicationsAt(db, workspaceId, filter, page)
        for (const row of rows) publication.prime(row.id, row)
        return rows
      },
      count: (filter) => publicationCount(db, workspaceId, filter),
      totals: (filter) => publicationTotals(db, workspaceId, filter),
    },
    publicationsOfAccount: createListsOfAccounts(db, workspaceId, (row) =>
      publication.prime(row.id, row),
    ),
    primePublication: (row) => {
      publication.prime(row.id, row)
    },
  }
}

function createListsOfAccounts(
  db: Db,
  workspaceId: string,
  prime: (row: Publication) => void,
): PublicationLoaders['publicationsOfAccount'] {
  return {
    page: loadLists(
      (ids, request: PublicationListRequest) =>
        primePages(publicationPagesOfAccounts(db, workspaceId, ids, request), prime),
      EMPTY_PAGE,
    ),
    count: loadLists(
      (ids, filter: PublicationFilter) => publicationCountsOfAccounts(db, workspaceId, ids, filter),
      0,
    ),
    totals: loadLists(
      (ids, filter: PublicationFilter) => publicationTotalsOfAccounts(db, workspaceId, ids, filter),
      totalsOf([]),
    ),
  }
}

function byCreation(one: Publication, other: Publication): number {
  return one.createdAt.getTime() - other.createdAt.getTime() || (one.id < other.id ? -1 : 1)
}
