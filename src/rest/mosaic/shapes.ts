import { z } from '@hono/zod-openapi'
import type { JsonValue } from '../../domain/json.ts'
import type { Metrics } from '../../domain/metric.ts'
import type { Publication } from '../../domain/publication.ts'
import { instantText } from '../facade.ts'
import { type AnalyticsStatus, sumsOf } from './combining.ts'

const count = z.int().nullable()
const instant = (description: string) => z.iso.datetime().nullable().openapi({ description })

/** The fixed numbers, in the document's order. Null: nobody reported it. */
export const MetricNumbers = z
  .object({
    likes: count,
    comments: count,
    shares: count,
    impressions: count,
    views: count,
    video_views: count,
    video_viewers: count,
    video_watch_time_ms: count,
    engagement: count,
    clicks: count,
    saves: count,
    bookmarks: count,
    quotes: count,
  })
  .openapi('MosaicMetrics')

/** What a post is on one platform under one account. */
export const PlatformEntry = z
  .object({
    platform: z.enum(['x', 'linkedin', 'instagram', 'facebook', 'tiktok', 'youtube']),
    platform_post_id: z.string().nullable(),
    post_url: z.string().nullable(),
    metrics: MetricNumbers,
    raw_metrics: z.record(z.string(), z.unknown()).openapi({
      description: 'The platform’s own answer about the post; empty where it never answered.',
    }),
  })
  .openapi('MosaicPlatformAnalytics')

const Status = z.enum(['success', 'partial', 'pending', 'error']).nullable()

/** The analytics of a post. */
export const Analytics = z
  .object({
    status: Status.openapi({ description: 'Null: the post was published nowhere.' }),
    totals: MetricNumbers,
    platforms: z.array(PlatformEntry),
    metadata: z.object({
      post_id: z.string(),
      last_updated_at: instant('The newest of the entries’.'),
      stale_after: instant('The earliest of the entries’.'),
    }),
  })
  .openapi('MosaicAnalytics')

const StatsEntry = z
  .object({
    id: z.string(),
    postUrl: z.string().nullable(),
    analytics: z.record(z.string(), z.number()),
    lastUpdated: instant('When the platform was last asked with success.'),
    nextUpdate: instant('When the numbers become stale.'),
  })
  .openapi('MosaicStatsEntry')

/** One account's entry, or a list where several accounts of the platform have the post. */
const StatsOfPlatform = z.union([StatsEntry, z.array(StatsEntry)]).optional()

/** The payload of older clients. */
export const Stats = z
  .object({
    status: Status,
    x: StatsOfPlatform,
    linkedin: StatsOfPlatform,
    instagram: StatsOfPlatform,
    facebook: StatsOfPlatform,
    tiktok: StatsOfPlatform,
    youtube: StatsOfPlatform,
  })
  .openapi('MosaicStats', { deprecated: true })

/** The answer of the endpoint. */
export const PostAnalytics = z
  .object({ analytics: Analytics, stats: Stats })
  .openapi('MosaicPostAnalytics')

/** A publication with the platform's own answer about it; null: it never answered. */
export interface Published {
  publication: Publication
  payload: JsonValue | null
}

/** The answer about a post. */
export function postAnalytics(
  postId: string,
  status: AnalyticsStatus | null,
  published: readonly Published[],
): z.infer<typeof PostAnalytics> {
  const publications = published.map(({ publication }) => publication)
  return {
    analytics: {
      status,
      totals: numbersOf(sumsOf(publications.map(({ metrics }) => metrics))),
      platforms: published.map(platformEntry),
      metadata: {
        post_id: postId,
        last_updated_at: latest(publications.map(({ lastUpdatedAt }) => lastUpdatedAt)),
        stale_after: earliest(publications.map(({ staleAfter }) => staleAfter)),
      },
    },
    stats: { status, ...statsOf(publications) },
  }
}

function platformEntry({ publication, payload }: Published): z.infer<typeof PlatformEntry> {
  return {
    platform: publication.platform,
    platform_post_id: publication.platformPostId,
    post_url: publication.url,
    metrics: numbersOf(publication.metrics),
    raw_metrics: isObject(payload) ? payload : {},
  }
}

// An import may have brought anything.
function isObject(payload: JsonValue | null): payload is { [key: string]: JsonValue | undefined } {
  return typeof payload === 'object' && payload !== null && !Array.isArray(payload)
}

function numbersOf(metrics: Metrics): z.infer<typeof MetricNumbers> {
  return {
    likes: metrics.likes,
    comments: metrics.comments,
    shares: metrics.shares,
    impressions: metrics.impressions,
    views: metrics.views,
    video_views: metrics.videoViews,
    video_viewers: metrics.videoViewers,
    video_watch_time_ms: metrics.videoWatchTimeMs,
    engagement: metrics.engagement,
    clicks: metrics.clicks,
    saves: metrics.saves,
    bookmarks: metrics.bookmarks,
    quotes: metrics.quotes,
  }
}

function statsOf(publications: readonly Publication[]) {
  const byPlatform = Map.groupBy(publications, ({ platform }) => platform)
  return Object.fromEntries(
    [...byPlatform].map(([platform, rows]) => {
      const [first, ...others] = rows.map(statsEntry)
      return [platform, others.length === 0 ? first : [first, ...others]]
    }),
  )
}

function statsEntry(publication: Publication): z.infer<typeof StatsEntry> {
  return {
    id: publication.platformPostId,
    postUrl: publication.url,
    analytics: { ...publication.native },
    lastUpdated: publication.lastUpdatedAt && instantText(publication.lastUpdatedAt),
    nextUpdate: publication.staleAfter && instantText(publication.staleAfter),
  }
}

function latest(instants: readonly (Date | null)[]): string | null {
  const last = ordered(instants).at(-1)
  return last ? instantText(last) : null
}

function earliest(instants: readonly (Date | null)[]): string | null {
  const [first] = ordered(instants)
  return first ? instantText(first) : null
}

function ordered(instants: readonly (Date | null)[]): Date[] {
  return instants
    .filter((at) => at !== null)
    .toSorted((one, other) => one.getTime() - other.getTime())
}
