import { expect, test } from 'vitest'
import type { ContentType } from '../../src/domain/content.ts'
import type { Metrics, NativeNumbers } from '../../src/domain/metric.ts'
import { normalize, UNKNOWN_METRICS } from '../../src/domain/normalize.ts'
import type { Platform } from '../../src/domain/platform.ts'

interface Golden {
  platform: Platform
  contentType: ContentType
  native: NativeNumbers
  /** Worked out by hand; what is not listed is unknown. */
  normalized: Partial<Metrics>
}

const GOLDEN: Golden[] = [
  {
    platform: 'x',
    contentType: 'video',
    native: {
      impression_count: 1903,
      like_count: 41,
      retweet_count: 5,
      reply_count: 3,
      quote_count: 2,
      bookmark_count: 7,
      url_link_clicks: 12,
      user_profile_clicks: 9,
      engagements: 96,
      view_count: 812,
      playback_25_count: 500,
    },
    // 41 + 3 + 5 + 2 + 7: the clicks will be hidden one day
    normalized: {
      likes: 41,
      comments: 3,
      shares: 5,
      impressions: 1903,
      videoViews: 812,
      engagement: 58,
      clicks: 12,
      bookmarks: 7,
      quotes: 2,
    },
  },
  {
    platform: 'tiktok',
    contentType: 'video',
    native: { view_count: 51200, like_count: 3120, comment_count: 88, share_count: 240 },
    normalized: {
      likes: 3120,
      comments: 88,
      shares: 240,
      views: 51200,
      videoViews: 51200,
      engagement: 3448,
    },
  },
  {
    platform: 'tiktok',
    contentType: 'carousel',
    native: { view_count: 900, like_count: 10, comment_count: 0, share_count: 2 },
    normalized: { likes: 10, comments: 0, shares: 2, views: 900, engagement: 12 },
  },
  {
    platform: 'instagram',
    contentType: 'reel',
    native: {
      views: 1240,
      reach: 980,
      likes: 84,
      comments: 6,
      shares: 12,
      saved: 9,
      total_interactions: 110,
      ig_reels_avg_watch_time: 4200,
      ig_reels_video_view_total_time: 5208000,
    },
    normalized: {
      likes: 84,
      comments: 6,
      shares: 12,
      views: 1240,
      videoViews: 1240,
      videoWatchTimeMs: 5208000,
      engagement: 110,
      saves: 9,
    },
  },
  {
    platform: 'facebook',
    contentType: 'video',
    native: {
      post_clicks: 41,
      post_reactions_by_type_total: 36,
      post_reactions_by_type_like: 33,
      post_activity_by_action_type_comment: 4,
      post_activity_by_action_type_share: 2,
      post_media_view: 2100,
      post_video_views: 640,
      post_video_view_time: 1536000,
      total_video_views_unique: 600,
    },
    normalized: {
      likes: 36,
      comments: 4,
      shares: 2,
      views: 2100,
      videoViews: 640,
      videoViewers: 600,
      videoWatchTimeMs: 1536000,
      engagement: 83,
      clicks: 41,
    },
  },
  {
    platform: 'linkedin',
    contentType: 'video',
    native: {
      share_statistics_impression_count: 640,
      share_statistics_unique_impressions_count: 500,
      share_statistics_click_count: 61,
      share_statistics_like_count: 12,
      share_statistics_comment_count: 1,
      share_statistics_share_count: 0,
      share_statistics_engagement: 0.115625,
      video_view: 412,
      viewer: 380,
      time_watched: 2_060_000,
    },
    // The fraction stays native: 12 + 1 + 0 + 61 interactions
    normalized: {
      likes: 12,
      comments: 1,
      shares: 0,
      impressions: 640,
      videoViews: 412,
      videoViewers: 380,
      videoWatchTimeMs: 2_060_000,
      engagement: 74,
      clicks: 61,
    },
  },
  {
    platform: 'youtube',
    contentType: 'short',
    native: {
      view_count: 1240,
      like_count: 84,
      favorite_count: 0,
      comment_count: 6,
      shares: 12,
      estimated_minutes_watched: 640,
      average_view_duration_seconds: 31.4,
    },
    // 640 minutes are 38,400 seconds
    normalized: {
      likes: 84,
      comments: 6,
      shares: 12,
      views: 1240,
      videoViews: 1240,
      videoWatchTimeMs: 38_400_000,
      engagement: 102,
    },
  },
]

test.each(GOLDEN)('a $contentType on $platform normalizes as worked out by hand', (golden) => {
  expect(normalize(golden.platform, golden.contentType, golden.native)).toEqual({
    ...UNKNOWN_METRICS,
    ...golden.normalized,
  })
})
