import type { z } from '@hono/zod-openapi'
import type { AccountList, PostPage } from './shapes.ts'

/** The answer that "Get account analytics" prints. */
export const ACCOUNTS_EXAMPLE: z.infer<typeof AccountList> = {
  items: [
    {
      account_id: 'acc_8f2c1d',
      platform: 'x',
      handle: '@dravo',
      platform_account_id: '1234567890',
      metrics: {
        followers_count: 2400,
        following_count: 180,
        tweet_count: 320,
        listed_count: 14,
        like_count: 900,
      },
      warnings: [],
      sync_status: 'synced',
      error_message: null,
      last_updated_at: '2026-06-29T09:00:00Z',
      stale_after: '2026-06-29T15:00:00Z',
    },
    {
      account_id: 'acc_4b9e07',
      platform: 'facebook',
      handle: 'Dravo',
      platform_account_id: '1122334455',
      metrics: { followers_count: 12000, talking_about_count: 84, page_video_views: 3200 },
      warnings: ['Facebook Page insight metrics unavailable.'],
      sync_status: 'partial',
      error_message: null,
      last_updated_at: '2026-06-29T09:00:00Z',
      stale_after: '2026-06-29T15:00:00Z',
    },
  ],
  total: 2,
}

const POST_METRICS = { views: 1240, reach: 980, likes: 84, comments: 6, shares: 12 }

/** The answer that "Get post analytics" prints. */
export const POSTS_EXAMPLE: z.infer<typeof PostPage> = {
  items: [
    {
      post_id: 'post_2a7f93',
      account_id: 'acc_8f2c1d',
      platform: 'instagram',
      platform_post_id: '18000000000000000',
      platform_post_url: 'https://www.instagram.com/p/example/',
      text: 'Shipping Dravo: one API for every social network.',
      created_at: '2026-06-23T10:15:30Z',
      published_at: '2026-06-23T10:16:02Z',
      metrics: POST_METRICS,
      warnings: [],
      sync_status: 'synced',
      error_message: null,
      last_updated_at: '2026-06-29T09:00:00Z',
      stale_after: '2026-06-29T15:00:00Z',
    },
  ],
  total: 1,
  page: 1,
  limit: 25,
  overview: { posts: 1, metrics: POST_METRICS },
}
