import { expect, test } from 'vitest'
import { accountOn, failureOfCall, openUpstream, type Reply } from './support.ts'
import { CHANNEL, CHANNEL_ID, UPLOADS_ID, ytError } from './youtube-world.ts'

const ACCOUNT = accountOn('youtube', { platformAccountId: CHANNEL_ID })

const upload = (videoId: string, privacyStatus = 'public') => ({
  kind: 'youtube#playlistItem',
  id: `item-${videoId}`,
  snippet: {
    ...{ publishedAt: '2026-11-12T19:00:00Z', title: 'Shipping day', description: '' },
    thumbnails: { medium: { url: 'https://yt.example/mq.jpg' } },
  },
  contentDetails: { videoId, videoPublishedAt: '2026-11-12T19:20:02Z' },
  status: { privacyStatus },
})

const listWith = (reply: Reply, cursor: string | null = null) => {
  const upstream = openUpstream('youtube', () => reply)
  const { connector, context } = upstream
  return { upstream, call: connector.listPublications(ACCOUNT, cursor, context) }
}

test('a page is the uploads of the channel, whose list is named after it, without numbers', async () => {
  const json = { items: [upload('vid00000001')], nextPageToken: 'EAAa' }
  const { upstream, call } = listWith({ json }, 'CDIQ')
  const content = {
    url: 'https://www.youtube.com/watch?v=vid00000001',
    text: 'Shipping day',
    contentType: 'other',
    thumbnailUrl: 'https://yt.example/mq.jpg',
    durationSeconds: null,
    publishedAt: new Date('2026-11-12T19:20:02Z'),
  }
  expect(await call).toEqual({
    items: [{ platformPostId: 'vid00000001', content, reading: null }],
    nextCursor: 'EAAa',
    account: null,
  })
  expect(Object.fromEntries(upstream.requests[0]?.url.searchParams ?? [])).toEqual({
    part: 'snippet,contentDetails,status',
    playlistId: UPLOADS_ID,
    maxResults: '50',
    pageToken: 'CDIQ',
  })
})

test('what is not public is left out, and so is what says of no video that it is one', async () => {
  const items = [
    ...['private', 'unlisted', 'privacyStatusUnspecified'].map((word) => upload(word, word)),
    ...[upload('vid00000002'), { id: 'item' }, { id: 'item', contentDetails: { videoId: 'a,b' } }],
  ]
  const { items: listed } = await listWith({ json: { items } }).call
  expect(listed.map((item) => item.platformPostId)).toEqual(['vid00000002'])
})

test('a channel without uploads has no list of them, which is an empty one', async () => {
  const { call } = listWith(ytError(404, 'playlistNotFound'))
  expect(await call).toEqual({ items: [], nextCursor: null, account: null })
  const gone = await failureOfCall(listWith(ytError(404, 'channelNotFound')).call)
  expect(gone.kind).toBe('gone')
})

test('a channel with an unusual id is asked for its list, once', async () => {
  const id = 'legacy-channel'
  const upstream = openUpstream('youtube', ({ url }) =>
    url.pathname.endsWith('/channels')
      ? { json: { items: [{ ...CHANNEL, id }] } }
      : { json: { items: [] } },
  )
  const account = accountOn('youtube', { platformAccountId: id })
  for (let time = 0; time < 2; time += 1) {
    await upstream.connector.listPublications(account, null, upstream.context)
  }
  const lists = upstream.requests.map(({ url }) => url.searchParams.get('playlistId'))
  expect(lists).toEqual([null, UPLOADS_ID, UPLOADS_ID])
})

test('the list that a channel names itself is the one that is read', async () => {
  const uploads = 'UUnamedByTheChannel'
  const named = { ...CHANNEL, contentDetails: { relatedPlaylists: { uploads } } }
  const upstream = openUpstream('youtube', ({ url }) => ({
    json: { items: url.pathname.endsWith('/channels') ? [named] : [] },
  }))
  await upstream.connector.readAccount(ACCOUNT, upstream.context)
  await upstream.connector.listPublications(ACCOUNT, null, upstream.context)
  expect(upstream.requests[1]?.url.searchParams.get('playlistId')).toBe(uploads)
})
