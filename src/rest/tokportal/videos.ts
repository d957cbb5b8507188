import { createRoute, z } from '@hono/zod-openapi'
import type { VideoOrderField } from '../../domain/video.ts'
import { endpoint } from '../facade.ts'
import { oneOf, text, wholeNumber } from '../parameters.ts'
import { ACCOUNT_NOT_FOUND, VIDEO_NOT_FOUND } from './errors.ts'
import { PAGINATION_EXAMPLE, VIDEO_EXAMPLE } from './examples.ts'
import { ACCOUNT_PARAMS, answered, refused } from './parameters.ts'
import { Pagination, VideoAnalytics, videoOf } from './shapes.ts'

const PER_PAGE_MAX = 100
const PER_PAGE_DEFAULT = 20
const PAGE_MAX = 2_147_483_647

const FIELDS = {
  views: 'views',
  likes: 'likes',
  engagement_rate: 'engagementRate',
  upload_date: 'uploadDate',
} as const satisfies Record<string, VideoOrderField>

const SORT_BY = ['views', 'likes', 'engagement_rate', 'upload_date'] as const
const SORT_ORDER = ['asc', 'desc'] as const

const LIST = createRoute({
  method: 'get',
  path: '/api/ext/accounts/{id}/analytics/videos',
  operationId: 'tokportalAccountVideos',
  summary: 'Get video-level analytics',
  description:
    "A page of an account's videos with their numbers. Those without the number that sorts come " +
    'last, and ties are broken by id.',
  request: {
    params: ACCOUNT_PARAMS,
    query: z.object({
      sort_by: oneOf(SORT_BY, 'What sorts them.').default('upload_date'),
      sort_order: oneOf(SORT_ORDER, 'Up or down.').default('desc'),
      page: wholeNumber([1, PAGE_MAX], 1, 'Page number.'),
      per_page: wholeNumber([1, PER_PAGE_MAX], PER_PAGE_DEFAULT, 'Page size.'),
    }),
  },
  responses: {
    200: answered(
      'A page of videos.',
      z.object({ data: z.array(VideoAnalytics), pagination: Pagination }),
      { page: { data: [VIDEO_EXAMPLE], pagination: PAGINATION_EXAMPLE } },
    ),
    404: refused('There is no such account.', { unknown: ACCOUNT_NOT_FOUND }),
  },
})

/** `GET /api/ext/accounts/{id}/analytics/videos`. */
export const videos = endpoint('analytics:read', LIST, async (c) => {
  const { id } = c.req.valid('param')
  const { sort_by, sort_order, page, per_page } = c.req.valid('query')
  const { loaders, lasting } = c.var
  if ((await loaders.account.load(id)) === null) return c.json(ACCOUNT_NOT_FOUND, 404)
  const [total, rows] = await Promise.all([
    loaders.videosOfAccount.count.load(id, {}),
    loaders.videosOfAccount.at({
      accountId: id,
      order: { field: FIELDS[sort_by], direction: sort_order },
      offset: (page - 1) * per_page,
      limit: per_page,
    }),
  ])
  const pagination = { page, per_page, total, total_pages: Math.ceil(total / per_page) }
  lasting.lastsUntil(null)
  return c.json({ data: rows.map(videoOf), pagination }, 200)
})

const ONE = createRoute({
  method: 'get',
  path: '/api/ext/videos/{id}/analytics',
  operationId: 'tokportalVideoAnalytics',
  summary: 'Get single video analytics',
  description: 'The numbers of one video.',
  request: {
    params: z.object({
      id: text('The id of the analytics record, not the platform’s of the video.').openapi({
        example: VIDEO_EXAMPLE.id,
      }),
    }),
  },
  responses: {
    200: answered('The video.', z.object({ data: VideoAnalytics }), {
      video: { data: VIDEO_EXAMPLE },
    }),
    404: refused('There is no such record.', { unknown: VIDEO_NOT_FOUND }),
  },
})

/** `GET /api/ext/videos/{id}/analytics`. */
export const video = endpoint('analytics:read', ONE, async (c) => {
  const found = await c.var.loaders.video.load(c.req.valid('param').id)
  c.var.lasting.lastsUntil(null)
  return found === null ? c.json(VIDEO_NOT_FOUND, 404) : c.json({ data: videoOf(found) }, 200)
})
