import type { Content, PublicationReading } from '../../domain/connector.ts'
import type { ContentType } from '../../domain/content.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MetricDefinition, MissingReason } from '../../domain/metric.ts'
import { validDate } from '../failures.ts'
import { anyObjectsAt, identifiedAt, numberOf, textOf, textsAt, valueAt, wordsOf } from '../json.ts'
import { contentMetrics, dayOf, notShown, pickNumbers } from '../numbers.ts'
import { LABEL, problemsIn, type XProblem } from './errors.ts'
import { PRIVATE_SOURCES, PUBLIC_SOURCES, privateSince } from './fields.ts'

/** A post as an answer holds it, with its own media and what X says is wrong with it. */
export interface XPost {
  id: string
  post: JsonObject
  media: JsonObject[]
  /** Media of the post that the answer left out. */
  lostMedia: string[]
  problems: XProblem[]
}

/**
 * The posts of an answer, in its order, and how many came without their id, which X takes away
 * with a field that it refuses. Throws `malformed`.
 */
export function postsIn(body: JsonValue): { posts: XPost[]; unnamed: number } {
  const media = new Map(
    anyObjectsAt(body, 'includes.media').map((item) => [textOf(item['media_key']), item]),
  )
  const problems = problemsIn(body).filter((problem) => !problem.isIncluded)
  const isEmpty = (valueAt(body, 'data') ?? null) === null
  const { items, unnamed } = isEmpty ? { items: [], unnamed: 0 } : identifiedAt(body, 'data')
  const posts = items.map(({ id, object: post }) => {
    const keys = textsAt(post, 'attachments.media_keys')
    return {
      id,
      post,
      media: keys.map((key) => media.get(key)).filter((item) => item !== undefined),
      lostMedia: keys.filter((key) => !media.has(key)),
      problems: problems.filter((problem) => problem.id === id),
    }
  })
  return { posts, unnamed }
}

/** How a post was asked for. */
export interface Asked {
  now: Date
  /** The account's handle, for links; null when it is not known. */
  handle: string | null
  /** Whether private numbers were asked for. */
  isPrivate: boolean
  /** Whether X hid the post when they were. */
  isHidden: boolean
}

/** A post as a reading, with its content. */
export function toReading(found: XPost, asked: Asked): PublicationReading & { content: Content } {
  const content = toContent(found, asked.handle)
  const sources = [...PUBLIC_SOURCES, ...PRIVATE_SOURCES]
  const metrics = contentMetrics('x', content.contentType, sources, dayOf(asked.now))
  const numbers = pickNumbers({
    metrics,
    valueOf: (metric) => postValue(found, metric),
    reasonOf: (metric) => {
      if (isBeyondSum(found, metric)) return 'not_supported'
      return PRIVATE_SOURCES.includes(metric.source) ? privateReason(content, asked) : null
    },
  })
  const problems = found.problems.map(({ failure }) => `${LABEL}: ${failure.message}`)
  return {
    ...numbers,
    warnings: [...hiddenWarnings(metrics, asked), ...problems, ...numbers.warnings],
    payload: { data: found.post, includes: { media: found.media } },
    content,
  }
}

/** Why a private number is absent: null when the answer should have held it. */
function privateReason({ publishedAt }: Content, asked: Asked): MissingReason | null {
  if (asked.isPrivate) return null
  if (asked.isHidden) return 'not_reported'
  const isOld = publishedAt === null || publishedAt < privateSince(asked.now)
  // A young post whose age nobody knew is asked again, now that its answer has told it.
  return isOld ? 'not_supported' : 'not_yet_available'
}

function hiddenWarnings(metrics: readonly MetricDefinition[], asked: Asked): string[] {
  if (!asked.isHidden) return []
  const names = metrics.filter(({ source }) => PRIVATE_SOURCES.includes(source))
  return [
    notShown(
      'x',
      names.map(({ name }) => name),
      'this account may not see them.',
    ),
  ]
}

const NEWER_NAMES = new Map([['retweet_count', 'repost_count']])

function postValue(found: XPost, metric: MetricDefinition): JsonValue | undefined {
  if (metric.source.startsWith('media.')) return mediaSum(found, metric)
  const numbers = found.post[metric.source]
  const newer = NEWER_NAMES.get(metric.wire)
  return valueAt(numbers, metric.wire) ?? (newer && valueAt(numbers, newer))
}

/** Whether a number of several videos counts users, who may be the same ones. */
function isBeyondSum({ media }: XPost, { source, aggregation }: MetricDefinition): boolean {
  const isOfMedia = source.startsWith('media.')
  return isOfMedia && aggregation === 'unique' && media.filter(isVideo).length > 1
}

/** The sum over the post's own videos; what one of them leaves out is unknown for all. */
function mediaSum(found: XPost, metric: MetricDefinition): JsonValue | undefined {
  if (isBeyondSum(found, metric)) return undefined
  const source = metric.source.replace('media.', '')
  const videos = found.media.filter(isVideo)
  const values = videos.map((video) => valueAt(video[source], metric.wire))
  if (found.lostMedia.length > 0) return undefined
  if (values.length <= 1) return values[0]
  const counts = values.map(numberOf)
  if (counts.includes(null)) return undefined
  return counts.reduce((sum: number, count) => sum + (count ?? 0), 0)
}

function toContent(found: XPost, handle: string | null): Content {
  const { post, media } = found
  const [first] = media
  const durationMs = numberOf(media.find(isVideo)?.['duration_ms'])
  const long = valueAt(post['note_tweet'], 'text') ?? valueAt(post['note_post'], 'text')
  const text = textOf(long) ?? textOf(post['text'])
  return {
    url: `https://x.com/${handle?.replace(/^@/, '') ?? 'i'}/status/${found.id}`,
    text: text === null ? null : unescaped(text),
    contentType: contentTypeOf(found),
    thumbnailUrl: wordsOf(first?.['preview_image_url']) ?? wordsOf(first?.['url']),
    durationSeconds: durationMs === null ? null : durationMs / 1000,
    publishedAt: validDate(Date.parse(wordsOf(post['created_at']) ?? '')),
  }
}

function contentTypeOf({ media, lostMedia }: XPost): ContentType {
  // A media key begins with a number for its kind, which tells even what X left out.
  if (media.some(isVideo) || lostMedia.some((key) => /^(7|13)_/.test(key))) return 'video'
  const count = media.length + lostMedia.length
  if (count === 0) return 'text'
  return count > 1 ? 'carousel' : 'image'
}

function isVideo(media: JsonObject): boolean {
  return media['type'] === 'video'
}

const ENTITIES = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
])

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES.get(entity) ?? entity)
}
