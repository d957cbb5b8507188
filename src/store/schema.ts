import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { ChangeSubject } from '../domain/change.ts'
import type { ContentType } from '../domain/content.ts'
import type { JsonObject, JsonValue } from '../domain/json.ts'
import type { MissingReason } from '../domain/metric.ts'
import type { Platform } from '../domain/platform.ts'
import type { RefreshOrigin, RefreshStatus } from '../domain/refresh.ts'
import type { ConnectionStatus, SyncStatus } from '../domain/sync.ts'

type At = ColumnType<Date, Date, Date>
type AtOrNull = ColumnType<Date | null, Date | null | undefined, Date | null>

/** The sync state as columns. */
export interface SyncColumns {
  sync_status: Generated<SyncStatus>
  warnings: Generated<string[]>
  error_message: string | null
  last_updated_at: AtOrNull
  stale_after: AtOrNull
  missing: ColumnType<Record<string, MissingReason>, string | undefined, string>
  native: ColumnType<Record<string, number>, string | undefined, string>
  payload: ColumnType<JsonValue, string | null | undefined, string | null>
  catalog_version: Generated<number>
}

/** The thirteen normalized numbers as columns, in their normalized order. */
export interface MetricColumns {
  likes: number | null
  comments: number | null
  shares: number | null
  impressions: number | null
  views: number | null
  video_views: number | null
  video_viewers: number | null
  video_watch_time_ms: number | null
  engagement: number | null
  clicks: number | null
  saves: number | null
  bookmarks: number | null
  quotes: number | null
}

interface WorkspaceTable {
  workspace_id: string
  name: string
  refresh_cooldown_hours: number | null
  refresh_monthly_quota: number | null
  data_version: Generated<number>
  created_at: At
  snapshots_daily_until: AtOrNull
  snapshots_thinned_from: AtOrNull
}

interface ApiKeyTable {
  workspace_id: string
  id: string
  name: string
  hash: string
  first_characters: string
  scopes: string[]
  created_at: At
  expires_at: AtOrNull
  revoked_at: AtOrNull
  last_used_at: AtOrNull
}

/** An account, with its sealed tokens. */
export interface AccountTable extends SyncColumns {
  workspace_id: string
  id: string
  platform: Platform
  platform_account_id: string
  handle: string | null
  display_name: string | null
  avatar_url: string | null
  connection_status: ConnectionStatus
  scopes: string[] | null
  access_token_sealed: string | null
  refresh_token_sealed: string | null
  token_expires_at: AtOrNull
  token_renewal_until: AtOrNull
  connected_at: At
  due_at: AtOrNull
}

interface PostTable {
  workspace_id: string
  id: string
  text: string | null
  created_at: At
}

/** A publication, with its normalized numbers and the two rates that follow from them. */
export interface PublicationTable extends SyncColumns, MetricColumns {
  workspace_id: string
  id: string
  post_id: string | null
  account_id: string
  platform: Platform
  platform_post_id: string
  url: string | null
  text: string | null
  content_type: ContentType
  thumbnail_url: string | null
  duration_seconds: number | null
  created_at: At
  published_at: AtOrNull
  due_at: AtOrNull
  times_gone: Generated<number>
  engagement_rate: ColumnType<number | null, never, never>
  video_engagement_rate: ColumnType<number | null, never, never>
}

interface VideoTable {
  workspace_id: string
  id: string
  video_id: string
  publication_id: string
}

interface SnapshotTable extends MetricColumns {
  workspace_id: string
  subject: string
  subject_id: string
  captured_at: At
  native: JSONColumnType<Record<string, number>>
  catalog_version: number
}

interface RefreshTable {
  workspace_id: string
  id: string
  account_id: string
  status: RefreshStatus
  origin: RefreshOrigin
  publication_ids: string[] | null
  requested_at: At
  started_at: AtOrNull
  finished_at: AtOrNull
  updated: Generated<number>
  failed: Generated<number>
  upstream_calls: Generated<number>
  error_message: string | null
  charged_at: AtOrNull
}

interface RefreshUsageTable {
  workspace_id: string
  month: ColumnType<string, string, string>
  used: number
}

interface UpstreamBudgetTable {
  workspace_id: string
  platform: Platform
  account_id: Generated<string>
  day: ColumnType<string, string, string>
  calls: Generated<number>
  call_limit: number | null
  remaining: number | null
  reserve: Generated<number>
  resets_at: AtOrNull
  units: Generated<number>
}

interface IdempotencyTable {
  workspace_id: string
  operation: string
  key: string
  answer: JSONColumnType<JsonObject>
  created_at: At
  expires_at: At
}

interface ChangeTable {
  workspace_id: string
  version: number
  subject: ChangeSubject
  subject_id: string
  at: At
}

/** The tables as Kysely types them. Big integers are read as exact numbers up to 2^53 - 1. */
export interface Database {
  workspace: WorkspaceTable
  api_key: ApiKeyTable
  account: AccountTable
  post: PostTable
  publication: PublicationTable
  video: VideoTable
  snapshot: SnapshotTable
  refresh: RefreshTable
  refresh_usage: RefreshUsageTable
  upstream_budget: UpstreamBudgetTable
  idempotency: IdempotencyTable
  change: ChangeTable
}
