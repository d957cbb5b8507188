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

const EMPTY = { items: [], nextCursor: null, account: null }

/** A channel whose answers name this list of uploads, and which has those lists that are there. */
const listNamed = (name: string, lists: Record<string, object>) =>
  openUpstream('youtube', ({ url }) => {
    const named = { ...CHANNEL, contentDetails: { relatedPlaylists: { uploads: name } } }
    if (url.pathname.endsWith('/channels')) return { json: { items: [named] } }
    const list = lists[url.searchParams.get('playlistId') ?? '']
    return list === undefined ? ytError(404, 'playlistNotFound') : { json: list }
  })

test.each([UPLOADS_ID, ''])(
  'a channel without uploads has no list %j, which is an empty one',
  async (name) => {
    const { connector, context, requests } = listNamed(name, {})
    expect(await connector.listPublications(ACCOUNT, null, context)).toEqual(EMPTY)
    expect(await connector.listPublications(ACCOUNT, null, context)).toEqual(EMPTY)
    expect(requests.length).toBeLessThanOrEqual(4)
  },
)

test('a list that is not named after its channel is found where the channel names it', async () => {
  const upstream = listNamed('UUelse', { UUelse: { items: [upload('vid00000001')] } })
  const { connector, context, requests } = upstream
  for (let time = 0; time < 2; time += 1) {
    expect((await connector.listPublications(ACCOUNT, null, context)).items).toHaveLength(1)
  }
  const lists = requests.map(({ url }) => url.searchParams.get('playlistId'))
  expect(lists).toEqual([UPLOADS_ID, null, 'UUelse', 'UUelse'])
})

test('a channel that is closed has not just no uploads', async () => {
  const { connector, context } = openUpstream('youtube', ({ url }) =>
    url.pathname.endsWith('/channels')
      ? ytError(403, 'channelClosed')
      : ytError(404, 'playlistNotFound'),
  )
  const failure = await failureOfCall(connector.listPublications(ACCOUNT, null, context))
  expect(failure.kind).toBe('gone')
})

test('a page is read as far as its items name videos, and fails when none of them does', async () => {
  const { id, ...unnamed } = upload('vid00000001')
  const { items } = await listWith({ json: { items: [unnamed, { id }] } }).call
  expect(items.map((item) => item.platformPostId)).toEqual(['vid00000001'])
  for (const json of [{ items: [{ id }] }, {}, { items: 'none' }]) {
    expect((await failureOfCall(listWith({ json }).call)).kind).toBe('malformed')
  }
  const none = { kind: 'youtube#playlistItemListResponse', pageInfo: { totalResults: 0 } }
  expect(await listWith({ json: none }).call).toEqual(EMPTY)
})

test('what YouTube says of a channel that is gone is not taken for an empty list', async () => {
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
