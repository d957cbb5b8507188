import { expect, test } from 'vitest'
import type { PublicationRef } from '../../src/domain/connector.ts'
import {
  BAD_METRIC,
  batching,
  dayItem,
  lifetime,
  namesIn,
  PAGE,
  PAGE_ID,
  POST_VALUES,
  postNode,
  REEL_VALUES,
  readsIn,
  reelNode,
  refused,
} from './facebook-world.ts'
import { accountOn, openUpstream, type Reply, refTo } from './support.ts'

const ACCOUNT = accountOn('facebook', { platformAccountId: PAGE_ID })
const POST = `${PAGE_ID}_900001`
const IMAGE = refTo(POST, { contentType: 'image' })
const DENIED = refused(10, '(#10) This endpoint requires a permission')
const TOO_MUCH: Reply = { ...refused(1, 'Please reduce the amount of data'), status: 500 }
const HTML: Reply = { text: '<html></html>' }
const LISTED_VIDEO = {
  attachments: { data: [{ media_type: 'video', target: { id: '770001' } }] },
}

/** A Page with its insights, a post with a video and that video. */
function start(unless: (url: URL) => Reply | null, post: object = postNode(POST)) {
  const answer = (url: URL): Reply => {
    const [, , id = '', edge] = url.pathname.split('/')
    const names = namesIn(url)
    const insights = { data: lifetime(POST_VALUES, names) }
    if (id === PAGE_ID && edge === 'insights') {
      return { json: { data: names.map((name) => dayItem(name)) } }
    }
    if (edge === 'insights') return { json: insights }
    if (edge === 'published_posts') return { json: { data: [post] } }
    if (edge !== undefined) return { json: { data: [] } }
    if (id === PAGE_ID) return { json: PAGE }
    if (id === POST) return { json: { ...post, ...(names.length > 0 && { insights }) } }
    return { json: { ...reelNode(id), video_insights: { data: lifetime(REEL_VALUES) } } }
  }
  return openUpstream(
    'facebook',
    batching((url) => unless(url) ?? answer(url)),
  )
}

type Page = ReturnType<typeof start>

async function read({ connector, context }: Page, ref: PublicationRef = IMAGE) {
  const [outcome] = await connector.readPublications(ACCOUNT, [ref], context)
  if (outcome === undefined || !('reading' in outcome)) throw new Error('There is no reading.')
  return outcome.reading
}

const sizesOf = ({ requests }: Page) => requests.map((request) => readsIn(request).length)

test.each([10, 200])(
  'a metric of a post that takes a permission, code %d, loses no other, for a day',
  async (code) => {
    const page = start((url) =>
      namesIn(url).includes('post_media_view') ? refused(code, 'No permission for this') : null,
    )
    const { native, missing } = await read(page)
    expect(native).toMatchObject({ post_clicks: 41, post_reactions_by_type_total: 36 })
    expect(missing).toEqual({ post_media_view: 'missing_scope' })
    // The post, each of its metrics alone in a batch, and those that are answered.
    expect(sizesOf(page)).toEqual([1, 4, 1])
    expect(await read(page)).toMatchObject({ native, missing })
    expect(sizesOf(page)).toEqual([1, 4, 1, 1])
  },
)

test('a metric of a Page that takes a permission loses no other', async () => {
  const page = start((url) => (namesIn(url).includes('page_views_total') ? DENIED : null))
  const { native, missing } = await page.connector.readAccount(ACCOUNT, page.context)
  expect(native).toMatchObject({ page_video_views: 21, page_total_actions: 21 })
  expect(missing).toEqual({ page_views_total: 'missing_scope' })
})

test('whoever may see no insights at all is asked for each of them once, and not remembered', async () => {
  let isDenied = true
  const page = start((url) => (isDenied && url.pathname.endsWith('/insights') ? DENIED : null))
  const refs = Array.from({ length: 120 }, (_, index) =>
    refTo(`${PAGE_ID}_${index}`, { contentType: 'image' }),
  )
  const outcomes = await page.connector.readPublications(ACCOUNT, refs, page.context)
  expect(new Set(outcomes.map((each) => 'failure' in each && each.failure.kind))).toEqual(
    new Set(['missing_scope']),
  )
  expect(sizesOf(page)).toEqual([50, 4, 50, 20])
  isDenied = false
  expect((await read(page)).missing).toEqual({})
})

test('a Page of which every metric of posts is refused is asked for none of them', async () => {
  const page = start((url) => (namesIn(url).length > 0 ? BAD_METRIC : null))
  const video = refTo(POST)
  await read(page, video).catch(() => undefined)
  const before = page.requests.length
  await read(page, video).catch(() => undefined)
  const later = page.requests.slice(before).flatMap(readsIn)
  expect(
    later.map(({ href }) => href).filter((href) => /metric(\(|%28)(\)|%29)/.test(href)),
  ).toEqual([])
})

test('a post that is too much with its insights is read without, and they apart', async () => {
  const post = postNode(POST, LISTED_VIDEO)
  const page = start((url) => {
    const isWide = url.pathname.endsWith(POST) && namesIn(url).length > 0
    return isWide ? TOO_MUCH : null
  }, post)
  const { content, native, unread, warnings } = await read(page, refTo(POST))
  expect(content).toMatchObject({ contentType: 'video', durationSeconds: 17.5 })
  expect(native).toMatchObject({ post_video_views: 900, post_clicks: 41 })
  expect(unread).toBeUndefined()
  expect(warnings.join()).not.toContain('reduce the amount')
})

test.each<[string, Reply]>([
  ['is down', { ...refused(2, 'Try later'), status: 503 }],
  ['cannot be read', HTML],
])('a part of a Page that %s is worth another try', async (_, reply) => {
  const page = start((url) => (url.pathname.endsWith('/insights') ? reply : null))
  const { native, unread } = await page.connector.readAccount(ACCOUNT, page.context)
  expect(native).toMatchObject({ followers_count: 12_000 })
  expect(unread).toBeDefined()
})

test('a video whose node cannot be read leaves its post, and is worth another try', async () => {
  const page = start(
    (url) => (url.pathname.endsWith('/770001') ? { json: { length: 3 } } : null),
    postNode(POST, LISTED_VIDEO),
  )
  const { native, unread } = await read(page, refTo(POST))
  expect(native).toMatchObject({ post_clicks: 41 })
  expect(unread).toMatchObject({ kind: 'malformed' })
})

test('insights that a list left out are asked for apart', async () => {
  const page = start(() => null)
  const { items } = await page.connector.listPublications(ACCOUNT, null, page.context)
  expect(items[0]?.reading?.native).toMatchObject({ post_clicks: 41 })
})

test('what a list holds without an id costs the others nothing, and is told', async () => {
  const nodes = [postNode(POST), { message: 'Whose?' }, null]
  const page = start((url) =>
    url.pathname.endsWith('/published_posts') ? { json: { data: nodes } } : null,
  )
  const { items, warnings } = await page.connector.listPublications(ACCOUNT, null, page.context)
  expect(items.map(({ platformPostId }) => platformPostId)).toEqual([POST])
  expect(warnings).toEqual([expect.stringContaining('2 of the posts')])
})

test.each(['video_reels', 'videos'])(
  'a list %s that cannot be read leaves the posts',
  async (edge) => {
    const page = start((url) =>
      url.pathname.endsWith(`/${edge}`) ? { json: { data: 'none' } } : null,
    )
    const { items, warnings } = await page.connector.listPublications(ACCOUNT, null, page.context)
    expect(items).toHaveLength(1)
    expect(warnings).toEqual([expect.stringContaining('did not list the')])
  },
)

test('a post that does not say which reel it shows says so, and not again and again', async () => {
  const page = start(() => null, postNode(POST, { permalink_url: '/reel/', attachments: {} }))
  const { missing, unread } = await read(page, refTo(POST, { contentType: 'reel' }))
  expect(missing).toMatchObject({ fb_reels_total_plays: 'fetch_failed' })
  expect(unread).toBeUndefined()
})

test('a part of a batch that a gateway in front of the platform broke is asked for again', async () => {
  let isBroken = true
  const { connector, context } = openUpstream('facebook', (request) => {
    const bodies = readsIn(request).map((url) => ({ data: lifetime(POST_VALUES, namesIn(url)) }))
    const parts = bodies.map((body) => ({ code: 200, body: JSON.stringify(body) }))
    if (isBroken) parts[0] = { code: 502, body: '<html>Bad Gateway</html>' }
    isBroken = false
    return { json: request.method === 'GET' ? bodies[0] : parts }
  })
  const refs = [1, 2].map((index) => refTo(`${PAGE_ID}_${index}`, { contentType: 'image' }))
  const outcomes = await connector.readPublications(ACCOUNT, refs, context)
  expect(outcomes.map((outcome) => 'reading' in outcome)).toEqual([true, true])
})

test('a list of posts with a metric that takes a permission has all others, and is read at once the next time', async () => {
  const post = { ...postNode(POST), insights: { data: lifetime(POST_VALUES) } }
  const page = start((url) => (namesIn(url).includes('post_media_view') ? DENIED : null), post)
  const { post_media_view: _, ...values } = POST_VALUES
  post.insights.data = lifetime(values)
  const list = () => page.connector.listPublications(ACCOUNT, null, page.context)
  const [item] = (await list()).items
  expect(item?.reading).toMatchObject({
    native: { post_clicks: 41 },
    missing: { post_media_view: 'missing_scope' },
  })
  const before = page.requests.length
  expect((await list()).items[0]?.reading?.missing).toEqual({ post_media_view: 'missing_scope' })
  // A page of each list, and nothing apart.
  expect(page.requests.length - before).toBe(3)
})

test('a week among the days of a Page is none of them', async () => {
  const days = dayItem('page_video_views', [12, 9])
  const week = { ...dayItem('page_video_views', [700, 700]), period: 'week' }
  const page = start((url) =>
    url.pathname.endsWith('/insights') ? { json: { data: [days, week] } } : null,
  )
  const { native } = await page.connector.readAccount(ACCOUNT, page.context)
  expect(native['page_video_views']).toBe(21)
})
