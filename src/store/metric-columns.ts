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

/** The thirteen numbers of a row. */
export function toMetrics(row: MetricColumns): Metrics {
  return perField((field) => row[METRIC_COLUMNS[field]])
}

/** The thirteen numbers as columns; null for no numbers writes null to all of them. */
export function metricCells(metrics: Metrics | null): MetricColumns {
  const cells = METRIC_FIELDS.map((field) => [METRIC_COLUMNS[field], metrics?.[field] ?? null])
  return Object.fromEntries(cells)
}

/** One value for each of the thirteen fields. */
export function perField<Value>(pick: (field: MetricField) => Value): Record<MetricField, Value> {
  const entries = METRIC_FIELDS.map((field) => [field, pick(field)])
  return Object.fromEntries(entries)
}
