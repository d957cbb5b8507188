import { metricsOf } from './catalog/catalog.ts'
import { type ContentType, isVideoContent } from './content.ts'
import {
  AUDIENCE_FIELDS,
  type Audience,
  type AudienceField,
  METRIC_FIELDS,
  type MetricDefinition,
  type MetricField,
  type Metrics,
  type NativeNumbers,
} from './metric.ts'
import { exactCount, reportedValue } from './native.ts'
import type { Platform } from './platform.ts'

/** The thirteen numbers of a publication of which nothing is known. */
export const UNKNOWN_METRICS: Readonly<Metrics> = Object.freeze(blank<MetricField>(METRIC_FIELDS))

/** What engagement is made of where a platform has no total of its own. */
const ENGAGEMENT_PARTS = [
  'likes',
  'comments',
  'shares',
  'saves',
  'quotes',
  'bookmarks',
  'clicks',
] as const satisfies MetricField[]

/** Milliseconds in one unit of time; units that are no times have no entry. */
const MS_PER_UNIT: Partial<Record<MetricDefinition['unit'], number>> = {
  milliseconds: 1,
  seconds: 1000,
  minutes: 60_000,
}

/**
 * The thirteen numbers of a publication, from its native ones. Video metrics count only where the
 * content is a video. Null is unknown: not reported, or beyond 2^53 - 1. Throws nothing.
 */
export function normalize(
  platform: Platform,
  contentType: ContentType,
  native: NativeNumbers,
): Metrics {
  const video = isVideoContent(contentType) ? metricsOf(platform, 'video') : []
  const definitions = [...metricsOf(platform, 'post'), ...video]
  const metrics = blank<MetricField>(METRIC_FIELDS)
  fill(metrics, definitions, native)
  return { ...metrics, engagement: metrics.engagement ?? engagementOf(definitions, native) }
}

// What a platform shows for some days only is left out: a post's history would drop on that day.
function engagementOf(
  definitions: readonly MetricDefinition[],
  native: NativeNumbers,
): number | null {
  const parts = blank<MetricField>(METRIC_FIELDS)
  const lasting = definitions.filter(({ visibleDays }) => visibleDays === null)
  fill(parts, lasting, native)
  return sumOfKnown(parts)
}

/** The audience numbers of an account, from its native ones. Null is unknown. Throws nothing. */
export function toAudience(platform: Platform, native: NativeNumbers): Audience {
  const audience = blank<AudienceField>(AUDIENCE_FIELDS)
  fill(audience, metricsOf(platform, 'account'), native)
  return audience
}

function blank<Field extends string>(fields: readonly Field[]): Record<Field, number | null> {
  return Object.fromEntries(fields.map((field) => [field, null])) as Record<Field, null>
}

function fill(
  target: Partial<Record<MetricField | AudienceField, number | null>>,
  definitions: readonly MetricDefinition[],
  native: NativeNumbers,
): void {
  for (const metric of definitions) {
    const field = metric.normalizedAs
    // Of several metrics feeding one number, the first that is reported counts.
    if (field !== null && target[field] === null) target[field] = converted(metric, native)
  }
}

function converted(metric: MetricDefinition, native: NativeNumbers): number | null {
  const value = reportedValue({ name: metric.name, kind: 'decimal' }, native)
  return value === null ? null : exactCount(value * (MS_PER_UNIT[metric.unit] ?? 1))
}

function sumOfKnown(metrics: Metrics): number | null {
  const known = ENGAGEMENT_PARTS.map((part) => metrics[part]).filter((part) => part !== null)
  return known.length === 0 ? null : exactCount(known.reduce((sum, part) => sum + part, 0))
}
