import { CATALOG } from '../../domain/catalog/catalog.ts'
import type { Content, Failure, Reading } from '../../domain/connector.ts'
import { type ContentType, isVideoContent } from '../../domain/content.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MetricDefinition, MissingReason } from '../../domain/metric.ts'
import { isWithinLag } from '../../domain/metric-age.ts'
import { unreadIn } from '../graph/parts.ts'
import { causeOf, reasonOf } from '../graph/reasons.ts'
import { isObject } from '../json.ts'
import { contentMetrics, dayOf, notShown, pickNumbers } from '../numbers.ts'
import { byKind, countOfKind, totalOf } from './breakdowns.ts'
import { lifetimeValues, requestName } from './insights.ts'
import type { RefusalReason } from './refusals.ts'

/** For what refused metrics of posts are remembered. */
export const POSTS = 'post'

const REACTIONS = 'post_reactions_by_type_total'

/** What answers the reactions: a post, else a reel, else the node of a video. */
const REACTION_ITEMS = [
  REACTIONS,
  'post_video_likes_by_reaction_type',
  'total_video_reactions_by_type_total',
]

/** What has insights: a post, and the node of the video or the reel that it shows. */
export type InsightsSource = 'post_insights' | 'video_insights'

/** What one of the sources of a publication's numbers said. */
export interface InsightsPart {
  source: InsightsSource
  items: readonly JsonObject[]
  /** Names that the platform refused, and why. */
  refused: ReadonlyMap<string, RefusalReason>
  /** Why it said nothing; null when it answered. */
  failure: Failure | null
  /** Whether it would say nothing again. */
  isLasting: boolean
}

/** What insights are of. */
export interface Measured extends Pick<Content, 'contentType' | 'publishedAt'> {
  now: Date
}

/** The metrics that the insights of a post of some kind answer. */
export function postMetrics(contentType: ContentType, now: Date): MetricDefinition[] {
  return contentMetrics('facebook', contentType, ['post_insights'], dayOf(now))
}

/**
 * The insights of a publication as a reading, those of its post before those of its video. What
 * only a source could tell that is no part of it is not supported; of one that failed, a warning
 * says why.
 */
export function publicationReading(
  { contentType, publishedAt, now }: Measured,
  parts: readonly InsightsPart[],
  payload: JsonObject,
): Reading {
  const metrics = metricsOf(contentType, now)
  const items = parts.flatMap((part) => part.items)
  const values = lifetimeValues(items)
  const reactions = REACTION_ITEMS.map((name) => values.get(name)).find(
    (each) => each !== undefined,
  )
  const refused = new Map(parts.flatMap((part) => [...part.refused]))
  const numbers = pickNumbers({
    metrics,
    valueOf: ({ name, wire }) =>
      name === REACTIONS ? reactions && totalOf(reactions) : partOf(values, wire),
    reasonOf: (metric): MissingReason | null => {
      const refusal = refused.get(requestName(metric.wire))
      if (refusal !== undefined) return refusal
      const lack = lackOf(sourcesOf(metric, contentType), parts)
      return lack ?? (isWithinLag(metric, publishedAt, now) ? 'not_yet_available' : null)
    },
  })
  const missing = metrics.filter(({ name }) => name in numbers.missing)
  const lost = parts.flatMap((part) => {
    const own = missing.filter((each) => sourcesOf(each, contentType).includes(part.source))
    return warningOf(part, own)
  })
  return {
    ...numbers,
    ...unreadIn(parts.filter(({ isLasting }) => !isLasting)),
    native: { ...numbers.native, ...reactionCounts(reactions) },
    warnings: [...lost, ...numbers.warnings],
    payload: { ...payload, insights: { data: items } },
  }
}

function metricsOf(contentType: ContentType, now: Date): MetricDefinition[] {
  if (!isVideoContent(contentType)) return postMetrics(contentType, now)
  return contentMetrics('facebook', contentType, ['post_insights', 'video_insights'], dayOf(now))
}

/** Who may tell a metric: reels have all of theirs on their own node, and videos their reactions. */
function sourcesOf({ name, source }: MetricDefinition, contentType: ContentType): string[] {
  if (source !== 'video_insights' && (contentType === 'reel' || name === REACTIONS)) {
    return ['post_insights', 'video_insights']
  }
  return [source]
}

/** Why none of some sources could tell; null when one could. */
function lackOf(sources: readonly string[], parts: readonly InsightsPart[]): MissingReason | null {
  const asked = parts.filter(({ source }) => sources.includes(source))
  const failure = asked.find((part) => part.failure !== null)?.failure
  if (failure) return reasonOf(failure)
  return asked.length === 0 ? 'not_supported' : null
}

function warningOf({ failure }: InsightsPart, lost: readonly MetricDefinition[]): string[] {
  if (failure === null || lost.length === 0) return []
  const names = lost.map(({ name }) => name)
  return [notShown('facebook', names, causeOf(failure, lost))]
}

/** `post_activity_by_action_type.comment` is one kind within an item; most names are whole items. */
function partOf(values: ReadonlyMap<string, JsonValue>, wire: string): JsonValue | undefined {
  const name = requestName(wire)
  const value = values.get(name)
  if (value === undefined || name === wire) return value
  return countOfKind(value, wire.slice(name.length + 1))
}

/** Reactions by kind, under the names that the catalogue keeps for them. */
function reactionCounts(reactions: JsonValue | undefined): Record<string, number> {
  const prefix = CATALOG.facebook.statistics.post?.prefix ?? ''
  if (!isObject(reactions)) return {}
  const counts: Record<string, number> = {}
  for (const [kind, count] of byKind(reactions)) {
    const isCount = typeof count === 'number' && Number.isSafeInteger(count) && count >= 0
    if (isCount && /^[a-z]{1,20}$/.test(kind) && kind !== 'total') counts[prefix + kind] = count + 0
  }
  return counts
}
