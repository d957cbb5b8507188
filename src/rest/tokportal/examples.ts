import type { z } from '@hono/zod-openapi'
import type { Analytics, Availability, Pagination, VideoAnalytics, Wished } from './shapes.ts'

/** The account that the document shows. */
export const ACCOUNT_ID = '9f3a7b2e-1c4d-4e8f-a5b6-7d9e0f1a2b3c'

/** The answer of "Get Account Analytics"; the rate follows the document's formula. */
export const ANALYTICS_EXAMPLE: z.infer<typeof Analytics> = {
  account_id: ACCOUNT_ID,
  followers_count: 12400,
  following_count: 340,
  total_videos_tracked: 15,
  total_views: 580000,
  total_likes: 42000,
  total_comments: 3200,
  total_shares: 8500,
  total_bookmarks: 4100,
  average_engagement_rate: 9.97,
  average_video_views: 38667,
  weekly_post_average: 2.5,
  scraped_at: '2026-02-10T09:15:00Z',
}

/** The answer of "Get Single Video Analytics"; the rate follows the document's formula. */
export const VIDEO_EXAMPLE: z.infer<typeof VideoAnalytics> = {
  id: 'va_001',
  video_id: 'vid_abc123',
  url: 'https://www.tiktok.com/@coolcreator99/video/7123456789',
  description: 'Unboxing the new product line',
  thumbnail_url: 'https://pub-xxx.r2.dev/thumbnails/thumb_001.jpg',
  upload_date: '2026-01-20T12:00:00Z',
  duration_seconds: 45,
  views: 145000,
  likes: 9800,
  comments: 420,
  shares: 1200,
  bookmarks: 890,
  engagement_rate: 8.49,
  platform: 'tiktok',
  content_type: 'video',
  scraped_at: '2026-02-10T09:15:00Z',
}

/** Where the page of "Get Video-Level Analytics" stands. */
export const PAGINATION_EXAMPLE: z.infer<typeof Pagination> = {
  page: 1,
  per_page: 10,
  total: 15,
  total_pages: 2,
}

/** The answers of "Check Refresh Availability". */
export const AVAILABILITY_EXAMPLES = {
  available: {
    account_id: ACCOUNT_ID,
    can_refresh: true,
    next_refresh_at: null,
    hours_remaining: 0,
    monthly_quota: { limit: 500, used: 123 },
  },
  cooldown: {
    account_id: ACCOUNT_ID,
    can_refresh: false,
    next_refresh_at: '2026-02-12T09:15:00Z',
    hours_remaining: 12,
    monthly_quota: { limit: 500, used: 124 },
  },
} satisfies Record<string, z.infer<typeof Availability>>

/** What is said of a wish, by its status: the first is the document's. */
export const NOTES: Record<z.infer<typeof Wished>['status'], string> = {
  scrape_queued: 'Analytics scrape has been queued. Data will be available shortly.',
  refreshed: 'Analytics are fresh. Nothing was asked of the platform.',
}
