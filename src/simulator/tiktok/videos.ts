import { z } from 'zod'
import type { JsonObject } from '../../domain/json.ts'
import type { SimulatedPublication } from '../account.ts'
import { livingMetrics, type MetricGroup, wireNames, wireNumbers } from '../catalogue.ts'
import { jsonOrNull } from '../json-body.ts'
import { publicationNumbersFor } from '../numbers.ts'
import { hashOf } from '../random.ts'
import { faultTarget } from '../simulation.ts'
import { isShown } from '../world.ts'
import { okAnswer } from './errors.ts'
import { type Admitted, type FieldRule, fieldRoute, refusal } from './route.ts'

const TEXT_MAX = 150
const COVER_SECONDS = 6 * 3600
const BATCH_MAX = 20

const LISTED: FieldRule = { scope: 'video.list', refusal: 'scope_not_authorized' }

const CONTENT_FIELDS = [
  ...['id', 'create_time', 'cover_image_url', 'share_url', 'video_description', 'duration'],
  ...['height', 'width', 'title', 'embed_html', 'embed_link', 'is_aigc'],
]

const METRICS: MetricGroup = {
  platform: 'tiktok',
  subjects: ['post', 'video'],
  sources: ['video'],
}

const listSchema = z.object({
  max_count: z.number().int().min(1).max(BATCH_MAX).default(10),
  cursor: z.number().int().nonnegative().nullable().default(null),
})

const querySchema = z.object({
  filters: z.object({ video_ids: z.array(z.string()).min(1).max(BATCH_MAX) }),
})

/** The token's own public videos: page by page, or by id. */
export const videoRoutes = [
  fieldRoute({ method: 'POST', path: '/v2/video/list/', fields: fieldsAt, read: listVideos }),
  fieldRoute({
    method: 'POST',
    path: '/v2/video/query/',
    fields: fieldsAt,
    idsOf: (call) => querySchema.safeParse(jsonOrNull(call.body)).data?.filters.video_ids ?? [],
    read: queryVideos,
  }),
]

function fieldsAt(now: Date): Record<string, FieldRule> {
  const names = [...CONTENT_FIELDS, ...wireNames(livingMetrics(METRICS, now))]
  return Object.fromEntries(names.map((name) => [name, LISTED]))
}

function listVideos(admitted: Admitted) {
  const { call, caller, simulation } = admitted
  const { cursor, max_count } = bodyOf(admitted, listSchema)
  const before = cursor ?? call.now.getTime() + 1000
  const target = faultTarget(call, [caller.platformAccountId])
  if (simulation.faults.take(['empty_page'], target) !== null) {
    return okAnswer(call, { videos: [], cursor: before, has_more: true })
  }
  const older = simulation.world
    .publications(caller, call.now)
    .filter((video) => isPublic(video, call.now) && video.publishedAt.getTime() < before)
  const page = older.slice(0, pageSize(admitted, before, max_count))
  const last = page.at(-1)
  return okAnswer(call, {
    videos: page.map((video) => videoObject(admitted, video)),
    cursor: last === undefined ? before : last.publishedAt.getTime(),
    has_more: older.length > page.length,
  })
}

// Videos under review take a place on a page without being shown on it.
function pageSize({ caller }: Admitted, before: number, max: number): number {
  const isShort = caller.hasShortPages && max > 3 && hashOf(0, 'page', before) % 2 === 0
  return isShort ? max - 2 : max
}

// What is unknown, private, deleted or someone else's is left out without a word.
function queryVideos(admitted: Admitted) {
  const { call, caller, simulation } = admitted
  const { video_ids } = bodyOf(admitted, querySchema).filters
  const videos = [...new Set(video_ids)].flatMap((id) => {
    const video = simulation.world.publication('tiktok', id, call.now)
    const isOwn = video?.account === caller
    const fault = simulation.faults.take(['gone', 'forbidden'], faultTarget(call, [id]))
    const isSeen = video !== null && isOwn && fault === null && isPublic(video, call.now)
    return isSeen ? [video] : []
  })
  const shuffled = videos.toSorted((a, b) => place(a) - place(b))
  return okAnswer(call, { videos: shuffled.map((video) => videoObject(admitted, video)) })
}

function place({ platformPostId }: SimulatedPublication): number {
  return hashOf(0, 'order', platformPostId)
}

function isPublic(video: SimulatedPublication, now: Date): boolean {
  return isShown(video, now) && !video.account.isProtected
}

function videoObject({ call, fields, simulation }: Admitted, video: SimulatedPublication) {
  const { platformPostId: id, publishedAt, text, thumbnailUrl, url } = video
  const expires = Math.floor(call.now.getTime() / 1000) + COVER_SECONDS
  const all: JsonObject = {
    id,
    create_time: Math.floor(publishedAt.getTime() / 1000),
    title: '',
    video_description: [...text].slice(0, TEXT_MAX).join(''),
    // A photo post does not play.
    duration: Math.round(video.durationSeconds ?? 0),
    width: 576,
    height: 1024,
    cover_image_url: `${thumbnailUrl}?x-expires=${expires}`,
    share_url: `${url}?utm_campaign=tt4d_open_api&utm_source=${simulation.client.id}`,
    embed_link: `https://www.tiktok.com/player/v1/${id}`,
    embed_html: `<blockquote class="tiktok-embed" cite="${url}"></blockquote>`,
    is_aigc: false,
    ...wireNumbers(
      publicationNumbersFor(call, video, simulation),
      livingMetrics(METRICS, call.now),
    ),
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => fields.has(name)))
}

function bodyOf<Body>({ call, simulation }: Admitted, schema: z.ZodType<Body>): Body {
  const type = call.headers['content-type'] ?? ''
  const isJson = call.body === '' || type.startsWith('application/json')
  const parsed = schema.safeParse(isJson ? jsonOrNull(call.body) : null)
  if (parsed.success) return parsed.data
  throw refusal(call, simulation, 'invalid_params', 'The request body is invalid.')
}
