import { expect, test } from 'vitest'
import type { Listing } from '../../src/domain/connector.ts'
import {
  expandedIn,
  graphError,
  IG_ACCOUNT_ID,
  lifetimeItems,
  MEDIA_NUMBERS,
  mediaNode,
  REEL,
} from './instagram-world.ts'
import {
  accountOn,
  expectNoCredential,
  failureOfCall,
  openUpstream,
  type Reply,
  type Request,
} from './support.ts'

const ACCOUNT = accountOn('instagram', { platformAccountId: IG_ACCOUNT_ID })
const POST = ['views', 'reach', 'likes', 'comments', 'shares', 'saved', 'total_interactions']

type Node = ReturnType<typeof mediaNode>
const isReel = (node: Node | undefined) => node?.media_product_type === 'REELS'

/** An account with this media, of which some fail a whole page and their own insights. */
function start(nodes: Node[], failing: Record<string, Reply> = {}) {
  const answer = ({ url }: Request): Reply => {
    const [, , id = '', edge] = url.pathname.split('/')
    const expanded = expandedIn(url.searchParams.get('fields'))
    if (edge === 'insights') {
      const names = url.searchParams.get('metric')?.split(',') ?? []
      return failing[id] ?? { json: { data: lifetimeItems(names) } }
    }
    const first = Number(url.searchParams.get('after') ?? 0)
    const page = nodes.slice(first, first + Number(url.searchParams.get('limit')))
    const bad = page.flatMap((node) => failing[node.id] ?? [])
    if (expanded.length > 0 && bad[0] !== undefined) return bad[0]
    const insights = expanded.length > 0 ? { insights: { data: lifetimeItems(expanded) } } : {}
    const after = String(first + page.length)
    const token = `access_token=${ACCOUNT.accessToken}`
    const next = `https://graph.facebook.com/v25.0/${IG_ACCOUNT_ID}/media?${token}&after=${after}`
    const more = first + page.length < nodes.length ? { next } : {}
    const data = page.map((node) => ({ ...node, ...insights }))
    return { json: { data, paging: { cursors: { after }, ...more } } }
  }
  return openUpstream('instagram', answer)
}

async function listAll({ connector, context }: ReturnType<typeof start>) {
  const pages: Listing[] = []
  let cursor: string | null = null
  do {
    const page: Listing = await connector.listPublications(ACCOUNT, cursor, context)
    pages.push(page)
    cursor = page.nextCursor
  } while (cursor !== null)
  return pages
}

const nodes = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    mediaNode(String(18_000_000_000_000_001n + BigInt(index))),
  )
const pick = (names: string[]) =>
  Object.fromEntries(names.map((name) => [name, MEDIA_NUMBERS[name]]))

test('120 media are three pages with all of their numbers', async () => {
  const upstream = start(nodes(120))
  const pages = await listAll(upstream)
  expect(pages.map((page) => page.items.length)).toEqual([50, 50, 20])
  expect(upstream.calls()).toBe(3)
  expect(pages[2]?.items[19]?.reading?.native).toEqual(pick(POST))
  expectNoCredential([upstream.requests.map(({ url }) => url.href), pages])
})

test('a reel costs one call more, for what only reels have', async () => {
  const upstream = start([mediaNode('1', REEL), mediaNode('2')])
  const [page] = await listAll(upstream)
  expect(upstream.calls()).toBe(2)
  const watched = ['ig_reels_avg_watch_time', 'ig_reels_video_view_total_time']
  expect(page?.items[0]?.reading?.native).toEqual(pick([...POST, ...watched]))
  expect(page?.items[0]?.reading?.payload).toMatchObject({ insights: { data: { length: 9 } } })
  expect(page?.items[1]?.reading?.missing).toEqual({})
})

test('one media older than the account’s conversion costs its page the fast way, and nothing else', async () => {
  const old = graphError(100, 'Media posted before conversion', { error_subcode: 2_108_006 })
  const upstream = start(nodes(3), { '18000000000000002': old })
  const [page] = await listAll(upstream)
  expect(page?.items[0]?.reading?.native).toEqual(pick(POST))
  expect(page?.items[1]?.reading).toMatchObject({
    native: { likes: 84, comments: 6 },
    missing: { views: 'not_supported', saved: 'not_supported' },
    warnings: [],
  })
  expect(upstream.calls()).toBe(5)
  await listAll(upstream)
  expect(upstream.calls()).toBe(9)
})

const DENIED = graphError(10, '(#10) Application does not have permission')

test('a listing without permission for insights has the node’s own counters, found out once', async () => {
  const all = nodes(12)
  const upstream = start(all, Object.fromEntries(all.map(({ id }) => [id, DENIED])))
  const [page] = await listAll(upstream)
  expect(page?.items).toHaveLength(12)
  for (const { reading } of page?.items ?? []) {
    expect(reading).toMatchObject({
      native: { likes: 84, comments: 6 },
      missing: { reach: 'missing_scope' },
      warnings: [expect.stringContaining('instagram_business_manage_insights')],
    })
  }
  // The page with insights and without, and the insights of two media.
  expect(upstream.calls()).toBe(4)
  await listAll(upstream)
  expect(upstream.calls()).toBe(5)
})

test('one media that the account may not see costs no other of its page its insights', async () => {
  const upstream = start(nodes(3), { '18000000000000001': DENIED })
  const [page] = await listAll(upstream)
  const [first, ...others] = page?.items ?? []
  expect(first?.reading).toMatchObject({
    native: { likes: 84 },
    missing: { reach: 'missing_scope' },
  })
  expect(others.map(({ reading }) => reading?.native)).toEqual([pick(POST), pick(POST)])
  expect(upstream.calls()).toBe(5)
})

test('a limit that is reached within a page takes back nothing of the page', async () => {
  const old = graphError(100, 'Media posted before conversion', { error_subcode: 2_108_006 })
  const limited = graphError(80_002, '(#80002) Too many calls to this Instagram account')
  const failing = { '18000000000000001': old, '18000000000000009': limited }
  const upstream = start(nodes(30), failing)
  const [page] = await listAll(upstream)
  const readings = page?.items.map(({ reading }) => reading) ?? []
  expect(readings).toHaveLength(30)
  expect(readings[2]?.native).toEqual(pick(POST))
  for (const reading of [readings[8], readings[29]]) {
    expect(reading).toMatchObject({
      native: { likes: 84, comments: 6 },
      missing: { reach: 'fetch_failed' },
      unread: { kind: 'rate_limited' },
    })
  }
  // The page twice, and media until the limit; those on their way then are answered.
  expect(upstream.calls()).toBeLessThanOrEqual(2 + 9 + 6)
})

test('a limit that only reels meet leaves the others of their page complete', async () => {
  const limited = graphError(80_002, '(#80002) Too many calls to this Instagram account')
  const listed = [mediaNode('1', REEL), ...nodes(20), mediaNode('2', REEL)]
  const { connector, context } = openUpstream('instagram', ({ url }) => {
    if (url.pathname.endsWith('/insights')) return limited
    const insights = { data: lifetimeItems(expandedIn(url.searchParams.get('fields'))) }
    return { json: { data: listed.map((node) => ({ ...node, insights })) } }
  })
  const { items } = await connector.listPublications(ACCOUNT, null, context)
  expect(items.map(({ reading }) => reading?.native)).toEqual(Array(22).fill(pick(POST)))
  const limitedIds = items.flatMap((item) => (item.reading?.unread ? [item.platformPostId] : []))
  expect(limitedIds).toEqual(['1', '2'])
})

test('a media without its id costs the others of its page nothing, and is told', async () => {
  const [one, other] = nodes(2)
  const { connector, context } = openUpstream('instagram', () => ({
    json: { data: [one, { ...other, id: undefined }, null] },
  }))
  const { items, warnings } = await connector.listPublications(ACCOUNT, null, context)
  expect(items.map((item) => item.platformPostId)).toEqual([one?.id])
  expect(warnings).toEqual(['Instagram listed 2 media without an id.'])
})

test('a scope that is known to be missing is not asked for', async () => {
  const upstream = start(nodes(1))
  const account = { ...ACCOUNT.account, scopes: ['instagram_business_basic'] }
  const { items } = await upstream.connector.listPublications(
    { ...ACCOUNT, account },
    null,
    upstream.context,
  )
  expect(expandedIn(upstream.requests[0]?.url.searchParams.get('fields') ?? null)).toEqual([])
  expect(items[0]?.reading?.warnings).toEqual([
    'Instagram did not show views, reach, shares, saved, total_interactions: instagram_business_manage_insights was not granted.',
  ])
})

test('what is too much for one answer is asked for in smaller pages', async () => {
  const tooMuch = graphError(1, 'Please reduce the amount of data', {}, { status: 500 })
  const limits: (string | null)[] = []
  const { connector, context } = openUpstream('instagram', ({ url }) => {
    limits.push(url.searchParams.get('limit'))
    return url.searchParams.get('limit') === '12' ? { json: { data: [] } } : tooMuch
  })
  expect(await connector.listPublications(ACCOUNT, null, context)).toEqual({
    ...{ items: [], nextCursor: null, account: null },
  })
  expect([...new Set(limits)]).toEqual(['50', '25', '12'])
})

test('an empty page may go on, and a cursor that does not move ends the listing', async () => {
  const paging = { cursors: { after: 'same' }, next: 'https://graph.example/next' }
  const { connector, context, calls } = openUpstream('instagram', () => ({
    json: { data: [], paging },
  }))
  const first = await connector.listPublications(ACCOUNT, null, context)
  expect(first.nextCursor).toBe('same')
  expect((await connector.listPublications(ACCOUNT, 'same', context)).nextCursor).toBeNull()
  expect(calls()).toBe(2)
  expect(isReel(mediaNode('1', REEL))).toBe(true)
})

test('an empty page whose cursor stands in its link alone goes on', async () => {
  const next = 'https://graph.example/v25.0/1/media?access_token=secret-of-the-link&after=QVFIb-2'
  const { connector, context } = openUpstream('instagram', () => ({
    json: { data: [], paging: { next } },
  }))
  const { nextCursor } = await connector.listPublications(ACCOUNT, null, context)
  expect(nextCursor).toBe('QVFIb-2')
})

test('a listing that is cancelled on the way is not taken for one without insights', async () => {
  const cancelled = new AbortController()
  const { connector, context } = openUpstream('instagram', ({ url }) => {
    if (url.pathname.endsWith('/insights')) cancelled.abort()
    const insights = { data: lifetimeItems(expandedIn(url.searchParams.get('fields'))) }
    return { json: { data: [{ ...mediaNode('1', REEL), insights }] } }
  })
  const { signal } = cancelled
  const listing = connector.listPublications(ACCOUNT, null, { ...context, signal })
  expect((await failureOfCall(listing)).kind).toBe('unavailable')
})
