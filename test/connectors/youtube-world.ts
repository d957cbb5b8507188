import type { Reply } from './support.ts'

/** A channel's id as YouTube makes them. */
export const CHANNEL_ID = 'UCexample000000000000001'
export const UPLOADS_ID = 'UUexample000000000000001'

const PICTURES = {
  default: { url: 'https://yt.example/88.jpg', width: 88, height: 88 },
  high: { url: 'https://yt.example/hq.jpg', width: 480, height: 360 },
}

/** A channel as `channels` answers it. */
export const CHANNEL = {
  kind: 'youtube#channel',
  id: CHANNEL_ID,
  snippet: { title: 'Acme', customUrl: '@acme', thumbnails: PICTURES },
  contentDetails: { relatedPlaylists: { likes: '', uploads: UPLOADS_ID } },
  statistics: {
    viewCount: '1530220',
    subscriberCount: '12300',
    hiddenSubscriberCount: false,
    videoCount: '184',
  },
}

/** A video as `videos` answers it: wide, 62 seconds long, and of last year. */
export function ytVideo(id: string, more: object = {}) {
  return {
    kind: 'youtube#video',
    id,
    snippet: {
      ...{ publishedAt: '2025-11-12T19:20:02Z', channelId: CHANNEL_ID, title: 'Shipping day' },
      ...{ description: 'One API for all', liveBroadcastContent: 'none', thumbnails: PICTURES },
    },
    contentDetails: { duration: 'PT1M2S' },
    status: { uploadStatus: 'processed', privacyStatus: 'public' },
    statistics: { viewCount: '1240', likeCount: '84', favoriteCount: '0', commentCount: '6' },
    player: { embedHtml: '<iframe></iframe>', embedHeight: '405', embedWidth: '720' },
    ...more,
  }
}

/** An answer of `videos`. */
export function ytVideos(...items: object[]): Reply {
  return { json: { kind: 'youtube#videoListResponse', items } }
}

/** An answer of the reports: its columns, and its rows. */
export function ytTable(names: readonly string[], rows?: unknown): Reply {
  const columnHeaders = names.map((name) => ({ name, columnType: 'METRIC', dataType: 'INTEGER' }))
  return {
    json: {
      kind: 'youtubeAnalytics#resultTable',
      columnHeaders,
      ...(rows === undefined ? {} : { rows }),
    },
  }
}

/** A refusal in Google's envelope. */
export function ytError(status: number, reason: string, more: object = {}): Reply {
  const errors = [{ message: 'No.', domain: 'global', reason }]
  return { status, json: { error: { code: status, message: 'No.', errors, ...more } } }
}
