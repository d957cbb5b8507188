import type { CursorOrder } from '../../domain/cursor.ts'
import type { Page, PageRequest } from '../../domain/page.ts'
import type { VideoFilter as Filter, Video } from '../../domain/video.ts'
import { EMPTY_PAGE } from '../../loaders/batch.ts'
import type { VideoOrder as Order } from '../../loaders/videos.ts'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { enumOf } from '../enums.ts'
import { toLocalId } from '../ids.ts'
import type { PageArguments } from '../page-arguments.ts'
import { cursorOrder, pageArgs, toConnection } from '../pages.ts'
import { Platform } from './platform.ts'
import { SortDirection } from './sort-direction.ts'

const NEWEST_FIRST: Order = { field: 'uploadDate', direction: 'desc' }

const ORDER_VALUES: Record<Order['field'], CursorOrder['value']> = {
  uploadDate: 'instant',
  views: 'number',
  likes: 'number',
  engagementRate: 'number',
}

interface VideoList {
  page(order: Order, request: PageRequest): Promise<Page<Video>>
  count(): Promise<number>
}

const NONE: VideoList = { page: async () => EMPTY_PAGE, count: async () => 0 }

export const VideoFilter = builder.inputType('VideoFilter', {
  description: 'What videos must all be. The window is inclusive at both ends.',
  fields: (t) => ({
    accountId: t.id(),
    platform: t.field({ type: Platform }),
    uploadedFrom: t.field({ type: 'DateTime', description: 'The earliest `uploadDate`.' }),
    uploadedTo: t.field({ type: 'DateTime', description: 'The latest `uploadDate`.' }),
  }),
})

export const VideoOrderField = enumOf<Order['field']>(
  'VideoOrderField',
  'What videos can be ordered by. Those without a value come last in either direction.',
  { uploadDate: null, views: null, likes: null, engagementRate: null },
)

export const VideoOrder = builder.inputType('VideoOrder', {
  description: 'The order of a list of videos. Ties are broken by id.',
  fields: (t) => ({
    field: t.field({ type: VideoOrderField, required: true }),
    direction: t.field({ type: SortDirection, required: true }),
  }),
})

/** The arguments of lists of videos. */
export const videoArgs = builder.args((t) => ({
  ...pageArgs,
  filter: t.field({ type: VideoFilter }),
  orderBy: t.field({ type: VideoOrder, description: 'UPLOAD_DATE DESC when left out.' }),
}))

/** What the arguments of a list of videos say. */
export interface VideoArguments extends PageArguments {
  filter?: Filter | null | undefined
  orderBy?: Order | null | undefined
}

/** One page of the workspace's videos. */
export function readVideos({ loaders }: Context, args: VideoArguments) {
  const filter = toVideoFilter(args.filter)
  const { videos } = loaders
  return toVideoConnection(args, {
    page: (order, request) => videos.page(filter, order, request),
    count: () => videos.count(filter),
  })
}

/** One page of an account's videos; empty when the filter names another account. */
export function readVideosOf(accountId: string, { loaders }: Context, args: VideoArguments) {
  const named = toVideoFilter(args.filter)
  if (named.accountId !== null && named.accountId !== accountId)
    return toVideoConnection(args, NONE)
  const filter = { ...named, accountId: null }
  const { page, count } = loaders.videosOfAccount
  return toVideoConnection(args, {
    page: (order, request) => page.load(accountId, { ...request, filter, order }),
    count: () => count.load(accountId, filter),
  })
}

function toVideoFilter(given: Filter | null | undefined): Filter {
  const { accountId = null } = given ?? {}
  return {
    ...given,
    accountId: accountId === null ? null : toLocalId('Account', accountId, 'accountId'),
  }
}

function toVideoConnection(args: VideoArguments, list: VideoList) {
  const order = args.orderBy ?? NEWEST_FIRST
  const ordered = {
    page: (request: PageRequest) => list.page(order, request),
    count: () => list.count(),
  }
  return toConnection(ordered, args, cursorOrder('videos', order, ORDER_VALUES[order.field]))
}
