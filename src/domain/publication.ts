import type { ContentType } from './content.ts'
import type { Metrics } from './metric.ts'
import type { Platform } from './platform.ts'
import type { SyncState, SyncStatus } from './sync.ts'

/** A post as it stands on one platform under one account, with its latest reading. */
export interface Publication extends SyncState {
  workspaceId: string
  id: string
  /** The post it belongs to; null when it was discovered on the platform. */
  postId: string | null
  accountId: string
  platform: Platform
  platformPostId: string
  url: string | null
  text: string | null
  contentType: ContentType
  thumbnailUrl: string | null
  durationSeconds: number | null
  /** When this gateway recorded it. */
  createdAt: Date
  /** When it went live on the platform. */
  publishedAt: Date | null
  /** When the schedule reads it again; null: it does not. */
  dueAt: Date | null
  /** How many answers in a row said that the platform does not show it any more. */
  timesGone: number
  metrics: Metrics
  /** engagement / (views, or impressions) in percent; null without a divisor. */
  engagementRate: number | null
}

/** What a list of publications may be narrowed to. Windows are inclusive at both ends. */
export interface PublicationFilter {
  postId?: string | null
  /** The id of the post, or the platform's own id of the publication. */
  anyPostId?: string | null
  /** True: only what belongs to a post. */
  isRecorded?: true | null
  accountId?: string | null
  platform?: Platform | null
  contentType?: ContentType | null
  from?: Date | null
  to?: Date | null
  publishedFrom?: Date | null
  publishedTo?: Date | null
  syncStatus?: SyncStatus | null
}

/** The columns that publications can be ordered by. */
export const PUBLICATION_ORDER_FIELDS = [
  'createdAt',
  'publishedAt',
  'views',
  'impressions',
  'likes',
  'comments',
  'shares',
  'engagement',
  'engagementRate',
] as const

/** A column that publications can be ordered by. */
export type PublicationOrderField = (typeof PUBLICATION_ORDER_FIELDS)[number]
