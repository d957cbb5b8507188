import { ConnectorError, type ListedPublication, type Listing } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { unanswered } from '../failures.ts'
import { isObject, textOf, valueAt, wordsOf } from '../json.ts'
import { uploadContent } from './content.ts'
import { YoutubeError } from './errors.ts'
import { withItems } from './items.ts'
import { requireScope, type YoutubeSession } from './request.ts'
import { tellUploads, type UploadsCache, uploadsOf } from './uploads.ts'
import { isVideoId } from './videos.ts'

const PAGE_SIZE = '50'

const NO_UPLOADS: Listing = { items: [], nextCursor: null, account: null }

/**
 * The newest public uploads of a channel: `GET /youtube/v3/playlistItems`, scope
 * `youtube.readonly`, 50 a call. It names them without their numbers: read together with what else
 * there is to read, those cost the fewest calls. The cursor is YouTube's own.
 */
export async function listYoutubeUploads(
  session: YoutubeSession,
  uploads: UploadsCache,
  cursor: string | null,
): Promise<Listing> {
  const { account } = session
  requireScope('data', account)
  const { platformAccountId } = account.account
  const expected = uploadsOf(platformAccountId, uploads)
  const isTold = uploads.get(platformAccountId) !== undefined
  const page = expected === null ? null : await askPage(session, expected, cursor)
  if (page !== null || isTold) return page ?? NO_UPLOADS
  const told = await tellUploads(session, uploads)
  if (told === expected) return NO_UPLOADS
  return (await askPage(session, told, cursor)) ?? NO_UPLOADS
}

/** A page of a playlist; null when there is no such list, as on a channel without uploads. */
async function askPage(
  { api, account, context }: YoutubeSession,
  playlistId: string,
  cursor: string | null,
): Promise<Listing | null> {
  if (playlistId === '') return null
  const params = {
    part: 'snippet,contentDetails,status',
    playlistId,
    maxResults: PAGE_SIZE,
    ...(cursor === null ? {} : { pageToken: cursor }),
  }
  const query = { api: 'data', path: '/youtube/v3/playlistItems', params } as const
  try {
    return await api.ask(query, account, context, readPage)
  } catch (error) {
    if (isNoPlaylist(error)) return null
    throw error
  }
}

function readPage(body: JsonValue): Listing {
  const list = valueAt(withItems(body), 'items')
  const items = Array.isArray(list) ? list.filter((item) => isObject(item)) : []
  const named = items.filter((item) => videoIdOf(item) !== null)
  // What names no video at all is no list of some, and no empty one either.
  if (named.length === 0 && (!Array.isArray(list) || list.length > 0)) {
    throw new ConnectorError(unanswered('malformed', 'The list of uploads names no video.'))
  }
  const nextCursor = wordsOf(valueAt(body, 'nextPageToken'))
  return { items: named.flatMap(toItem), nextCursor, account: null }
}

function videoIdOf(item: JsonObject): string | null {
  return wordsOf(valueAt(item, 'contentDetails.videoId'))
}

// To the channel's owner the list shows what is private, unlisted or scheduled as well.
function toItem(item: JsonObject): ListedPublication[] {
  const id = videoIdOf(item)
  const privacy = textOf(valueAt(item, 'status.privacyStatus')) ?? 'public'
  if (id === null || !isVideoId(id) || privacy !== 'public') return []
  return [{ platformPostId: id, content: uploadContent(id, item), reading: null }]
}

function isNoPlaylist(error: unknown): error is ConnectorError {
  return error instanceof YoutubeError && error.reason === 'playlistNotFound'
}
