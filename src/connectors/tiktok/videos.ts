import { isScopeGranted } from '../../domain/catalog/catalog.ts'
import {
  type ConnectedAccount,
  ConnectorError,
  type Content,
  type Failure,
  type Listing,
  type PublicationOutcome,
  type PublicationRef,
  type Reading,
} from '../../domain/connector.ts'
import type { ContentType } from '../../domain/content.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { inBatches, readBatches, sortedOut } from '../batches.ts'
import { failureIn, unanswered, validDate } from '../failures.ts'
import { identifiedAt, numberOf, valueAt, wordsOf } from '../json.ts'
import { contentMetrics, dayOf, pickNumbers } from '../numbers.ts'
import { LABEL } from './errors.ts'
import type { TiktokQuery, TiktokSession } from './request.ts'

const BATCH_SIZE = 20
const SCOPE = 'video.list'

const CONTENT_FIELDS = [
  'id',
  'create_time',
  'cover_image_url',
  'share_url',
  'video_description',
  'duration',
  'title',
]

/**
 * Videos by id: `POST /v2/video/query/`, scope `video.list`, 20 a call. TikTok leaves out what is
 * deleted, private or somebody else's, without saying which.
 */
export async function readTiktokVideos(
  session: TiktokSession,
  refs: readonly PublicationRef[],
): Promise<PublicationOutcome[]> {
  const { account, context } = session
  requireScope(account)
  const { good, bad } = sortedOut(LABEL, refs)
  const outcomes = await readBatches(inBatches(good, BATCH_SIZE), (batch) => {
    const ids = batch.map((ref) => ref.platformPostId)
    const body = { filters: { video_ids: ids } }
    const query = { path: '/v2/video/query/', ...fieldsAt(context.now), body } as const
    return askForVideos(session, query, (data) => {
      const { items, unnamed } = identifiedAt(data, 'videos')
      const videos = new Map(items.map(({ id, object }) => [id, object]))
      const lost = (id: string) => ({ platformPostId: id, failure: lostOne(id, unnamed) })
      return ids.map((id) => {
        const video = videos.get(id)
        return video === undefined ? lost(id) : toOutcome(session, id, video)
      })
    })
  })
  return [...bad, ...outcomes]
}

/**
 * The newest public videos of an account with their numbers: `POST /v2/video/list/`, scope
 * `video.list`, 20 a call. The cursor is TikTok's own: a Unix time in milliseconds.
 */
export async function listTiktokVideos(
  session: TiktokSession,
  cursor: string | null,
): Promise<Listing> {
  const { account, context } = session
  requireScope(account)
  const before = cursor === null ? null : Number(cursor)
  const body = { max_count: BATCH_SIZE, ...(before === null ? {} : { cursor: before }) }
  const query = { path: '/v2/video/list/', ...fieldsAt(context.now), body } as const
  return askForVideos(session, query, (data) => {
    const { items, unnamed } = identifiedAt(data, 'videos')
    const warnings = [`${LABEL} listed ${unnamed} videos without an id.`]
    return {
      items: items.map(({ id, object: video }) => {
        const content = toContent(id, video, account)
        return { platformPostId: id, content, reading: toReading(session, video, content) }
      }),
      nextCursor: nextCursor(data, before),
      account: null,
      ...(unnamed > 0 && { warnings }),
    }
  })
}

/** The next page's cursor. One that does not move back in time would list the same page for ever. */
function nextCursor(data: JsonValue, before: number | null): string | null {
  const next = numberOf(valueAt(data, 'cursor'))
  const moves = next !== null && (before === null || next < before)
  return moves && valueAt(data, 'has_more') === true ? String(next) : null
}

function requireScope(account: ConnectedAccount): void {
  if (isScopeGranted('tiktok', SCOPE, account.account.scopes)) return
  throw new ConnectorError(unanswered('missing_scope', `${LABEL}: ${SCOPE} was not granted.`))
}

/** As the API asks. A refusal for lack of the scope names it, which TikTok does not. */
async function askForVideos<T>(
  { api, account, context }: TiktokSession,
  query: TiktokQuery,
  read: (data: JsonValue) => T,
): Promise<T> {
  try {
    return await api.ask(query, account, context, read)
  } catch (error) {
    const failure = failureIn(error)
    if (failure.kind !== 'missing_scope') throw error
    const message = `Videos take ${SCOPE}. ${failure.message}`
    throw new ConnectorError({ ...failure, message })
  }
}

function fieldsAt(now: Date): { fields: string[]; metrics: string[] } {
  const all = (['video', 'carousel'] as const).flatMap((type) =>
    contentMetrics('tiktok', type, ['video'], dayOf(now)),
  )
  const metrics = [...new Set(all.map(({ wire }) => wire))]
  return { fields: [...CONTENT_FIELDS, ...metrics], metrics }
}

function lostOne(id: string, unnamed: number): Failure {
  if (unnamed > 0) return unanswered('malformed', `${LABEL} answered with videos without an id.`)
  const message = `${LABEL} no longer shows the video ${id}: it is deleted or not public.`
  return unanswered('gone', message)
}

function toOutcome(session: TiktokSession, id: string, video: JsonObject): PublicationOutcome {
  const content = toContent(id, video, session.account)
  return { platformPostId: id, reading: { ...toReading(session, video, content), content } }
}

function toReading(session: TiktokSession, video: JsonObject, content: Content): Reading {
  const { now } = session.context
  const numbers = pickNumbers({
    metrics: contentMetrics('tiktok', content.contentType, ['video'], dayOf(now)),
    valueOf: (metric) => video[metric.wire],
    reasonOf: ({ wire }) => (session.api.isRefused(wire, now) ? 'not_supported' : null),
  })
  return { ...numbers, payload: video }
}

function toContent(id: string, video: JsonObject, { account }: ConnectedAccount): Content {
  const shared = wordsOf(video['share_url'])?.replace(/[?#].*$/s, '') ?? null
  const handle = account.handle?.replace(/^@/, '')
  const contentType = contentTypeOf(shared, numberOf(video['duration']))
  const createdSeconds = numberOf(video['create_time'])
  return {
    url: shared ?? (handle ? `https://www.tiktok.com/@${handle}/video/${id}` : null),
    text: wordsOf(video['video_description']) ?? wordsOf(video['title']),
    contentType,
    thumbnailUrl: wordsOf(video['cover_image_url']),
    durationSeconds: contentType === 'video' ? numberOf(video['duration']) : null,
    publishedAt: createdSeconds === null ? null : validDate(createdSeconds * 1000),
  }
}

/** TikTok names no kind of content: a series of photos shows by its link, or by lasting no time. */
function contentTypeOf(url: string | null, duration: number | null): ContentType {
  if (url?.includes('/photo/')) return 'carousel'
  return duration === 0 && !url?.includes('/video/') ? 'carousel' : 'video'
}
