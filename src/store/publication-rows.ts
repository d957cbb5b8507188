import type { Selectable } from 'kysely'
import type { Publication } from '../domain/publication.ts'
import { METRIC_COLUMN_NAMES, toMetrics } from './metric-columns.ts'
import { columnList } from './rows.ts'
import type { PublicationTable } from './schema.ts'
import { SYNC_COLUMNS, toSyncState } from './sync-state.ts'

const COLUMN_NAMES = [
  'workspace_id',
  'id',
  'post_id',
  'account_id',
  'platform',
  'platform_post_id',
  'url',
  'text',
  'content_type',
  'thumbnail_url',
  'duration_seconds',
  'created_at',
  'published_at',
  'due_at',
  'times_gone',
  'engagement_rate',
  ...SYNC_COLUMNS,
  ...METRIC_COLUMN_NAMES,
] as const

/** Every column of a publication but the payload, with its table. */
export const PUBLICATION_COLUMNS = columnList(
  COLUMN_NAMES.map((name) => `publication.${name}` as const),
)

/** A publication as it is read. */
export type PublicationRow = Pick<Selectable<PublicationTable>, (typeof COLUMN_NAMES)[number]>

/** The publication that a row holds. */
export function toPublication(row: PublicationRow): Publication {
  return {
    ...toSyncState(row),
    workspaceId: row.workspace_id,
    id: row.id,
    postId: row.post_id,
    accountId: row.account_id,
    platform: row.platform,
    platformPostId: row.platform_post_id,
    url: row.url,
    text: row.text,
    contentType: row.content_type,
    thumbnailUrl: row.thumbnail_url,
    durationSeconds: row.duration_seconds,
    createdAt: row.created_at,
    publishedAt: row.published_at,
    dueAt: row.due_at,
    timesGone: row.times_gone,
    metrics: toMetrics(row),
    engagementRate: row.engagement_rate,
  }
}
