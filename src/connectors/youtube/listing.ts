import type { ConnectorError, ListedPublication, Listing } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { identifiedAt, textOf, valueAt, wordsOf } from '../json.ts'
import { uploadContent } from './content.ts'
import { YoutubeError } from './errors.ts'
import { requireScope, type YoutubeSession } from './request.ts'
import { type UploadsCache, uploadsOf } from './uploads.ts'
import { isVideoId } from './videos.ts'

const PAGE_SIZE = '50'

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
  const { api, account, context } = session
  requireScope('data', account)
  const params = {
    part: 'snippet,contentDetails,status',
    playlistId: await uploadsOf(session, uploads),
    maxResults: PAGE_SIZE,
    ...(cursor === null ? {} : { pageToken: cursor }),
  }
  const query = { api: 'data', path: '/youtube/v3/playlistItems', params } as const
  try {
    return await api.ask(query, account, context, readPage)
  } catch (error) {
    // A channel without uploads has no list of them.
    if (isNoPlaylist(error)) return { items: [], nextCursor: null, account: null }
    throw error
  }
}

function readPage(body: JsonValue): Listing {
  const { items } = identifiedAt(body, 'items')
  return {
    items: items.flatMap(({ object }) => toItem(object)),
    nextCursor: wordsOf(valueAt(body, 'nextPageToken')),
    account: null,
  }
}

// To the channel's owner the list shows what is private, unlisted or scheduled as well.
function toItem(item: JsonObject): ListedPublication[] {
  const id = wordsOf(valueAt(item, 'contentDetails.videoId'))
  const privacy = textOf(valueAt(item, 'status.privacyStatus')) ?? 'public'
  if (id === null || !isVideoId(id) || privacy !== 'public') return []
  return [{ platformPostId: id, content: uploadContent(id, item), reading: null }]
}

function isNoPlaylist(error: unknown): error is ConnectorError {
  return error instanceof YoutubeError && error.reason === 'playlistNotFound'
}
