import type { CursorOrder } from '../../domain/cursor.ts'
import type { Page, PageRequest } from '../../domain/page.ts'
import type { PublicationFilter as Filter, Publication } from '../../domain/publication.ts'
import { type MetricTotals, totalsOf } from '../../domain/totals.ts'
import { EMPTY_PAGE } from '../../loaders/batch.ts'
import type { PublicationOrder as Order } from '../../loaders/publications.ts'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { enumOf } from '../enums.ts'
import { toLocalId } from '../ids.ts'
import type { PageArguments } from '../page-arguments.ts'
import { cursorOrder, pageArgs, toConnection } from '../pages.ts'
import { ContentType } from './content-type.ts'
import { SyncStatus } from './measured.ts'
import { Platform } from './platform.ts'
import { SortDirection } from './sort-direction.ts'

const NEWEST_FIRST: Order = { field: 'createdAt', direction: 'desc' }

const ORDER_VALUES: Record<Order['field'], CursorOrder['value']> = {
  createdAt: 'instant',
  publishedAt: 'instant',
  views: 'number',
  impressions: 'number',
  likes: 'number',
  comments: 'number',
  shares: 'number',
  engagement: 'number',
  engagementRate: 'number',
}

interface PublicationList {
  page(order: Order, request: PageRequest): Promise<Page<Publication>>
  count(): Promise<number>
  totals(): Promise<MetricTotals>
}

const NONE: PublicationList = {
  page: async () => EMPTY_PAGE,
  count: async () => 0,
  totals: async () => totalsOf([]),
}

export const PublicationFilter = builder.inputType('PublicationFilter', {
  description: 'What publications must all be. Windows are inclusive at both ends.',
  fields: (t) => ({
    postId: t.id(),
    accountId: t.id(),
    platform: t.field({ type: Platform }),
    contentType: t.field({ type: ContentType }),
    from: t.field({ type: 'DateTime', description: 'The earliest `createdAt`.' }),
    to: t.field({ type: 'DateTime', description: 'The latest `createdAt`.' }),
    publishedFrom: t.field({ type: 'DateTime', description: 'The earliest `publishedAt`.' }),
    publishedTo: t.field({ type: 'DateTime', description: 'The latest `publishedAt`.' }),
    syncStatus: t.field({ type: SyncStatus }),
  }),
})

export const PublicationOrderField = enumOf<Order['field']>(
  'PublicationOrderField',
  'What publications can be ordered by. Those without a value come last in either direction.',
  {
    createdAt: null,
    publishedAt: null,
    views: null,
    impressions: null,
    likes: null,
    comments: null,
    shares: null,
    engagement: null,
    engagementRate: null,
  },
)

export const PublicationOrder = builder.inputType('PublicationOrder', {
  description: 'The order of a list of publications. Ties are broken by id.',
  fields: (t) => ({
    field: t.field({ type: PublicationOrderField, required: true }),
    direction: t.field({ type: SortDirection, required: true }),
  }),
})

/** The arguments of lists of publications. */
export const publicationArgs = builder.args((t) => ({
  ...pageArgs,
  filter: t.field({ type: PublicationFilter }),
  orderBy: t.field({ type: PublicationOrder, description: 'CREATED_AT DESC when left out.' }),
}))

/** What the arguments of a list of publications say. */
export interface PublicationArguments extends PageArguments {
  filter?: Filter | null | undefined
  orderBy?: Order | null | undefined
}

/** The filter with plain ids. */
export function toPublicationFilter(given: Filter | null | undefined): Filter {
  const { postId = null, accountId = null } = given ?? {}
  return {
    ...given,
    postId: postId === null ? null : toLocalId('Post', postId, 'postId'),
    accountId: accountId === null ? null : toLocalId('Account', accountId, 'accountId'),
  }
}

/** One page of the workspace's publications. */
export function readPublications({ loaders }: Context, args: PublicationArguments) {
  const filter = toPublicationFilter(args.filter)
  const { publications } = loaders
  return toPublicationConnection(args, {
    page: (order, request) => publications.page(filter, order, request),
    count: () => publications.count(filter),
    totals: () => publications.totals(filter),
  })
}

/** One page of an account's publications; empty when the filter names another account. */
export function readPublicationsOf(
  accountId: string,
  { loaders }: Context,
  args: PublicationArguments,
) {
  const named = toPublicationFilter(args.filter)
  const isElsewhere = named.accountId !== null && named.accountId !== accountId
  if (isElsewhere) return toPublicationConnection(args, NONE)
  const filter = { ...named, accountId: null }
  const { page, count, totals } = loaders.publicationsOfAccount
  return toPublicationConnection(args, {
    page: (order, request) => page.load(accountId, { ...request, filter, order }),
    count: () => count.load(accountId, filter),
    totals: () => totals.load(accountId, filter),
  })
}

async function toPublicationConnection(args: PublicationArguments, list: PublicationList) {
  const order = args.orderBy ?? NEWEST_FIRST
  const cursors = cursorOrder('publications', order, ORDER_VALUES[order.field])
  const ordered = {
    page: (request: PageRequest) => list.page(order, request),
    count: () => list.count(),
  }
  return { ...(await toConnection(ordered, args, cursors)), totals: () => list.totals() }
}
