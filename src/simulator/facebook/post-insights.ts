import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { SimulatedPublication } from '../account.ts'
import { partOf } from '../growth.ts'
import { publicationNumbersFor } from '../numbers.ts'
import { checkedMetrics } from './metrics.ts'
import { type Admitted, requirePage } from './route.ts'

const REACTIONS = 'post_reactions_by_type_'
const VIDEO_ONLY = ['post_video_views', 'post_video_view_time', 'post_video_avg_time_watched']

const KNOWN = [
  ...['post_clicks', 'post_clicks_by_type', 'post_reactions_by_type_total'],
  ...['post_reactions_like_total', 'post_reactions_love_total', 'post_activity_by_action_type'],
  ...['post_activity_by_action_type_unique', 'post_media_view', 'post_total_media_view_unique'],
  ...[...VIDEO_ONLY, 'post_video_length'],
]

type Numbers = Record<string, number>

/** The insights of a post for its whole life; none without the permission to read them. */
export function postInsights(
  admitted: Admitted,
  publication: SimulatedPublication,
  metricList: string | null,
): JsonObject[] {
  requirePage(admitted)
  const metrics = checkedMetrics(admitted, metricList, KNOWN)
  if (!admitted.scopes.includes('read_insights')) return []
  const numbers = publicationNumbersFor(admitted.call, publication, admitted.simulation)
  return metrics.flatMap((name) => {
    const value = valueOfMetric(name, numbers, publication)
    return value === undefined ? [] : [lifetimeInsight(publication.platformPostId, name, value)]
  })
}

/** Reactions by kind; kinds that did not occur are left out. Undefined where none are reported. */
export function reactionsIn(numbers: Numbers): JsonObject | undefined {
  if (numbers[`${REACTIONS}total`] === undefined) return undefined
  const kinds = Object.entries(numbers)
    .filter(([name]) => name.startsWith(REACTIONS) && name !== `${REACTIONS}total`)
    .map(([name, count]) => [name.slice(REACTIONS.length), count] as const)
  const rest =
    (numbers[`${REACTIONS}total`] ?? 0) - kinds.reduce((sum, [, count]) => sum + count, 0)
  // A plan may say how many there are, and not of which kind.
  if (rest === 0) return Object.fromEntries(kinds)
  return numbers[`${REACTIONS}total`] === 0 ? {} : { like: numbers[`${REACTIONS}total`] ?? 0 }
}

/** An insight in the shape of those that have one value for the whole life of their subject. */
export function lifetimeInsight(
  id: string,
  name: string,
  value: JsonValue,
  edge = 'insights',
): JsonObject {
  const title = name.replaceAll('_', ' ')
  const description = `Lifetime: the ${title}.`
  return {
    name,
    period: 'lifetime',
    values: [{ value }],
    title,
    description,
    id: `${id}/${edge}/${name}/lifetime`,
  }
}

function valueOfMetric(
  name: string,
  numbers: Numbers,
  { contentType, durationSeconds }: SimulatedPublication,
): JsonValue | undefined {
  if (VIDEO_ONLY.includes(name) && contentType !== 'video') return undefined
  switch (name) {
    case 'post_reactions_by_type_total':
      return reactionsIn(numbers)
    case 'post_reactions_like_total':
    case 'post_reactions_love_total':
      return numbers[`${REACTIONS}${name.split('_')[2]}`] ?? 0
    case 'post_clicks_by_type':
      return { 'other clicks': numbers['post_clicks'] ?? 0 }
    case 'post_activity_by_action_type':
    case 'post_activity_by_action_type_unique':
      return activityIn(numbers)
    case 'post_total_media_view_unique':
      return partOf(numbers['post_media_view'] ?? 0, 0.7)
    case 'post_video_length':
      return contentType === 'video' ? Math.round((durationSeconds ?? 0) * 1000) : undefined
    default:
      return numbers[name]
  }
}

// Kinds that did not occur are left out.
function activityIn(numbers: Numbers): JsonObject | undefined {
  const name = 'post_activity_by_action_type'
  const [comment, share] = [numbers[`${name}_comment`], numbers[`${name}_share`]]
  if (comment === undefined && share === undefined) return undefined
  const like = numbers[`${REACTIONS}total`]
  const kinds = Object.entries({ like, comment, share })
  return Object.fromEntries(kinds.filter(([, count]) => count !== undefined && count > 0))
}
