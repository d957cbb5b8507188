import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { SimulatedPublication } from '../account.ts'
import { type Answer, jsonAnswer } from '../answer.ts'
import { partOf } from '../growth.ts'
import { publicationNumbersFor } from '../numbers.ts'
import { videoIdOf } from './ids.ts'
import { checkedMetrics } from './metrics.ts'
import { lifetimeInsight, reactionsIn } from './post-insights.ts'
import { type Admitted, requirePage } from './route.ts'

/** Answered only when no metric is named. */
const UNNAMED = ['post_impressions_unique']

const KNOWN = [
  ...['blue_reels_play_count', 'fb_reels_total_plays', 'fb_reels_replay_count'],
  ...['post_video_view_time', 'post_video_avg_time_watched', 'post_video_likes_by_reaction_type'],
  ...['post_video_social_actions', 'post_video_followers'],
  ...['total_video_views', 'total_video_views_unique', 'total_video_view_total_time'],
  ...['total_video_avg_time_watched', 'total_video_reactions_by_type_total'],
  'total_video_stories_by_action_type',
]

/** The insights of a video's own node. A reel has other ones than a video that a post shows. */
export function videoInsights(admitted: Admitted, publication: SimulatedPublication): Answer {
  requirePage(admitted)
  const { call, scopes, simulation } = admitted
  const list = call.query.get('metric')
  const named = list === null ? null : checkedMetrics(admitted, list, KNOWN)
  if (!scopes.includes('read_insights')) return jsonAnswer(200, { data: [] })
  const numbers = publicationNumbersFor(call, publication, simulation)
  const isReel = publication.contentType === 'reel'
  const values = isReel ? reelValues(numbers) : videoValues(numbers)
  const id = isReel ? publication.platformPostId : videoIdOf(publication.platformPostId)
  const data = Object.entries(values).flatMap(([name, value]) => {
    const isAsked = named === null ? true : named.includes(name) && !UNNAMED.includes(name)
    if (value === undefined || !isAsked) return []
    return [lifetimeInsight(id, name, value, 'video_insights')]
  })
  return jsonAnswer(200, { data })
}

type Values = Record<string, JsonValue | undefined>

function reelValues(numbers: Record<string, number>): Values {
  const total = numbers['fb_reels_total_plays']
  const plays = numbers['blue_reels_play_count']
  return {
    blue_reels_play_count: plays,
    fb_reels_total_plays: total,
    fb_reels_replay_count: total === undefined ? undefined : total - (plays ?? 0),
    post_video_view_time: numbers['post_video_view_time'],
    post_video_avg_time_watched: numbers['post_video_avg_time_watched'],
    post_video_likes_by_reaction_type: spelled(reactionsIn(numbers), 'REACTION_'),
    post_video_social_actions: spelled(actionsIn(numbers, 'post_video_social_actions'), ''),
    post_video_followers: partOf(plays ?? 0, 0.0002),
    post_impressions_unique: partOf(total ?? 0, 0.6),
  }
}

function videoValues(numbers: Record<string, number>): Values {
  const views = numbers['post_video_views']
  return {
    total_video_views: views,
    total_video_views_unique: views === undefined ? undefined : partOf(views, 0.8),
    total_video_view_total_time: numbers['post_video_view_time'],
    total_video_avg_time_watched: numbers['post_video_avg_time_watched'],
    total_video_reactions_by_type_total: reactionsIn(numbers),
    total_video_stories_by_action_type: actionsIn(numbers, 'post_activity_by_action_type'),
  }
}

// Kinds that did not occur are left out.
function actionsIn(numbers: Record<string, number>, name: string): JsonObject | undefined {
  const [comment, share] = [numbers[`${name}_comment`], numbers[`${name}_share`]]
  if (comment === undefined && share === undefined) return undefined
  const kinds = Object.entries({ comment, share })
  return Object.fromEntries(kinds.filter(([, count]) => count !== undefined && count > 0))
}

/** The kinds as reels spell them. */
function spelled(counts: JsonObject | undefined, prefix: string): JsonObject | undefined {
  if (counts === undefined) return undefined
  const kinds = Object.entries(counts).map(([kind, count]) => [prefix + kind.toUpperCase(), count])
  return Object.fromEntries(kinds)
}
