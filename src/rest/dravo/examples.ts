import type { z } from '@hono/zod-openapi'
import type { AccountList } from './shapes.ts'

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
