import { CATALOG } from '../../domain/catalog/catalog.ts'
import type { Content, Reading } from '../../domain/connector.ts'
import type { ContentType } from '../../domain/content.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MetricDefinition, MissingReason } from '../../domain/metric.ts'
import { isObject } from '../json.ts'
import { contentMetrics, dayOf, isWithinLag, pickNumbers } from '../numbers.ts'
import { byKind, countOfKind, totalOf } from './breakdowns.ts'
import { lifetimeValues, requestName } from './insights.ts'

/** For what refused metrics of posts are remembered. */
export const POSTS = 'post'

const REACTIONS = 'post_reactions_by_type_total'

/** What answers the reactions: a post, else a reel, else the node of a video. */
const REACTION_ITEMS = [
  REACTIONS,
  'post_video_likes_by_reaction_type',
  'total_video_reactions_by_type_total',
]

/** What insights are of, and what they say. */
export interface Insights {
  items: readonly JsonObject[]
  publishedAt: Content['publishedAt']
  now: Date
  /** Names that the platform refused. */
  refused: readonly string[]
}

/** The metrics that the insights of a post of some kind answer. */
export function postMetrics(contentType: ContentType, now: Date): MetricDefinition[] {
  return contentMetrics('facebook', contentType, ['post_insights'], dayOf(now))
}

/** A post's insights as a reading. */
export function postReading(
  contentType: ContentType,
  insights: Insights,
  payload: JsonObject,
): Reading {
  return readingOf(postMetrics(contentType, insights.now), insights, payload)
}

/** The insights of a video's own node, or of a reel's, as a reading. */
export function videoReading(
  contentType: 'video' | 'reel',
  insights: Insights,
  payload: JsonObject,
): Reading {
  const today = dayOf(insights.now)
  const all = contentMetrics('facebook', contentType, ['post_insights', 'video_insights'], today)
  // Without a post around it, a video has only what its own node counts, and its reactions.
  const isCounted = ({ source, name }: MetricDefinition) =>
    contentType === 'reel' || source === 'video_insights' || name === REACTIONS
  const reading = readingOf(all.filter(isCounted), insights, payload)
  const others = all
    .filter((metric) => !isCounted(metric))
    .map(({ name }) => [name, 'not_supported'])
  return { ...reading, missing: { ...Object.fromEntries(others), ...reading.missing } }
}

function readingOf(
  metrics: readonly MetricDefinition[],
  { items, now, publishedAt, refused }: Insights,
  payload: JsonObject,
): Reading {
  const values = lifetimeValues(items)
  const reactions = REACTION_ITEMS.map((name) => values.get(name)).find(
    (each) => each !== undefined,
  )
  const numbers = pickNumbers({
    metrics,
    valueOf: ({ name, wire }) =>
      name === REACTIONS ? reactions && totalOf(reactions) : partOf(values, wire),
    reasonOf: (metric): MissingReason | null => {
      if (refused.includes(requestName(metric.wire))) return 'not_supported'
      return isWithinLag(metric, publishedAt, now) ? 'not_yet_available' : null
    },
  })
  return {
    ...numbers,
    native: { ...numbers.native, ...reactionCounts(reactions) },
    payload: { ...payload, insights: { data: [...items] } },
  }
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
