import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MetricDefinition } from '../../domain/metric.ts'
import type { SimulatedPublication } from '../account.ts'
import { isMetricOf, livingMetrics } from '../catalogue.ts'
import { partOf } from '../growth.ts'
import { publicationNumbersFor } from '../numbers.ts'
import { itemNames, itemValues } from './catalogued.ts'
import { videoIdOf } from './ids.ts'
import { checkedMetrics } from './metrics.ts'
import { lifetimeInsight, reactionsIn } from './post-insights.ts'
import { type Admitted, requirePage } from './route.ts'

/** Answered only when no metric is named. */
const UNNAMED = ['post_impressions_unique']

/** Insights that the catalogue does not have. */
const OTHERS = [
  ...['fb_reels_replay_count', 'post_video_likes_by_reaction_type', 'post_video_followers'],
  ...['total_video_reactions_by_type_total', 'total_video_stories_by_action_type'],
]

/** Reactions have another name on videos. */
const REACTIONS = 'post_reactions_by_type_total'

/**
 * The insights of a video's own node; all that there are unless some are named. A reel has other
 * ones than a video that a post shows.
 */
export function videoInsights(
  admitted: Admitted,
  publication: SimulatedPublication,
  list: string | null,
): JsonObject[] {
  requirePage(admitted)
  const { call, scopes, simulation } = admitted
  const known = [
    ...OTHERS,
    ...itemNames([...metricsAt(call.now, 'video'), ...metricsAt(call.now, 'reel')]),
  ]
  const named = list === null ? null : checkedMetrics(admitted, list, known)
  if (!scopes.includes('read_insights')) return []
  const numbers = publicationNumbersFor(call, publication, simulation)
  const isReel = publication.contentType === 'reel'
  const values = isReel ? reelValues(numbers, call.now) : videoValues(numbers, call.now)
  const id = isReel ? publication.platformPostId : videoIdOf(publication.platformPostId)
  return Object.entries(values).flatMap(([name, value]) => {
    const isAsked = named === null ? true : named.includes(name) && !UNNAMED.includes(name)
    if (value === undefined || !isAsked) return []
    return [lifetimeInsight(id, name, value, 'video_insights')]
  })
}

type Values = Record<string, JsonValue | undefined>

/** What the catalogue expects of the node of a reel, or of the node of a video below its post. */
function metricsAt(now: Date, type: 'video' | 'reel'): MetricDefinition[] {
  const sources = type === 'reel' ? ['video_insights', 'post_insights'] : ['video_insights']
  const group = { platform: 'facebook', subjects: ['post', 'video'], sources } as const
  const metrics = livingMetrics(group, now).filter((metric) => isMetricOf(metric, type))
  return metrics.filter(({ name }) => name !== REACTIONS)
}

function reelValues(numbers: Record<string, number>, now: Date): Values {
  const total = numbers['fb_reels_total_plays']
  const plays = numbers['blue_reels_play_count']
  return {
    ...itemValues(numbers, metricsAt(now, 'reel')),
    fb_reels_replay_count: total === undefined ? undefined : total - (plays ?? 0),
    post_video_likes_by_reaction_type: asOnReels(reactionsIn(numbers)),
    post_video_followers: partOf(plays ?? 0, 0.0002),
    post_impressions_unique: partOf(total ?? 0, 0.6),
  }
}

function videoValues(numbers: Record<string, number>, now: Date): Values {
  return {
    total_video_reactions_by_type_total: reactionsIn(numbers),
    total_video_stories_by_action_type: actionsIn(numbers, 'post_activity_by_action_type'),
    ...itemValues(numbers, metricsAt(now, 'video')),
  }
}

// Kinds that did not occur are left out.
function actionsIn(numbers: Record<string, number>, name: string): JsonObject | undefined {
  const [comment, share] = [numbers[`${name}_comment`], numbers[`${name}_share`]]
  if (comment === undefined && share === undefined) return undefined
  const kinds = Object.entries({ comment, share })
  return Object.fromEntries(kinds.filter(([, count]) => count !== undefined && count > 0))
}

/** The kinds of reactions as reels spell them. */
function asOnReels(counts: JsonObject | undefined): JsonObject | undefined {
  if (counts === undefined) return undefined
  const kinds = Object.entries(counts).map(([kind, n]) => [`REACTION_${kind.toUpperCase()}`, n])
  return Object.fromEntries(kinds)
}
