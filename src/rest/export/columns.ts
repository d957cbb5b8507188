import type { ExportedPoint, ExportedPublication, HistorySubject } from '../../domain/export.ts'
import {
  AUDIENCE_FIELDS,
  METRIC_FIELDS,
  type MetricField,
  type Metrics,
} from '../../domain/metric.ts'
import { toAudience } from '../../domain/normalize.ts'
import type { Cell, Column, InstantText } from './formats.ts'

type CellOf<Row> = (row: Row, at: InstantText) => Cell

function columns<Row>(cells: Record<string, CellOf<Row>>): Column<Row>[] {
  return Object.entries(cells).map(([name, cell]) => ({ name, cell }))
}

// Times are in milliseconds, as the name says.
function metricColumns<Row>(metricsOf: (row: Row) => Metrics | null): Column<Row>[] {
  return METRIC_FIELDS.map((field) => ({
    name: columnName(field),
    cell: (row) => metricsOf(row)?.[field] ?? null,
  }))
}

function columnName(field: MetricField): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** What is exported of a publication, in this order. */
export const PUBLICATION_COLUMNS: readonly Column<ExportedPublication>[] = [
  ...columns<ExportedPublication>({
    id: ({ publication }) => publication.id,
    post_id: ({ publication }) => publication.postId,
    account_id: ({ publication }) => publication.accountId,
    account_handle: ({ accountHandle }) => accountHandle,
    platform: ({ publication }) => publication.platform,
    platform_post_id: ({ publication }) => publication.platformPostId,
    url: ({ publication }) => publication.url,
    text: ({ publication }) => publication.text,
    content_type: ({ publication }) => publication.contentType,
    duration_seconds: ({ publication }) => publication.durationSeconds,
    created_at: ({ publication }, at) => at(publication.createdAt),
    published_at: ({ publication }, at) => at(publication.publishedAt),
  }),
  ...metricColumns<ExportedPublication>(({ publication }) => publication.metrics),
  ...columns<ExportedPublication>({
    engagement_rate_percent: ({ publication }) => publication.engagementRate,
    sync_status: ({ publication }) => publication.syncStatus,
    warnings: ({ publication }) => publication.warnings,
    error_message: ({ publication }) => publication.errorMessage,
    last_updated_at: ({ publication }, at) => at(publication.lastUpdatedAt),
    stale_after: ({ publication }, at) => at(publication.staleAfter),
  }),
  { name: 'native', cell: ({ publication }) => publication.native, only: 'ndjson' },
]

const PLACE = columns<ExportedPoint>({
  account_handle: ({ accountHandle }) => accountHandle,
  platform: ({ platform }) => platform,
  at: (point, at) => at(point.at),
})

const OF_CONTENT = [
  ...columns<ExportedPoint>({ account_id: ({ accountId }) => accountId }),
  ...PLACE,
  ...metricColumns<ExportedPoint>(({ metrics }) => metrics),
]

const ID = columns<ExportedPoint>({ id: ({ id }) => id })

/** What is exported of a point of a history, in this order. */
export const HISTORY_COLUMNS: Readonly<Record<HistorySubject, readonly Column<ExportedPoint>[]>> = {
  account: [
    ...ID,
    ...PLACE,
    ...AUDIENCE_FIELDS.map((field) => ({
      name: field,
      cell: ({ platform, native }: ExportedPoint) => toAudience(platform, native)[field],
    })),
    { name: 'native', cell: ({ native }) => native, only: 'ndjson' },
  ],
  publication: [...ID, ...OF_CONTENT],
  video: [
    ...ID,
    ...columns<ExportedPoint>({ publication_id: ({ publicationId }) => publicationId }),
    ...OF_CONTENT,
  ],
}
