import { expect, test } from 'vitest'
import {
  BAD_METRIC,
  batching,
  lifetime,
  NOT_THERE,
  namesIn,
  PAGE_ID,
  POST_VALUES,
  postNode,
  REEL_VALUES,
  reelNode,
  refused,
  VIDEO_VALUES,
} from './facebook-world.ts'
import {
  ACCESS_TOKEN,
  accountOn,
  expectNoCredential,
  failureOfCall,
  openUpstream,
  type Reply,
} from './support.ts'

const ACCOUNT = accountOn('facebook', { platformAccountId: PAGE_ID })

type Edges = Partial<Record<'published_posts' | 'video_reels' | 'videos', Reply>>

/** A Page whose lists are given, and whose insights are all there. */
function start(edges: Edges, more: (url: URL) => Reply | null = () => null) {
  return openUpstream(
    'facebook',
    batching((url) => {
      const [, , id, edge = ''] = url.pathname.split('/')
      const special = more(url)
      if (special !== null) return special
      if (edge === 'insights') return { json: { data: lifetime(POST_VALUES, namesIn(url)) } }
      if (edge === 'video_insights') {
        return { json: { data: lifetime(id === '660001' ? VIDEO_VALUES : REEL_VALUES) } }
      }
      return edges[edge as keyof Edges] ?? { json: { data: [] } }
    }),
  )
}

const list = ({ connector, context }: ReturnType<typeof start>, cursor: string | null = null) =>
  connector.listPublications(ACCOUNT, cursor, context)

const withInsights = (node: ReturnType<typeof postNode>, values = POST_VALUES) => ({
  ...node,
  insights: { data: lifetime(values), paging: { next: `https://x?access_token=${ACCESS_TOKEN}` } },
})

const page = (nodes: unknown[], after?: string): Reply => ({
  json: {
    data: nodes,
    ...(after && {
      paging: { cursors: { after }, next: `https://x?access_token=${ACCESS_TOKEN}` },
    }),
  },
})

const POST = `${PAGE_ID}_900001`

test('posts, reels and videos without a post are one list, newest first', async () => {
  const upstream = start({
    published_posts: page([
      withInsights(postNode(POST)),
      withInsights(postNode(`${PAGE_ID}_770001`, { permalink_url: '/reel/770001/' })),
    ]),
    video_reels: page([reelNode('770001', { created_time: '2026-11-19T10:00:00+0000' })]),
    videos: page([
      reelNode('660001', { permalink_url: '/dravo/videos/660001/', title: 'A film' }),
      reelNode('660002', { permalink_url: '/dravo/videos/660002/', post_id: POST }),
    ]),
  })
  const { items, nextCursor, account } = await list(upstream)
  expect(items.map((item) => item.platformPostId)).toEqual(['770001', POST, '660001'])
  expect(items.map((item) => item.content.contentType)).toEqual(['reel', 'image', 'video'])
  expect(items.map((item) => Object.keys(item.reading?.native ?? {}).length > 4)).toEqual([
    true,
    true,
    true,
  ])
  expect({ nextCursor, account }).toEqual({ nextCursor: null, account: null })
  // Three lists, and one batch for the insights of what the lists could not hold.
  expect(upstream.calls()).toBe(4)
  expectNoCredential([items, upstream.requests.map(({ url }) => url.href)])
})

test('content is read: a link that begins with a slash, a story for a text, an offset', async () => {
  const bare = { message: undefined, story: 'Dravo updated their cover photo.' }
  const { items } = await list(
    start({
      published_posts: page([withInsights(postNode(POST, bare))]),
      video_reels: page([reelNode('770001')]),
    }),
  )
  expect(items.map((item) => item.content)).toEqual([
    {
      url: `https://www.facebook.com/dravo/posts/${POST}`,
      text: 'Dravo updated their cover photo.',
      contentType: 'image',
      thumbnailUrl: 'https://cdn.example/p.jpg',
      durationSeconds: null,
      publishedAt: new Date('2026-11-12T19:20:02Z'),
    },
    {
      url: 'https://www.facebook.com/reel/770001/',
      text: 'On the way',
      contentType: 'reel',
      thumbnailUrl: 'https://cdn.example/r.jpg',
      durationSeconds: 17.5,
      publishedAt: new Date('2026-11-11T10:00:00Z'),
    },
  ])
})

test.each<[string, Record<string, unknown>]>([
  ['video', { attachments: { data: [{ media_type: 'video' }] } }],
  ['carousel', { attachments: { data: [{ media_type: 'album' }] } }],
  ['link', { attachments: { data: [{ media_type: 'link' }] } }],
  ['other', { attachments: { data: [{ media_type: 'constructor' }] } }],
  ['text', { attachments: undefined, status_type: 'mobile_status_update' }],
  ['video', { attachments: undefined, status_type: 'added_video' }],
  ['text', { attachments: undefined, status_type: undefined }],
])('the kind is %s for %j', async (contentType, more) => {
  const { items } = await list(
    start({ published_posts: page([withInsights(postNode(POST, more))]) }),
  )
  expect(items[0]?.content.contentType).toBe(contentType)
})

test('every further page goes on with the list that reaches least far back', async () => {
  const upstream = start({
    published_posts: page([withInsights(postNode(POST))], 'P2'),
    video_reels: page([reelNode('770001')], 'R2'),
  })
  const first = await list(upstream)
  const before = upstream.requests.length
  const second = await list(upstream, first.nextCursor)
  const asked = upstream.requests.slice(before).map(({ url }) => url)
  expect(asked.map((url) => url.pathname)).toEqual([`/v25.0/${PAGE_ID}/published_posts`])
  expect(asked[0]?.searchParams.get('after')).toBe('P2')
  // The same page again would go on for ever, so this list is over, and the other goes on.
  const third = await list(upstream, second.nextCursor)
  expect(third.items.map((item) => item.platformPostId)).toEqual(['770001'])
  expect(third.nextCursor).toBeNull()
})

test('a page with one refused metric is read without insights, and they in a batch', async () => {
  const posts = [1, 2, 3].map((index) => postNode(`${PAGE_ID}_${index}`))
  const upstream = start({ published_posts: page(posts) }, (url) =>
    namesIn(url).includes('post_clicks') ? BAD_METRIC : null,
  )
  const { items } = await list(upstream)
  expect(items).toHaveLength(3)
  for (const { reading } of items) {
    expect(reading?.native).toMatchObject({
      post_media_view: 5120,
      post_reactions_by_type_like: 33,
    })
    expect(reading).toMatchObject({ missing: { post_clicks: 'not_supported' }, warnings: [] })
  }
  // The page, the page again with the other two lists, a batch to find out, and a batch to read.
  expect(upstream.calls()).toBe(6)
  const before = upstream.requests.length
  await list(upstream)
  expect(upstream.requests[before]?.url.href).not.toContain('post_clicks')
})

test('a lesson that fails takes nothing with it', async () => {
  const posts = [1, 2].map((index) => postNode(`${PAGE_ID}_${index}`))
  let isDeleted = true
  const upstream = start({ published_posts: page(posts) }, (url) => {
    const names = namesIn(url)
    if (names.length > 1 && names.includes('post_clicks')) return BAD_METRIC
    if (names.length !== 1 || !isDeleted) return names.join() === 'post_clicks' ? BAD_METRIC : null
    isDeleted = names.join() !== 'post_video_view_time'
    return NOT_THERE
  })
  const { items } = await list(upstream)
  expect(items.map(({ reading }) => reading?.missing)).toEqual([
    { post_clicks: 'not_supported' },
    { post_clicks: 'not_supported' },
  ])
})

test('too much data is asked for again with half as much', async () => {
  const limits: (string | null)[] = []
  const upstream = start({}, (url) => {
    if (!url.pathname.endsWith('/published_posts')) return null
    limits.push(url.searchParams.get('limit'))
    const isWide = url.searchParams.get('limit') === '50'
    return isWide
      ? { ...refused(1, "Please reduce the amount of data you're asking for"), status: 500 }
      : page([withInsights(postNode(POST))])
  })
  expect((await list(upstream)).items).toHaveLength(1)
  expect(new Set(limits)).toEqual(new Set(['50', '25']))
})

test('reels that cannot be listed leave the posts, and posts that cannot are no list', async () => {
  const reels = start({
    published_posts: page([withInsights(postNode(POST))]),
    video_reels: refused(10, '(#10) No permission'),
  })
  const { items, warnings } = await list(reels)
  expect(items).toHaveLength(1)
  expect(warnings).toEqual([expect.stringMatching(/did not list the reels of the Page: .*#10/)])
  const posts = start({ published_posts: refused(200, 'No permission') })
  expect((await failureOfCall(list(posts))).kind).toBe('missing_scope')
})

test('reels that cannot be listed are taken from the posts, on further pages too', async () => {
  const reelPost = (id: string) =>
    withInsights(postNode(`${PAGE_ID}_${id}`, { permalink_url: `/reel/${id}/` }))
  let place = 0
  const pages = [page([reelPost('770001')], 'P2'), page([reelPost('770002')])]
  const upstream = start({ video_reels: refused(10, '(#10) No permission') }, (url) =>
    url.pathname.endsWith('/published_posts') ? (pages[place++] ?? null) : null,
  )
  const first = await list(upstream)
  const second = await list(upstream, first.nextCursor)
  const items = [...first.items, ...second.items]
  expect(items.map(({ platformPostId }) => platformPostId)).toEqual(['770001', '770002'])
  for (const { content, reading } of items) {
    expect(content.contentType).toBe('reel')
    expect(reading?.native).toMatchObject({ fb_reels_total_plays: 5630 })
  }
})

test('a video that a post shows comes with its viewers and its length', async () => {
  const attachments = { data: [{ media_type: 'video', target: { id: '660001' } }] }
  const node = reelNode('660001', { video_insights: { data: lifetime(VIDEO_VALUES) } })
  const upstream = start(
    { published_posts: page([withInsights(postNode(POST, { attachments }))]) },
    (url) => (url.pathname === '/v25.0/660001' ? { json: node } : null),
  )
  const [item] = (await list(upstream)).items
  expect(item).toMatchObject({
    content: { contentType: 'video', durationSeconds: 17.5 },
    reading: { native: { post_video_views: 900, total_video_views_unique: 560 }, warnings: [] },
  })
})

test('a publication whose insights fail is listed without a reading', async () => {
  const upstream = start({ video_reels: page([reelNode('770001'), reelNode('770002')]) }, (url) =>
    url.pathname.includes('/770002/') ? refused(283, 'Requires a permission') : null,
  )
  const { items } = await list(upstream)
  expect(items.map((item) => item.reading === null)).toEqual([false, true])
})

test('an empty page that has a next one is not the end', async () => {
  const { nextCursor } = await list(start({ published_posts: page([], 'P2') }))
  expect(nextCursor).toContain('P2')
})
