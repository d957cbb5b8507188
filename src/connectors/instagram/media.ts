import type { Content, Reading } from '../../domain/connector.ts'
import type { ContentType } from '../../domain/content.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { MetricDefinition } from '../../domain/metric.ts'
import { isWithinLag } from '../../domain/metric-age.ts'
import { graphTime } from '../graph/time.ts'
import { textOf, wordsOf } from '../json.ts'
import { contentMetrics, dayOf, notShown, pickNumbers } from '../numbers.ts'
import type { Insights } from './insights.ts'

/** The fields of a media node that this gateway reads. */
export const MEDIA_FIELDS = [
  'id',
  'caption',
  'media_type',
  'media_product_type',
  'media_url',
  'thumbnail_url',
  'permalink',
  'timestamp',
  'like_count',
  'comments_count',
]

/** The insights that this kind of media has. */
export function mediaMetrics(contentType: ContentType, now: Date): MetricDefinition[] {
  return contentMetrics('instagram', contentType, ['insights', 'reel_insights'], dayOf(now))
}

/** The insights that everything in a listing of media has; stories are not in one. */
export function listedMetrics(now: Date): MetricDefinition[] {
  return contentMetrics('instagram', 'image', ['insights'], dayOf(now))
}

/** What a media node says beside its numbers. It has no duration. */
export function toContent(node: JsonObject): Content {
  const thumbnail = wordsOf(node['thumbnail_url'])
  const isVideo = node['media_type'] === 'VIDEO'
  return {
    url: wordsOf(node['permalink']),
    text: textOf(node['caption']),
    contentType: contentTypeOf(node),
    thumbnailUrl: thumbnail ?? (isVideo ? null : wordsOf(node['media_url'])),
    durationSeconds: null,
    publishedAt: graphTime(node['timestamp']),
  }
}

/** The counters of the node itself, for what insights leave out. */
const NODE_COUNTERS = new Map([
  ['likes', 'like_count'],
  ['comments', 'comments_count'],
])

/** A media node and its insights as a reading. */
export function toReading(
  node: JsonObject,
  content: Content,
  insights: Insights,
  now: Date,
): Reading {
  const numbers = pickNumbers({
    metrics: mediaMetrics(content.contentType, now),
    valueOf: ({ wire }) => insights.values.get(wire) ?? node[NODE_COUNTERS.get(wire) ?? ''],
    reasonOf: (metric) =>
      insights.reasons.get(metric.wire) ??
      insights.otherwise ??
      (isWithinLag(metric, content.publishedAt, now) ? 'not_yet_available' : null),
  })
  const unread = Object.entries(numbers.missing).flatMap(([name, reason]) =>
    reason === 'missing_scope' || reason === 'fetch_failed' ? [name] : [],
  )
  const lost = (cause: string) => notShown('instagram', unread, cause)
  return {
    ...numbers,
    ...(insights.unread && { unread: insights.unread }),
    warnings: [...insights.causes.map(lost), ...numbers.warnings],
    payload: { ...node, insights: { data: insights.items } },
  }
}

function contentTypeOf(node: JsonObject): ContentType {
  const product = node['media_product_type']
  if (product === 'STORY') return 'story'
  const isReelLink = wordsOf(node['permalink'])?.includes('/reel/') === true
  if (product === 'REELS') return 'reel'
  switch (node['media_type']) {
    case 'VIDEO':
      // The product type is promised to the other login only; the link tells it as well.
      return product === undefined && isReelLink ? 'reel' : 'video'
    case 'CAROUSEL_ALBUM':
      return 'carousel'
    case 'IMAGE':
      return 'image'
    default:
      return 'other'
  }
}
