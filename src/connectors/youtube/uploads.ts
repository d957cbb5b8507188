import { idAt, objectAt } from '../json.ts'
import { channelIn } from './channel.ts'
import type { YoutubeSession } from './request.ts'

/** The playlists of everything that channels have uploaded, by channel id, as far as they are told. */
export interface UploadsCache {
  get(channelId: string): string | undefined
  set(channelId: string, playlistId: string): void
}

/** An empty cache of at most `entriesMax` playlists; the oldest give way. */
export function createUploadsCache(entriesMax: number): UploadsCache {
  const playlists = new Map<string, string>()
  return {
    get: (channelId) => playlists.get(channelId),
    set(channelId, playlistId) {
      playlists.delete(channelId)
      playlists.set(channelId, playlistId)
      const [oldest] = playlists.keys()
      if (playlists.size > entriesMax && oldest !== undefined) playlists.delete(oldest)
    },
  }
}

/**
 * The id of the account's uploads: as an answer told it, or else the channel's own id with another
 * beginning. A call is made only for a channel whose id does not begin as they all do.
 */
export async function uploadsOf(session: YoutubeSession, cache: UploadsCache): Promise<string> {
  const channelId = session.account.account.platformAccountId
  const known = cache.get(channelId) ?? derived(channelId)
  if (known !== null) return known
  const params = { part: 'contentDetails', mine: 'true' }
  const query = { api: 'data', path: '/youtube/v3/channels', params } as const
  const { api, account, context } = session
  return api.ask(query, account, context, (body) => {
    const path = 'contentDetails.relatedPlaylists'
    const playlistId = idAt(objectAt(channelIn(body, channelId), path), 'uploads', path)
    cache.set(channelId, playlistId)
    return playlistId
  })
}

function derived(channelId: string): string | null {
  return /^UC[\w-]{22}$/.test(channelId) ? `UU${channelId.slice(2)}` : null
}
