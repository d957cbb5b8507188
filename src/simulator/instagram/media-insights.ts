import type { ContentType } from '../../domain/content.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { SimulatedPublication } from '../account.ts'
import {
  isMetricOf,
  livingMetrics,
  type MetricGroup,
  wireNames,
  wireNumbers,
} from '../catalogue.ts'
import { invalidParameter, refusal } from '../graph/errors.ts'
import { publicationNumbersFor } from '../numbers.ts'
import { notPermitted } from './errors.ts'
import { checkedMetrics } from './metrics.ts'
import { type Admitted, isGranted } from './route.ts'

/** What a medium is to the insights. It decides which metrics there are. */
export type Product = 'IMAGE' | 'CAROUSEL' | 'FEED_VIDEO' | 'REELS' | 'STORY'

/** The day from which every new video was a reel. */
const REELS_SINCE = new Date('2022-07-21T00:00:00Z')

const CATALOGUED: MetricGroup = {
  platform: 'instagram',
  subjects: ['post', 'video'],
  sources: ['insights', 'reel_insights'],
}

const CONTENT_TYPES: Record<Product, ContentType> = {
  IMAGE: 'image',
  CAROUSEL: 'carousel',
  FEED_VIDEO: 'video',
  REELS: 'reel',
  STORY: 'story',
}

const ON_PROFILE = ['follows', 'profile_visits', 'profile_activity']

/** Metrics that the catalogue does not have. */
const OTHERS: Record<Product, readonly string[]> = {
  IMAGE: ['reposts', ...ON_PROFILE],
  CAROUSEL: ['reposts', ...ON_PROFILE],
  FEED_VIDEO: ON_PROFILE,
  REELS: ['reposts', 'reels_skip_rate'],
  STORY: ['reposts', ...ON_PROFILE, 'navigation', 'link_clicks'],
}

/** What videos from before reels lack, although the catalogue asks for it of all videos. */
const LACKING = ['views']

const CROSSPOSTED = ['crossposted_views', 'facebook_views']
const BROKEN_DOWN = ['navigation', 'profile_activity']

const VIEWERS_MIN = 5

/** What a medium is, from its form and its age. */
export function productOf({ contentType, publishedAt }: SimulatedPublication): Product {
  if (contentType === 'story') return 'STORY'
  if (contentType === 'carousel') return 'CAROUSEL'
  if (contentType === 'image') return 'IMAGE'
  return publishedAt.getTime() < REELS_SINCE.getTime() ? 'FEED_VIDEO' : 'REELS'
}

/**
 * The insights of a medium, as the platform lists them. Refuses the whole call for one metric that
 * the kind of medium does not have, for media from before the account became professional, and
 * for stories that fewer than five accounts saw.
 */
export function mediaInsights(
  admitted: Admitted,
  { child, publication }: { child: number; publication: SimulatedPublication },
  metricList: string,
): JsonObject[] {
  const { call, scopes, simulation } = admitted
  if (!isGranted(scopes, 'insights')) throw notPermitted(call)
  const catalogued = livingMetrics(CATALOGUED, call.now)
  const others = [...Object.values(OTHERS).flat(), ...CROSSPOSTED]
  const known = [...new Set([...wireNames(catalogued), ...others])]
  const metrics = checkedMetrics(metricList, admitted, known)
  if (child > 0) throw invalidParameter(call, 'Insights are not available for carousel children.')
  checkAge(admitted, publication)
  checkProduct(admitted, publication, metrics)
  const numbers = publicationNumbersFor(call, publication, simulation)
  if (publication.kind === 'story' && (numbers['reach'] ?? 0) < VIEWERS_MIN) {
    const message = '(#10) Not enough viewers for the media to show insights'
    throw refusal(call, { code: 10, message })
  }
  const values = { ...numbers, ...wireNumbers(numbers, catalogued) }
  return metrics.flatMap((name) => {
    const value = values[name]
    return value === undefined ? [] : [insight(publication.platformPostId, name, value)]
  })
}

function checkAge({ call }: Admitted, { account, publishedAt }: SimulatedPublication): void {
  if (account.convertedAt === null || publishedAt >= account.convertedAt) return
  throw refusal(call, {
    code: 100,
    subcode: 2108006,
    title: 'Media posted before business account conversion',
    message: 'The media was posted before the most recent time the account became professional.',
  })
}

function checkProduct(
  { call }: Admitted,
  publication: SimulatedPublication,
  metrics: readonly string[],
): void {
  const crossposted = metrics.filter((name) => CROSSPOSTED.includes(name))
  if (crossposted.length > 0) {
    const message = `(#100) The media is not cross-posted: ${crossposted.join(', ')}.`
    throw refusal(call, { code: 100, subcode: 2207086, message })
  }
  const allowed = metricsOf(productOf(publication), call.now)
  const rejected = metrics.filter((name) => !allowed.includes(name))
  if (rejected.length > 0) {
    throw invalidParameter(
      call,
      `The Media Insights API does not support the ${rejected.join(', ')} metric for this media product type.`,
    )
  }
  if (metrics.includes('navigation') && call.query.get('metric_type') !== 'total_value') {
    throw invalidParameter(
      call,
      'The following metrics (navigation) should be specified with parameter metric_type=total_value',
    )
  }
}

function metricsOf(product: Product, now: Date): string[] {
  const type = CONTENT_TYPES[product]
  const catalogued = livingMetrics(CATALOGUED, now).filter((metric) => isMetricOf(metric, type))
  const lacking = product === 'FEED_VIDEO' ? LACKING : []
  const names = wireNames(catalogued).filter((name) => !lacking.includes(name))
  return [...names, ...OTHERS[product]]
}

function insight(id: string, name: string, value: number): JsonObject {
  const about = {
    name,
    period: 'lifetime',
    title: name.replaceAll('_', ' '),
    description: `The ${name.replaceAll('_', ' ')} of the media.`,
    id: `${id}/insights/${name}/lifetime`,
  }
  if (!BROKEN_DOWN.includes(name)) return { ...about, values: [{ value }] }
  const dimension = name === 'navigation' ? 'story_navigation_action_type' : 'action_type'
  const results = [{ dimension_values: ['tap_forward'], value }]
  const breakdowns = [{ dimension_keys: [dimension], results }]
  return { ...about, total_value: { value, breakdowns } }
}
