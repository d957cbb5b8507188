import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { SimulatedPublication } from '../account.ts'
import { livingMetrics } from '../catalogue.ts'
import { partOf } from '../growth.ts'
import { publicationNumbersFor } from '../numbers.ts'
import { itemNames, itemValues } from './catalogued.ts'
import { checkedMetrics } from './metrics.ts'
import { type Admitted, requirePage } from './route.ts'

const REACTIONS = 'post_reactions_by_type_'
const ACTIVITY = 'post_activity_by_action_type'

/** Insights that the catalogue does not have. */
const OTHERS = [
  ...['post_clicks_by_type', 'post_reactions_like_total', 'post_reactions_love_total'],
  ...[`${ACTIVITY}_unique`, 'post_total_media_view_unique', 'post_video_length'],
]

type Numbers = Record<string, number>

/** The insights of a post for its whole life; none without the permission to read them. */
export function postInsights(
  admitted: Admitted,
  publication: SimulatedPublication,
  metricList: string | null,
): JsonObject[] {
  requirePage(admitted)
  const known = [...OTHERS, ...itemNames(cataloguedAt(admitted.call.now))]
  const metrics = checkedMetrics(admitted, metricList, known)
  if (!admitted.scopes.includes('read_insights')) return []
  const numbers = publicationNumbersFor(admitted.call, publication, admitted.simulation)
  const items = itemsOf(admitted, publication, numbers)
  return metrics.flatMap((name) => {
    const value = valueOfMetric(name, { numbers, items }, publication)
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
  { numbers, items }: { numbers: Numbers; items: Record<string, JsonValue> },
  { contentType, durationSeconds }: SimulatedPublication,
): JsonValue | undefined {
  switch (name) {
    case 'post_reactions_by_type_total':
      return reactionsIn(numbers)
    case 'post_reactions_like_total':
    case 'post_reactions_love_total':
      return numbers[`${REACTIONS}${name.split('_')[2]}`] ?? 0
    case 'post_clicks_by_type':
      return { 'other clicks': numbers['post_clicks'] ?? 0 }
    case ACTIVITY:
    case `${ACTIVITY}_unique`:
      return activityIn(numbers, items[ACTIVITY])
    case 'post_total_media_view_unique':
      return partOf(numbers['post_media_view'] ?? 0, 0.7)
    case 'post_video_length':
      return contentType === 'video' ? Math.round((durationSeconds ?? 0) * 1000) : undefined
    default:
      return items[name]
  }
}

function cataloguedAt(now: Date, subjects: readonly ('post' | 'video')[] = ['post', 'video']) {
  return livingMetrics({ platform: 'facebook', subjects, sources: ['post_insights'] }, now)
}

// A post that shows a reel does not tell how the reel was watched.
function itemsOf(
  { call }: Admitted,
  { contentType }: SimulatedPublication,
  numbers: Numbers,
): Record<string, JsonValue> {
  const subjects = contentType === 'video' ? (['post', 'video'] as const) : (['post'] as const)
  return itemValues(numbers, cataloguedAt(call.now, subjects))
}

// Kinds that did not occur are left out.
function activityIn(numbers: Numbers, kinds: JsonValue | undefined): JsonObject | undefined {
  if (kinds === undefined) return undefined
  const like = numbers[`${REACTIONS}total`] ?? 0
  return { ...(like > 0 ? { like } : {}), ...Object(kinds) }
}
