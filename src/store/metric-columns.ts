import { type RawBuilder, sql } from 'kysely'
import { METRIC_FIELDS, type MetricField, type Metrics } from '../domain/metric.ts'
import type { MetricColumns } from './schema.ts'

/** The columns of the thirteen normalized numbers. */
export const METRIC_COLUMNS = {
  likes: 'likes',
  comments: 'comments',
  shares: 'shares',
  impressions: 'impressions',
  views: 'views',
  videoViews: 'video_views',
  videoViewers: 'video_viewers',
  videoWatchTimeMs: 'video_watch_time_ms',
  engagement: 'engagement',
  clicks: 'clicks',
  saves: 'saves',
  bookmarks: 'bookmarks',
  quotes: 'quotes',
} as const satisfies Record<MetricField, keyof MetricColumns>

/** The thirteen column names, in their normalized order. */
export const METRIC_COLUMN_NAMES = METRIC_FIELDS.map((field) => METRIC_COLUMNS[field])

/** The thirteen numbers of a row. Spelled out: it is done for every row that is read. */
export function toMetrics(row: MetricColumns): Metrics {
  return {
    likes: row.likes,
    comments: row.comments,
    shares: row.shares,
    impressions: row.impressions,
    views: row.views,
    videoViews: row.video_views,
    videoViewers: row.video_viewers,
    videoWatchTimeMs: row.video_watch_time_ms,
    engagement: row.engagement,
    clicks: row.clicks,
    saves: row.saves,
    bookmarks: row.bookmarks,
    quotes: row.quotes,
  }
}

/** The thirteen numbers as columns; null for no numbers writes null to all of them. */
export function metricCells(metrics: Metrics | null): MetricColumns {
  const cells = METRIC_FIELDS.map((field) => [METRIC_COLUMNS[field], metrics?.[field] ?? null])
  return Object.fromEntries(cells)
}

/**
 * The part of `update … as kept set … from … as given` that the thirteen numbers take. They go
 * together: where native numbers are given, those that are not become unknown.
 */
export function metricAssignments(): RawBuilder<unknown>[] {
  return METRIC_COLUMN_NAMES.map((column) => {
    const [kept, given] = [sql.ref(`kept.${column}`), sql.ref(`given.${column}`)]
    return sql`${sql.ref(column)} = case when given.native is null then ${kept} else ${given} end`
  })
}
