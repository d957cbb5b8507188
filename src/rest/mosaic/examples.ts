import type { z } from '@hono/zod-openapi'
import type { PostAnalytics } from './shapes.ts'

const URL = 'https://x.com/acme/status/1901625213503277588'
const PLATFORM_POST_ID = '1901625213503277588'
const READ_AT = '2026-06-29T09:00:00Z'
const STALE_AFTER = '2026-06-29T15:00:00Z'

const NATIVE = {
  impression_count: 1240,
  like_count: 84,
  retweet_count: 12,
  reply_count: 6,
  quote_count: 1,
  bookmark_count: 3,
}

const METRICS = {
  likes: 84,
  comments: 6,
  shares: 12,
  impressions: 1240,
  views: null,
  video_views: null,
  video_viewers: null,
  video_watch_time_ms: null,
  engagement: 106,
  clicks: null,
  saves: null,
  bookmarks: 3,
  quotes: 1,
}

/** A post with one of its connections asked for. The vendor prints no answer: the numbers are ours. */
export const ANALYTICS_EXAMPLE: z.infer<typeof PostAnalytics> = {
  analytics: {
    status: 'success',
    totals: METRICS,
    platforms: [
      {
        platform: 'x',
        platform_post_id: PLATFORM_POST_ID,
        post_url: URL,
        metrics: METRICS,
        raw_metrics: {
          data: {
            id: PLATFORM_POST_ID,
            text: 'From rough cut to six platforms.',
            public_metrics: NATIVE,
          },
          includes: { media: [] },
        },
      },
    ],
    metadata: {
      post_id: '2d8ca860-f8e0-4f3f-9f2c-337ead6ed91e',
      last_updated_at: READ_AT,
      stale_after: STALE_AFTER,
    },
  },
  stats: {
    status: 'success',
    x: {
      id: PLATFORM_POST_ID,
      postUrl: URL,
      analytics: NATIVE,
      lastUpdated: READ_AT,
      nextUpdate: STALE_AFTER,
    },
  },
}
