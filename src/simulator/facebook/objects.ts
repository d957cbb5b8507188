import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { SimulatedPublication } from '../account.ts'
import { livingMetrics, type MetricGroup, wireNumbers } from '../catalogue.ts'
import { type Builder, buildNode, noField } from '../graph/build.ts'
import { refusal } from '../graph/errors.ts'
import type { SelectedField } from '../graph/fields.ts'
import { accountNumbersFor, publicationNumbersFor } from '../numbers.ts'
import { lacks } from './errors.ts'
import { numberIn, videoIdOf } from './ids.ts'
import { postInsights, reactionsIn } from './post-insights.ts'
import type { Admitted } from './route.ts'
import { videoInsights } from './video-insights.ts'

const HOST = 'https://www.facebook.com'

/** Fields of posts that the platform has taken away. */
const DEPRECATED = ['type', 'link', 'source', 'name', 'caption', 'description', 'object_id']

const PAGE_METRICS: MetricGroup = {
  platform: 'facebook',
  subjects: ['account'],
  sources: ['page'],
}

const PAGE = { name: 'Page', errorType: 'OAuthException' } as const
const POST = { name: 'Post', errorType: 'OAuthException' } as const
const VIDEO = { name: 'Video', errorType: 'OAuthException' } as const

/** A Page's node with the selected fields. Its counters take no insights. */
export function pageObject(admitted: Admitted, fields: readonly SelectedField[]): JsonObject {
  const { call, page, simulation } = admitted
  const counts = livingMetrics(PAGE_METRICS, call.now)
  const numbers = wireNumbers(accountNumbersFor(call, page, simulation), counts)
  const builders: Record<string, Builder> = {
    id: () => page.platformAccountId,
    name: () => page.displayName,
    username: () => page.handle,
    link: () => `${HOST}/${page.handle}`,
    category: () => 'Brand',
    about: () => `${page.displayName} on Facebook`,
    fan_count: () => numbers['followers_count'],
    ...Object.fromEntries(counts.map(({ wire }) => [wire, () => numbers[wire]])),
    picture: () => ({
      data: { height: 50, is_silhouette: false, url: page.avatarUrl, width: 50 },
    }),
  }
  return buildNode(call, PAGE, builders, fields)
}

/** A post's node with the selected fields; `insights` fail the call where the edge would. */
export function postObject(
  admitted: Admitted,
  publication: SimulatedPublication,
  fields: readonly SelectedField[],
): JsonObject {
  const { call, page, simulation } = admitted
  const { platformPostId, publishedAt, text, thumbnailUrl } = publication
  const numbers = publicationNumbersFor(call, publication, simulation)
  const shares = numbers['post_activity_by_action_type_share'] ?? 0
  const wrong = fields.find(({ name }) => DEPRECATED.includes(name))
  if (wrong !== undefined) throw deprecated(admitted, wrong.name)
  const builders: Record<string, Builder> = {
    id: () => `${page.platformAccountId}_${numberIn(platformPostId)}`,
    message: () => (text === '' ? undefined : text),
    story: () => (text === '' ? `${page.displayName} added a new photo.` : undefined),
    created_time: () => timeOf(publishedAt),
    updated_time: () => timeOf(publishedAt),
    permalink_url: () => permalinkOf(publication),
    full_picture: () => thumbnailUrl ?? undefined,
    status_type: () => statusOf(publication),
    is_published: () => true,
    attachments: () => attachmentsOf(publication),
    shares: () => (shares === 0 ? undefined : { count: shares }),
    from: () => ({ id: page.platformAccountId, name: page.displayName }),
    reactions: () => summaryOf(admitted, totalReactions(numbers)),
    comments: () => summaryOf(admitted, numbers['post_activity_by_action_type_comment'] ?? 0),
    insights: ({ modifiers }) => ({
      data: postInsights(admitted, publication, modifiers['metric'] ?? null),
      paging: {},
    }),
  }
  return buildNode(call, POST, builders, fields)
}

/** The node of a reel, or of the video that a post shows, with the selected fields. */
export function videoObject(
  admitted: Admitted,
  publication: SimulatedPublication,
  fields: readonly SelectedField[],
): JsonObject {
  const { call, simulation } = admitted
  const { durationSeconds, platformPostId, publishedAt, text, thumbnailUrl } = publication
  const isReel = publication.contentType === 'reel'
  const numbers = publicationNumbersFor(call, publication, simulation)
  const builders: Record<string, Builder> = {
    id: () => (isReel ? platformPostId : videoIdOf(platformPostId)),
    title: () => undefined,
    description: () => (text === '' ? undefined : text),
    created_time: () => timeOf(publishedAt),
    updated_time: () => timeOf(publishedAt),
    permalink_url: () => permalinkOf(publication),
    length: () => durationSeconds ?? undefined,
    picture: () => thumbnailUrl ?? undefined,
    views: () => numbers[isReel ? 'blue_reels_play_count' : 'post_video_views'],
    post_id: () => (isReel ? undefined : platformPostId),
    video_insights: ({ modifiers }) => ({
      data: videoInsights(admitted, publication, modifiers['metric'] ?? null),
      paging: {},
    }),
  }
  if (fields.some(({ name }) => name === 'insights')) throw noField(call, 'insights', VIDEO)
  return buildNode(call, VIDEO, builders, fields)
}

function deprecated({ call }: Admitted, field: string) {
  const message = `(#12) ${field} field is deprecated for versions v3.3 and higher`
  return refusal(call, { code: 12, message })
}

function totalReactions(numbers: Record<string, number>): number {
  const counts = Object.values(reactionsIn(numbers) ?? {})
  return counts.reduce<number>((sum, count) => sum + (typeof count === 'number' ? count : 0), 0)
}

// The text of the refusal names another scope than the one that is missing.
function summaryOf({ call, scopes }: Admitted, total_count: number): JsonValue {
  if (!scopes.includes('pages_read_user_content')) throw lacks(call, 'pages_read_engagement')
  return { data: [], summary: { total_count } }
}

/** Links of videos and reels begin with a slash. */
function permalinkOf({ contentType, url }: SimulatedPublication): string {
  return contentType === 'video' || contentType === 'reel' ? url.replace(HOST, '') : url
}

function statusOf({ contentType }: SimulatedPublication): string {
  if (contentType === 'text') return 'mobile_status_update'
  return contentType === 'video' || contentType === 'reel' ? 'added_video' : 'added_photos'
}

const MEDIA_TYPES: Partial<Record<SimulatedPublication['contentType'], string>> = {
  image: 'photo',
  carousel: 'album',
  video: 'video',
  reel: 'video',
}

function attachmentsOf(publication: SimulatedPublication): JsonValue | undefined {
  const { contentType, platformPostId, url } = publication
  const media_type = MEDIA_TYPES[contentType]
  if (media_type === undefined) return undefined
  const isReel = contentType === 'reel'
  const id = isReel ? platformPostId : videoIdOf(platformPostId)
  return { data: [{ media_type, type: media_type, url, target: { id, url } }] }
}

function timeOf(at: Date): string {
  return at.toISOString().replace('.000Z', '+0000')
}
