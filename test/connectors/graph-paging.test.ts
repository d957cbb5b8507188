import { expect, test } from 'vitest'
import {
  batching,
  lifetime,
  namesIn,
  PAGE_ID,
  POST_VALUES,
  postNode,
  refused,
} from './facebook-world.ts'
import {
  graphError,
  IG_ACCOUNT_ID,
  IG_PROFILE,
  lifetimeItems,
  mediaNode,
} from './instagram-world.ts'
import { accountOn, failureOfCall, openUpstream, type Reply } from './support.ts'

const TOO_MUCH: Reply = { ...refused(1, 'Please reduce the amount of data'), status: 500 }
const BROKEN: Reply = { ...refused(1, 'An unknown error occurred'), status: 500 }
const FACEBOOK = accountOn('facebook', { platformAccountId: PAGE_ID })
const INSTAGRAM = accountOn('instagram', { platformAccountId: IG_ACCOUNT_ID })

/** A Page with one post, of which the platform answers what it is told to. */
function startPage(refuse: (url: URL, limit: number) => Reply | null) {
  const limits: number[] = []
  const upstream = openUpstream(
    'facebook',
    batching((url) => {
      const edge = url.pathname.split('/')[3]
      const limit = Number(url.searchParams.get('limit'))
      if (edge === 'published_posts') limits.push(limit)
      const refusal = refuse(url, limit)
      if (refusal !== null) return refusal
      const insights = { data: lifetime(POST_VALUES, namesIn(url)) }
      if (edge === 'insights') return { json: insights }
      if (edge !== 'published_posts') return { json: { data: [] } }
      return { json: { data: [{ ...postNode(`${PAGE_ID}_1`), insights }] } }
    }),
  )
  const list = () => upstream.connector.listPublications(FACEBOOK, null, upstream.context)
  /** The sizes of the pages of posts that were asked for since the last time. */
  const asked = () => limits.splice(0)
  return { list, asked }
}

const isWide = (url: URL) => namesIn(url).length > 0

test('a page is asked for in ever smaller sizes, and for a day in the one that was answered', async () => {
  const { list, asked } = startPage((url, limit) => (isWide(url) && limit > 6 ? TOO_MUCH : null))
  expect((await list()).items[0]?.reading?.native).toMatchObject({ post_clicks: 41 })
  expect(asked()).toEqual([50, 25, 12, 6])
  await list()
  expect(asked()).toEqual([6])
})

test('posts that are too much one by one are listed without their insights, which are read apart', async () => {
  const { list, asked } = startPage((url, limit) => (isWide(url) && limit > 0 ? TOO_MUCH : null))
  expect((await list()).items[0]?.reading?.native).toMatchObject({ post_clicks: 41 })
  expect(asked()).toEqual([50, 25, 12, 6, 3, 1, 50])
  await list()
  expect(asked()).toEqual([50])
})

test('a page on which one post’s insights are broken is listed without them', async () => {
  const { list } = startPage((url, limit) => (isWide(url) && limit > 0 ? BROKEN : null))
  expect((await list()).items[0]?.reading?.native).toMatchObject({ post_clicks: 41 })
})

test('a post that is too much even alone lacks its numbers, says why, and is not tried again', async () => {
  const { list } = startPage((url) => (isWide(url) ? TOO_MUCH : null))
  const [item] = (await list()).items
  expect(item?.reading).toMatchObject({
    native: {},
    missing: { post_clicks: 'fetch_failed', post_media_view: 'fetch_failed' },
    warnings: [expect.stringContaining('reduce the amount of data')],
  })
  expect(item?.reading?.unread).toBeUndefined()
})

test('a list of reels that is in trouble leaves the posts, and is told', async () => {
  const { list } = startPage((url) => (url.pathname.endsWith('/video_reels') ? BROKEN : null))
  const { items, warnings } = await list()
  expect(items).toHaveLength(1)
  expect(warnings).toEqual([expect.stringContaining('did not list the reels')])
})

test('posts that are too much even alone and bare are no list', async () => {
  const { list } = startPage((_url, limit) => (limit > 0 ? TOO_MUCH : null))
  expect(await failureOfCall(list())).toMatchObject({ kind: 'unavailable', isHostDown: false })
})

/** An Instagram account with one media, whose insights cannot come with it. */
function startMedia(refusal: Reply) {
  return openUpstream('instagram', ({ url }) => {
    const [, , id, edge] = url.pathname.split('/')
    if (edge === 'insights') return { json: { data: lifetimeItems(namesIn(url)) } }
    if (isWide(url)) return refusal
    return { json: edge === 'media' ? { data: [mediaNode('1')] } : mediaNode(`${id}`) }
  })
}

test.each<[string, Reply]>([
  ['too much', TOO_MUCH],
  ['broken', graphError(2, 'Service temporarily unavailable', {}, { status: 500 })],
])(
  'media whose insights are %s in a list, or with their node, are read apart',
  async (_, reply) => {
    const { connector, context } = startMedia(reply)
    const { items } = await connector.listPublications(INSTAGRAM, null, context)
    expect(items[0]?.reading?.native).toMatchObject({ views: 1240 })
    const ref = { platformPostId: '1', contentType: 'image', publishedAt: null } as const
    const [outcome] = await connector.readPublications(INSTAGRAM, [ref], context)
    expect(outcome).toMatchObject({ reading: { native: { views: 1240 } } })
  },
)

test.each<[string, Reply, string | undefined]>([
  ['in trouble', graphError(2, 'Try later', {}, { status: 500 }), 'unavailable'],
  ['too much', TOO_MUCH, undefined],
  ['refused', graphError(10, 'No permission'), undefined],
])(
  'a media whose insights are %s even alone has its own counters, and is tried again if that helps',
  async (_, reply, unread) => {
    const { connector, context } = openUpstream('instagram', ({ url }) => {
      if (isWide(url) || url.pathname.endsWith('/insights')) return reply
      return { json: { data: [mediaNode('1')] } }
    })
    const { items } = await connector.listPublications(INSTAGRAM, null, context)
    expect(items[0]?.reading).toMatchObject({
      native: { likes: 84, comments: 6 },
      missing: { views: expect.stringMatching(/^fetch_failed$|^missing_scope$/) },
      warnings: [expect.stringContaining('views')],
    })
    expect(items[0]?.reading?.unread?.kind).toBe(unread)
  },
)

test('an account whose insights are in trouble has its profile, and is worth another try', async () => {
  const { connector, context } = openUpstream('instagram', ({ url }) =>
    url.pathname.endsWith('/insights')
      ? graphError(2, 'Try later', {}, { status: 500 })
      : { json: IG_PROFILE },
  )
  const reading = await connector.readAccount(INSTAGRAM, context)
  expect(reading).toMatchObject({
    native: { follower_count: 3_412_345_678 },
    missing: { reach: 'fetch_failed' },
    unread: { kind: 'unavailable' },
  })
})
