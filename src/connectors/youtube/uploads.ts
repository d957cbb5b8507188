import { objectAt, wordsOf } from '../json.ts'
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

/** The id of a channel's uploads without a call: as an answer told it, or else as they are named. */
export function uploadsOf(channelId: string, cache: UploadsCache): string | null {
  return cache.get(channelId) ?? derived(channelId)
}

/**
 * The id of the account's uploads as its channel tells it, for one unit; empty when it has none.
 * Throws what the call failed with.
 */
export async function tellUploads(session: YoutubeSession, cache: UploadsCache): Promise<string> {
  const { api, account, context } = session
  const channelId = account.account.platformAccountId
  const params = { part: 'contentDetails', mine: 'true' }
  const query = { api: 'data', path: '/youtube/v3/channels', params } as const
  return api.ask(query, account, context, (body) => {
    const lists = objectAt(channelIn(body, channelId), 'contentDetails.relatedPlaylists')
    const playlistId = wordsOf(lists['uploads']) ?? ''
    cache.set(channelId, playlistId)
    return playlistId
  })
}

// The name of a channel's uploads is documented nowhere: the channel has the last word.
function derived(channelId: string): string | null {
  return /^UC[\w-]{22}$/.test(channelId) ? `UU${channelId.slice(2)}` : null
}
