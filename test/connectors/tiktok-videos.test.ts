import { expect, test } from 'vitest'
import type { Listing } from '../../src/domain/connector.ts'
import { accountOn, failureOfCall, openUpstream, type Reply, refTo } from './support.ts'

const ACCOUNT = accountOn('tiktok', { handle: 'coolcreator99' })
const OK = { code: 'ok', message: '', log_id: '20261120101501AB12CD34' }

const idOf = (index: number) => String(7_123_456_789_012_345_678n - BigInt(index))
const createdAt = (index: number) => 1_793_836_800 - index * 3600

const video = (index: number, more: Record<string, unknown> = {}) => ({
  id: idOf(index),
  create_time: createdAt(index),
  title: 'Launch day',
  video_description: 'Launch day #demo',
  duration: 23,
  cover_image_url: 'https://cdn.example/c.jpg?x-expires=1793858400',
  share_url: `https://www.tiktok.com/@coolcreator99/video/${idOf(index)}?utm_campaign=tt4d&utm=1`,
  ...{ like_count: 3120, comment_count: 0, share_count: 240, view_count: 3_412_345_678 },
  ...more,
})

interface Body {
  max_count: number
  cursor?: number
  filters: { video_ids: string[] }
}

const start = (answer: (body: Body) => object) =>
  openUpstream(
    'tiktok',
    (request): Reply => ({
      json: { data: answer(JSON.parse(request.body)), error: OK },
    }),
  )

async function listAll({ connector, context }: ReturnType<typeof start>) {
  const pages: Listing[] = []
  let cursor: string | null = null
  do {
    const page: Listing = await connector.listPublications(ACCOUNT, cursor, context)
    pages.push(page)
    cursor = page.nextCursor
  } while (cursor !== null)
  return pages.flatMap((page) => page.items)
}

test('60 videos are three pages, each with all of its numbers', async () => {
  const all = Array.from({ length: 60 }, (_, index) => video(index))
  const upstream = start(({ max_count: size, cursor }) => {
    const rest = all.filter((each) => cursor === undefined || each.create_time * 1000 < cursor)
    const videos = rest.slice(0, size)
    const last = (videos.at(-1)?.create_time ?? 0) * 1000
    return { videos, cursor: last, has_more: rest.length > size }
  })
  const items = await listAll(upstream)
  expect(items.map((item) => item.platformPostId)).toEqual(all.map(({ id }) => id))
  expect(upstream.calls()).toBe(3)
  expect(items[59]?.reading?.native).toEqual({
    ...{ view_count: 3_412_345_678, like_count: 3120, comment_count: 0, share_count: 240 },
  })
  const [request] = upstream.requests
  expect(request?.url.pathname).toBe('/v2/video/list/')
  expect(request?.url.searchParams.get('fields')).toBe(
    'id,create_time,cover_image_url,share_url,video_description,duration,title,view_count,like_count,comment_count,share_count',
  )
})

test('a cursor that does not move back in time ends a listing, an empty page does not', async () => {
  const upstream = start(({ cursor }) =>
    cursor === undefined
      ? { videos: [], cursor: 900, has_more: true }
      : { videos: [video(1)], cursor: 900, has_more: true },
  )
  expect(await listAll(upstream)).toHaveLength(1)
  expect(upstream.calls()).toBe(2)
})

test('45 videos by id are three calls, and what TikTok leaves out is gone', async () => {
  const upstream = start(({ filters }) => {
    const ids = filters.video_ids
    return {
      videos: ids
        .filter((id) => id !== idOf(7))
        .map((id) => video(0, { id }))
        .reverse(),
    }
  })
  const refs = Array.from({ length: 45 }, (_, index) => refTo(idOf(index)))
  const outcomes = await upstream.connector.readPublications(ACCOUNT, refs, upstream.context)
  expect(upstream.requests.map(({ body }) => JSON.parse(body).filters.video_ids.length)).toEqual([
    20, 20, 5,
  ])
  expect(outcomes.map((each) => each.platformPostId)).toEqual(refs.map((ref) => ref.platformPostId))
  const failed = outcomes.filter((each) => 'failure' in each)
  expect(failed).toMatchObject([{ platformPostId: idOf(7), failure: { kind: 'gone' } }])
})

test('a video that comes without its id costs the others nothing, and is not taken for gone', async () => {
  const upstream = start(() => ({ videos: [video(0), { ...video(1), id: undefined }, 'a video'] }))
  const refs = [refTo(idOf(0)), refTo(idOf(1))]
  const outcomes = await upstream.connector.readPublications(ACCOUNT, refs, upstream.context)
  expect(outcomes).toMatchObject([
    { reading: { native: { like_count: 3120 } } },
    { platformPostId: idOf(1), failure: { kind: 'malformed' } },
  ])
  expect(await listAll(upstream)).toHaveLength(1)
  const { warnings } = await upstream.connector.listPublications(ACCOUNT, null, upstream.context)
  expect(warnings).toEqual(['TikTok listed 2 videos without an id.'])
})

test('ids that come as numbers keep all of their digits', async () => {
  const { connector, context } = openUpstream('tiktok', () => ({
    text: `{"data":{"videos":[{"id":${idOf(0)},"view_count":9007199254740993}]},"error":{"code":"ok"}}`,
  }))
  const [outcome] = await connector.readPublications(ACCOUNT, [refTo(idOf(0))], context)
  expect(outcome).toMatchObject({ platformPostId: idOf(0), reading: { native: {} } })
  expect(outcome && 'reading' in outcome && outcome.reading.warnings).toContain(
    'TikTok reported a view_count that is larger than 2^53 - 1.',
  )
})

test('a video has its text, its cover, its length and a link without tracking', async () => {
  const { connector, context } = start(() => ({ videos: [video(0)] }))
  const [outcome] = await connector.readPublications(ACCOUNT, [refTo(idOf(0))], context)
  expect(outcome && 'reading' in outcome && outcome.reading.content).toEqual({
    url: `https://www.tiktok.com/@coolcreator99/video/${idOf(0)}`,
    text: 'Launch day #demo',
    contentType: 'video',
    thumbnailUrl: 'https://cdn.example/c.jpg?x-expires=1793858400',
    durationSeconds: 23,
    publishedAt: new Date(createdAt(0) * 1000),
  })
})

test('a series of photos shows by its link, or by lasting no time', async () => {
  const link = `https://www.tiktok.com/@coolcreator99/photo/${idOf(1)}?utm=1`
  const { connector, context } = start(() => ({
    videos: [
      video(1, { share_url: link, duration: 12 }),
      video(2, { share_url: undefined, duration: 0 }),
      video(3, { duration: 0, video_description: '' }),
    ],
    has_more: false,
  }))
  const { items } = await connector.listPublications(ACCOUNT, null, context)
  expect(items.map(({ content }) => [content.contentType, content.durationSeconds])).toEqual([
    ['carousel', null],
    ['carousel', null],
    ['video', 0],
  ])
  expect(items[1]?.content.url).toBe(`https://www.tiktok.com/@coolcreator99/video/${idOf(2)}`)
  expect(items[2]?.content.text).toBe('Launch day')
})

test.each([
  ['names', 'The field share_count is invalid.', 3],
  ['does not name', 'One or more fields in request is invalid. Please check the parameters.', 8],
])(
  'one counter that TikTok %s when it no longer knows it takes no other with it, and is asked once',
  async (_, message, calls) => {
    const error = { code: 'invalid_params', message, log_id: '2' }
    const upstream = openUpstream('tiktok', ({ url }) =>
      url.searchParams.get('fields')?.includes('share_count')
        ? { status: 400, json: { data: {}, error } }
        : { json: { data: { videos: [video(0, { share_count: undefined })] }, error: OK } },
    )
    const { connector, context } = upstream
    await connector.listPublications(ACCOUNT, null, context)
    const [outcome] = await connector.readPublications(ACCOUNT, [refTo(idOf(0))], context)
    expect(upstream.calls()).toBe(calls)
    expect(outcome).toMatchObject({
      reading: {
        native: { like_count: 3120 },
        missing: { share_count: 'not_supported' },
        warnings: [],
      },
    })
  },
)

test('a call that is refused with or without its counters is our fault, and costs one more', async () => {
  const error = { code: 'invalid_params', message: 'Invalid.', log_id: '2' }
  const upstream = openUpstream('tiktok', () => ({ status: 400, json: { data: {}, error } }))
  const { connector, context } = upstream
  const failure = await failureOfCall(connector.listPublications(ACCOUNT, null, context))
  expect(failure).toMatchObject({ kind: 'misconfigured', status: 400 })
  expect(upstream.calls()).toBe(2)
})

test('a scope for videos that nobody knew was missing is named', async () => {
  const error = { code: 'scope_not_authorized', message: 'Not authorized.', log_id: '2' }
  const { connector, context } = openUpstream('tiktok', () => ({
    status: 401,
    json: { data: {}, error },
  }))
  const failures = [
    await failureOfCall(connector.listPublications(ACCOUNT, null, context)),
    await failureOfCall(connector.readPublications(ACCOUNT, [refTo('1')], context)),
  ]
  for (const failure of failures) {
    expect(failure.kind).toBe('missing_scope')
    expect(failure.message).toContain('video.list')
  }
})

test('without the scope for videos nothing is asked', async () => {
  const upstream = start(() => ({}))
  const account = accountOn('tiktok', { scopes: ['user.info.basic'] })
  const { connector, context } = upstream
  const failures = [
    await failureOfCall(connector.listPublications(account, null, context)),
    await failureOfCall(connector.readPublications(account, [refTo('1')], context)),
  ]
  expect(failures.map(({ kind }) => kind)).toEqual(['missing_scope', 'missing_scope'])
  expect(upstream.calls()).toBe(0)
})
