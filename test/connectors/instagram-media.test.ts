import { expect, test } from 'vitest'
import type { ContentType } from '../../src/domain/content.ts'
import {
  expandedIn,
  graphError,
  IG_ACCOUNT_ID,
  lifetimeItems,
  MEDIA_NUMBERS,
  mediaNode,
  REEL,
  typeRefusal,
} from './instagram-world.ts'
import { accountOn, failureOfCall, NOW, openUpstream, type Reply, refTo } from './support.ts'

const ACCOUNT = accountOn('instagram', { platformAccountId: IG_ACCOUNT_ID })

/** A single media that refuses what `refuse` says to the names that it is asked for. */
function start(node: ReturnType<typeof mediaNode>, refuse: (names: string[]) => Reply | null) {
  return openUpstream('instagram', ({ url }) => {
    const expanded = expandedIn(url.searchParams.get('fields'))
    const isInsights = url.pathname.endsWith('/insights')
    const names = isInsights ? (url.searchParams.get('metric')?.split(',') ?? []) : expanded
    const refusal = names.length === 0 ? null : refuse(names)
    if (refusal !== null) return refusal
    const insights = { data: lifetimeItems(names) }
    if (isInsights) return { json: insights }
    return { json: { ...node, ...(expanded.length > 0 ? { insights } : {}) } }
  })
}

async function readAs(upstream: ReturnType<typeof start>, contentType: ContentType) {
  const { connector, context } = upstream
  const [outcome] = await connector.readPublications(
    ACCOUNT,
    [refTo('1', { contentType })],
    context,
  )
  if (outcome === undefined || !('reading' in outcome)) throw new Error('The media has no reading.')
  return outcome.reading
}

const pick = (names: string[]) =>
  Object.fromEntries(names.map((name) => [name, MEDIA_NUMBERS[name]]))
const WATCHED = ['ig_reels_avg_watch_time', 'ig_reels_video_view_total_time']
const POST = ['views', 'reach', 'likes', 'comments', 'shares', 'saved', 'total_interactions']

test.each<[ContentType, Record<string, unknown>, string[]]>([
  ['image', {}, POST],
  ['carousel', { media_type: 'CAROUSEL_ALBUM' }, POST],
  ['reel', REEL, [...POST, ...WATCHED]],
  [
    'story',
    { media_product_type: 'STORY' },
    ['views', 'reach', 'shares', 'total_interactions', 'replies'],
  ],
])('a media of kind %s has its metrics in one call', async (contentType, more, names) => {
  const upstream = start(mediaNode('1', more), () => null)
  const reading = await readAs(upstream, contentType)
  expect(reading.native).toEqual(pick(names))
  expect(reading).toMatchObject({ missing: {}, warnings: [], content: { contentType } })
  expect(upstream.calls()).toBe(1)
})

test('a media recorded as another kind still gets what its own kind has', async () => {
  const node = mediaNode('1', REEL)
  const upstream = start(node, () => null)
  expect((await readAs(upstream, 'image')).native).toEqual(pick([...POST, ...WATCHED]))
  expect(upstream.calls()).toBe(2)
})

test('a kind that refuses metrics keeps the others, and is not asked for them again', async () => {
  const refused = ['saved', 'shares']
  const upstream = start(mediaNode('1'), (names) => {
    const blamed = names.filter((name) => refused.includes(name))
    return blamed.length > 0 ? typeRefusal(blamed) : null
  })
  const reading = await readAs(upstream, 'image')
  expect(reading.missing).toEqual({ shares: 'not_supported', saved: 'not_supported' })
  expect(Object.keys(reading.native)).toHaveLength(5)
  const before = upstream.calls()
  expect(await readAs(upstream, 'image')).toEqual(reading)
  expect(upstream.calls()).toBe(before + 1)
})

test('what one account’s media refuse is still asked of another account’s', async () => {
  let isRefused = true
  const upstream = start(mediaNode('1'), (names) =>
    isRefused && names.includes('shares') ? typeRefusal(['shares']) : null,
  )
  expect((await readAs(upstream, 'image')).missing).toEqual({ shares: 'not_supported' })
  isRefused = false
  const another = { ...ACCOUNT, accessToken: 'a-token-of-another-workspace' }
  const refs = [refTo('2', { contentType: 'image' })]
  const [outcome] = await upstream.connector.readPublications(another, refs, upstream.context)
  expect(outcome).toMatchObject({ reading: { native: pick(POST), missing: {} } })
})

test('a refusal that names no metric is found out metric by metric', async () => {
  const upstream = start(mediaNode('1', { media_type: 'VIDEO' }), (names) =>
    names.includes('views') ? graphError(100, '(#100) One metric is not supported.') : null,
  )
  const reading = await readAs(upstream, 'video')
  expect(reading.missing).toEqual({ views: 'not_supported' })
  expect(reading.native['total_interactions']).toBe(96)
})

test('a story that too few have seen is not a lack of permission', async () => {
  const few = graphError(10, '(#10) Not enough viewers for the media to show insights')
  const story = mediaNode('1', { media_product_type: 'STORY' })
  const { native, missing, warnings } = await readAs(
    start(story, () => few),
    'story',
  )
  expect(native).toEqual({})
  expect(new Set(Object.values(missing))).toEqual(new Set(['not_yet_available']))
  expect(warnings).toEqual([])
})

test('insights that fail leave the node’s counters, with a warning', async () => {
  const broken = graphError(100, '(#100) Something else is wrong')
  const { native, missing, warnings } = await readAs(
    start(mediaNode('1'), () => broken),
    'image',
  )
  expect(native).toEqual({ likes: 84, comments: 6 })
  expect(missing['reach']).toBe('fetch_failed')
  expect(warnings).toHaveLength(1)
})

test('hidden likes and late insights are unknown, never zero', async () => {
  const fresh = {
    timestamp: new Date(NOW.getTime() - 3_600_000).toISOString(),
    like_count: undefined,
  }
  const { connector, context } = openUpstream('instagram', () => ({
    json: { ...mediaNode('1', fresh), insights: { data: [] } },
  }))
  const [outcome] = await connector.readPublications(ACCOUNT, [refTo('1')], context)
  expect(outcome).toMatchObject({
    reading: {
      native: { comments: 6 },
      missing: { likes: 'not_yet_available', views: 'not_yet_available' },
      warnings: [],
    },
  })
})

test('a node’s content is read, its offset among the rest', async () => {
  const { content } = await readAs(
    start(mediaNode('1', REEL), () => null),
    'reel',
  )
  expect(content).toEqual({
    url: 'https://www.instagram.com/p/1/',
    text: 'Shipping day',
    contentType: 'reel',
    thumbnailUrl: 'https://cdn.example/t.jpg?exp=1',
    durationSeconds: null,
    publishedAt: new Date('2026-11-12T19:20:02Z'),
  })
})

test.each<[string, Record<string, unknown>]>([
  ['reel', { media_type: 'VIDEO', media_product_type: undefined, permalink: 'https://i/reel/A/' }],
  ['video', { media_type: 'VIDEO', media_product_type: 'FEED' }],
  ['image', { media_type: 'IMAGE', media_product_type: 'AD' }],
  ['other', { media_type: 'NEW', media_product_type: undefined }],
])('the kind is %s for %j', async (contentType, more) => {
  const reading = await readAs(
    start(mediaNode('1', more), () => null),
    'other',
  )
  expect(reading.content?.contentType).toBe(contentType)
})

test('what fails for one media is its own outcome', async () => {
  const gone = graphError(100, 'Unsupported get request.', { error_subcode: 33 })
  const { connector, context } = openUpstream('instagram', ({ url }) =>
    url.pathname.endsWith('/2') ? gone : { json: { ...mediaNode('1'), insights: { data: [] } } },
  )
  const refs = ['1', '2', 'abc'].map((id) => refTo(id, { contentType: 'image' }))
  const outcomes = await connector.readPublications(ACCOUNT, refs, context)
  const kinds = outcomes.map((each) => ('failure' in each ? each.failure.kind : 'reading'))
  expect(kinds.toSorted()).toEqual(['gone', 'gone', 'reading'])
})

test('a media that the API cannot show says nothing of the token', async () => {
  const unsupported = graphError(100, 'Unsupported request - method type: get', {
    type: 'IGApiException',
  })
  const { connector, context } = openUpstream('instagram', ({ url }) =>
    url.pathname.endsWith('/2')
      ? unsupported
      : { json: { ...mediaNode('1'), insights: { data: [] } } },
  )
  const refs = ['1', '2'].map((id) => refTo(id, { contentType: 'image' }))
  const outcomes = await connector.readPublications(ACCOUNT, refs, context)
  const kinds = outcomes.map((each) => ('failure' in each ? each.failure.kind : 'reading'))
  expect(kinds).toEqual(['reading', 'misconfigured'])
})

test('a token that goes bad on the way is the whole call’s failure', async () => {
  const { connector, context, calls } = openUpstream('instagram', () =>
    graphError(190, 'Session has expired', { error_subcode: 463 }),
  )
  const refs = Array.from({ length: 50 }, (_, index) => refTo(String(index)))
  const failure = await failureOfCall(connector.readPublications(ACCOUNT, refs, context))
  expect(failure.kind).toBe('unauthorized')
  expect(calls()).toBeLessThanOrEqual(6)
})
