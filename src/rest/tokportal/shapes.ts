import { z } from '@hono/zod-openapi'
import type { Account } from '../../domain/account.ts'
import { toAudience } from '../../domain/normalize.ts'
import type { RefreshAvailability, RefreshQuota } from '../../domain/refresh.ts'
import type { Video } from '../../domain/video.ts'
import {
  averageViewsOf,
  engagementRateOf,
  type RateParts,
  type VideoSummary,
  weeklyUploadsOf,
} from '../../domain/video-summary.ts'
import { instantText } from '../facade.ts'

const SECOND_MS = 1000
const RATE_DECIMALS = 2
const WEEKLY_DECIMALS = 1

const count = (description: string) => z.int().openapi({ description })
const average = (description: string) => z.number().nullable().openapi({ description })
const instant = (description: string) => z.iso.datetime().nullable().openapi({ description })

const UNAVAILABLE = z.array(z.string()).optional().openapi({
  description: 'The integers above that nobody knows, and which are 0 for that reason alone.',
})

/** The totals of an account, in the document's order. */
export const Analytics = z
  .object({
    account_id: z.string(),
    followers_count: count('Followers now.'),
    following_count: count('Accounts that this one follows.'),
    total_videos_tracked: count('Videos that are tracked.'),
    total_views: count('Views of all tracked videos.'),
    total_likes: count('Likes of all tracked videos.'),
    total_comments: count('Comments on all tracked videos.'),
    total_shares: count('Shares of all tracked videos.'),
    total_bookmarks: count('Bookmarks, or saves, of all tracked videos.'),
    average_engagement_rate: average(
      '(likes + comments + shares + bookmarks) / views * 100 of these totals, two decimals. Null ' +
        'without views.',
    ),
    average_video_views: average('Views per video, to the nearest whole number.'),
    weekly_post_average: average('Videos a week, one decimal.'),
    scraped_at: instant('When the account or one of its videos was last read.'),
    unavailable: UNAVAILABLE,
  })
  .openapi('TokPortalAnalytics')

/** One video with its numbers, in the document's order. */
export const VideoAnalytics = z
  .object({
    id: z.string().openapi({ description: 'The id of this record.' }),
    video_id: z.string().openapi({ description: 'The id that other systems know the video by.' }),
    url: z.string().nullable(),
    description: z.string().nullable(),
    thumbnail_url: z.string().nullable(),
    upload_date: instant('When it went live on the platform.'),
    duration_seconds: z.int(),
    views: z.int(),
    likes: z.int(),
    comments: z.int(),
    shares: z.int(),
    bookmarks: count('Bookmarks, or saves.'),
    engagement_rate: average(
      '(likes + comments + shares + bookmarks) / views * 100, two decimals. Null without views.',
    ),
    platform: z.string(),
    content_type: z.string(),
    scraped_at: instant('When it was last read.'),
    unavailable: UNAVAILABLE,
  })
  .openapi('TokPortalVideo')

/** Where a page stands in its list. */
export const Pagination = z
  .object({
    page: z.int(),
    per_page: z.int(),
    total: count('How many videos there are.'),
    total_pages: z.int(),
  })
  .openapi('TokPortalPagination')

const Quota = z
  .object({ limit: z.int(), used: z.int() })
  .openapi('TokPortalQuota', { description: 'Refreshes of this calendar month (UTC).' })

/** Whether an account may be refreshed. */
export const Availability = z
  .object({
    account_id: z.string(),
    can_refresh: z.boolean(),
    next_refresh_at: instant('From when on; null: now, or once the account is connected again.'),
    hours_remaining: z.number().openapi({ description: 'Whole hours until then, rounded up.' }),
    monthly_quota: Quota,
  })
  .openapi('TokPortalAvailability')

/** What became of a wish for a refresh. */
export const Wished = z
  .object({
    account_id: z.string(),
    status: z.enum(['scrape_queued', 'refreshed']),
    note: z.string(),
  })
  .openapi('TokPortalRefresh')

/** An account's totals; without a summary no video of it is tracked. */
export function analyticsOf(
  account: Account,
  summary: VideoSummary | null,
): z.infer<typeof Analytics> {
  const { followers, following } = toAudience(account.platform, account.native)
  const parts = summary ? { ...summary, bookmarks: summary.bookmarks ?? summary.saves } : NONE
  const { values, unavailable } = integers({
    followers_count: followers,
    following_count: following,
    total_videos_tracked: summary?.videos ?? 0,
    total_views: parts.views,
    total_likes: parts.likes,
    total_comments: parts.comments,
    total_shares: parts.shares,
    total_bookmarks: parts.bookmarks,
  })
  return {
    account_id: account.id,
    ...values,
    average_engagement_rate: rounded(engagementRateOf(parts), RATE_DECIMALS),
    average_video_views: rounded(summary && averageViewsOf(summary), 0),
    weekly_post_average: rounded(summary && weeklyUploadsOf(summary), WEEKLY_DECIMALS),
    scraped_at: maybeInstant(newest(account.lastUpdatedAt, summary?.lastUpdatedAt ?? null)),
    ...unavailable,
  }
}

// The sums over no videos are known.
const NONE: RateParts = { views: 0, likes: 0, comments: 0, shares: 0, bookmarks: 0 }

/** A video as the document shows it. */
export function videoOf({ id, videoId, publication }: Video): z.infer<typeof VideoAnalytics> {
  const { metrics } = publication
  const parts: RateParts = {
    views: metrics.views ?? metrics.videoViews,
    likes: metrics.likes,
    comments: metrics.comments,
    shares: metrics.shares,
    bookmarks: metrics.bookmarks ?? metrics.saves,
  }
  const { values, unavailable } = integers({
    duration_seconds: rounded(publication.durationSeconds, 0),
    ...parts,
  })
  return {
    id,
    video_id: videoId,
    url: publication.url,
    description: publication.text,
    thumbnail_url: publication.thumbnailUrl,
    upload_date: maybeInstant(publication.publishedAt),
    ...values,
    engagement_rate: rounded(engagementRateOf(parts), RATE_DECIMALS),
    platform: publication.platform,
    content_type: publication.contentType,
    scraped_at: maybeInstant(publication.lastUpdatedAt),
    ...unavailable,
  }
}

/** Whether an account may be refreshed, as the document shows it. */
export function availabilityShown(
  accountId: string,
  { canRefresh, nextRefreshAt, hoursRemaining, monthlyQuota }: RefreshAvailability,
): z.infer<typeof Availability> {
  return {
    account_id: accountId,
    can_refresh: canRefresh,
    next_refresh_at: nextRefreshAt && nextInstantText(nextRefreshAt),
    hours_remaining: hoursRemaining,
    monthly_quota: quotaOf(monthlyQuota),
  }
}

/** A quota as the document shows it. */
export function quotaOf({ limit, used }: Pick<RefreshQuota, 'limit' | 'used'>) {
  return { limit, used }
}

/** The first whole second from which on an instant has come: whoever waits for it comes in time. */
export function nextInstantText(at: Date): string {
  return instantText(new Date(Math.ceil(at.getTime() / SECOND_MS) * SECOND_MS))
}

/** Integers where unknown ones are 0, with the names of those; no such member when all are known. */
function integers<Name extends string>(
  known: Record<Name, number | null>,
): { values: Record<Name, number>; unavailable: { unavailable?: Name[] } } {
  const entries = Object.entries<number | null>(known) as [Name, number | null][]
  const missing = entries.filter(([, value]) => value === null).map(([name]) => name)
  const values = Object.fromEntries(entries.map(([name, value]) => [name, value ?? 0]))
  return {
    values: values as Record<Name, number>,
    unavailable: missing.length > 0 ? { unavailable: missing } : {},
  }
}

function rounded(value: number | null, decimals: number): number | null {
  if (value === null) return null
  const scale = 10 ** decimals
  return Math.round(value * scale) / scale
}

function maybeInstant(at: Date | null): string | null {
  return at && instantText(at)
}

function newest(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other
  return one > other ? one : other
}
