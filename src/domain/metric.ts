import type { ContentType } from './content.ts'
import type { Platform } from './platform.ts'

/** What a metric measures. POST and VIDEO metrics of one publication share one set of numbers. */
export type MetricSubject = 'account' | 'post' | 'video'

/** The unit of a native number. */
export type MetricUnit = 'count' | 'percent' | 'milliseconds' | 'seconds' | 'minutes' | 'ratio'

/** How values of a metric may be combined: unique counts are never added up, rates never at all. */
export type MetricAggregation = 'sum' | 'latest' | 'unique' | 'rate'

/** Why a metric has no value, as a connector reports it and a row keeps it. */
export type MissingReason =
  | 'not_reported'
  | 'not_supported'
  | 'missing_scope'
  | 'not_yet_available'
  | 'retired'
  | 'fetch_failed'

/** Whether a metric has a value, and if not, why. */
export type MetricAvailability = 'reported' | MissingReason

/** Native numbers under the platform's own names. An absent key is unknown, never zero. */
export type NativeNumbers = Readonly<Record<string, number>>

/** The thirteen normalized numbers of a publication, in the order in which every surface lists them. */
export const METRIC_FIELDS = [
  'likes',
  'comments',
  'shares',
  'impressions',
  'views',
  'videoViews',
  'videoViewers',
  'videoWatchTimeMs',
  'engagement',
  'clicks',
  'saves',
  'bookmarks',
  'quotes',
] as const

/** The name of one of the thirteen normalized numbers. */
export type MetricField = (typeof METRIC_FIELDS)[number]

/** The thirteen normalized numbers. Null is unknown; it is never zero. Times are milliseconds. */
export type Metrics = Record<MetricField, number | null>

/** The three numbers that every platform's accounts share. */
export const AUDIENCE_FIELDS = ['followers', 'following', 'posts'] as const

/** The name of one of the audience numbers. */
export type AudienceField = (typeof AUDIENCE_FIELDS)[number]

/** Followers, accounts followed and posts published. Null is unknown. */
export type Audience = Record<AudienceField, number | null>

/** One metric of one platform, as the catalogue lists it. */
export interface MetricDefinition {
  readonly platform: Platform
  readonly subject: MetricSubject
  /** The key of the stored number: the platform's own name in snake case. */
  readonly name: string
  /** The name in the platform's requests and answers, where it differs from `name`. */
  readonly wire: string
  /** Which of the platform's requests answers it, in the connector's own words. */
  readonly source: string
  /** The field of the GraphQL union member; null when only `entries` shows it. */
  readonly field: string | null
  /** `count`: an exact integer; `decimal`: any number; `flag`: 1 or 0, shown as a boolean. */
  readonly kind: 'count' | 'decimal' | 'flag'
  readonly description: string
  readonly unit: MetricUnit
  readonly aggregation: MetricAggregation
  /** The normalized number it feeds. Of several feeding one, the first that is reported counts. */
  readonly normalizedAs: MetricField | AudienceField | null
  /** Every scope that the account must have granted. */
  readonly requiredScopes: readonly string[]
  /** For how many days after publishing the platform shows it; null: for ever. */
  readonly visibleDays: number | null
  /** How long the platform itself lags behind, ISO 8601, or null. */
  readonly lag: string | null
  /** The day on which the platform withdrew it, `YYYY-MM-DD`, or null. */
  readonly retiredOn: string | null
  /** The kinds of content that have it; null: all of the subject's. */
  readonly contentTypes: readonly ContentType[] | null
  /** Whether the platform may leave it out with nothing being wrong: that is no warning then. */
  readonly optional: boolean
  /** Whether it may leave out all metrics of the source together, as it does of the inactive. */
  readonly optionalTogether: boolean
}
