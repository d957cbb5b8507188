import { expect, test } from 'vitest'
import type { ContentType } from '../../src/domain/content.ts'
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
  readsIn,
  reelNode,
  refused,
} from './facebook-world.ts'
import { accountOn, failureOfCall, openUpstream, type Reply, refTo } from './support.ts'

const ACCOUNT = accountOn('facebook', { platformAccountId: PAGE_ID })
const POST = `${PAGE_ID}_900001`

/** Everything there is: posts by `{page}_{post}`, and reels by a bare id. */
const everything = (url: URL): Reply => {
  const [, , id = '', edge] = url.pathname.split('/')
  if (edge === 'insights') return { json: { data: lifetime(POST_VALUES, namesIn(url)) } }
  if (edge === 'video_insights') return { json: { data: lifetime(REEL_VALUES) } }
  return { json: id.includes('_') ? postNode(id) : reelNode(id) }
}

const start = (answer: (url: URL) => Reply | null = everything) =>
  openUpstream('facebook', batching(answer))

async function readOne(upstream: ReturnType<typeof start>, ref: ReturnType<typeof refTo>) {
  const { connector, context } = upstream
  const [outcome] = await connector.readPublications(ACCOUNT, [ref], context)
  if (outcome === undefined || !('reading' in outcome)) throw new Error('There is no reading.')
  return outcome.reading
}

const REACTIONS = {
  post_reactions_by_type_total: 36,
  post_reactions_by_type_like: 33,
  post_reactions_by_type_love: 2,
  post_reactions_by_type_sorry: 1,
}
const POST_NATIVE = {
  ...REACTIONS,
  post_clicks: 41,
  post_activity_by_action_type_comment: 4,
  post_activity_by_action_type_share: 0,
  post_media_view: 5120,
}
test.each<[ContentType, object]>([
  ['image', POST_NATIVE],
  ['text', POST_NATIVE],
])('a post of kind %s has its numbers in one read', async (contentType, native) => {
  const upstream = start()
  const reading = await readOne(upstream, refTo(POST, { contentType }))
  expect(reading.native).toEqual(native)
  expect(reading).toMatchObject({ missing: {}, warnings: [], content: null })
  expect(upstream.calls()).toBe(1)
  expect(upstream.requests[0]?.url.href).not.toContain('post_engaged_users')
})

test('a reel is measured by its bare id, in its own spelling', async () => {
  const upstream = start()
  const reading = await readOne(upstream, refTo('770001', { contentType: 'reel' }))
  expect(reading).toMatchObject({ missing: {}, warnings: [] })
  expect(reading.native).toEqual({
    post_reactions_by_type_total: 94,
    post_reactions_by_type_like: 90,
    post_reactions_by_type_love: 4,
    post_video_social_actions_comment: 5,
    post_video_social_actions_share: 3,
    fb_reels_total_plays: 5630,
    blue_reels_play_count: 5120,
    post_video_avg_time_watched: 3000,
    post_video_view_time: 15_360_000,
  })
  expect(upstream.requests[0]?.url.pathname).toBe('/v25.0/770001/video_insights')
  expect(upstream.requests[0]?.url.search).toBe('')
})

test('a post that nobody has looked at yet is read itself as well', async () => {
  const upstream = start()
  const { content, native } = await readOne(
    upstream,
    refTo(POST, { contentType: 'other', publishedAt: null }),
  )
  expect(content).toMatchObject({ contentType: 'image', text: 'Shipping day' })
  expect(native).toEqual(POST_NATIVE)
  expect(upstream.calls()).toBe(2)
})

test('insights that did not come are unknown, and late ones are not missed yet', async () => {
  const nothing = () => start(() => ({ json: { data: [] } }))
  const old = new Date('2026-11-01T00:00:00Z')
  const late = await readOne(nothing(), refTo(POST, { contentType: 'image', publishedAt: old }))
  expect(late.native).toEqual({})
  expect(late.missing['post_clicks']).toBe('not_reported')
  expect(late.warnings).toHaveLength(1)
  const young = new Date('2026-11-20T09:00:00Z')
  const early = await readOne(nothing(), refTo(POST, { contentType: 'image', publishedAt: young }))
  expect(early.missing['post_clicks']).toBe('not_yet_available')
  expect(early.warnings).toEqual([])
})

test('no reactions are an empty object, and no activity is one', async () => {
  const values = { post_reactions_by_type_total: {}, post_activity_by_action_type: {} }
  const upstream = start(() => ({ json: { data: lifetime(values) } }))
  const { native } = await readOne(upstream, refTo(POST, { contentType: 'image' }))
  expect(native).toEqual({
    post_reactions_by_type_total: 0,
    post_activity_by_action_type_comment: 0,
    post_activity_by_action_type_share: 0,
  })
})

test('a kind without a count is unknown, and so is what only a day has', async () => {
  const activity = { post_activity_by_action_type: { comment: null } }
  const clicks = { name: 'post_clicks', period: 'day', values: [{ value: 3 }] }
  const upstream = start(() => ({ json: { data: [...lifetime(activity), clicks] } }))
  const { native, missing } = await readOne(upstream, refTo(POST, { contentType: 'image' }))
  expect(native).toEqual({ post_activity_by_action_type_share: 0 })
  expect(missing).toMatchObject({
    post_activity_by_action_type_comment: 'not_reported',
    post_clicks: 'not_reported',
  })
})

test('120 posts and reels are three calls, each outcome its own', async () => {
  const upstream = start((url) => {
    if (url.pathname.includes(`${PAGE_ID}_7/`)) return NOT_THERE
    return url.pathname.includes('/8/') ? refused(10, '(#10) No permission') : everything(url)
  })
  const refs = Array.from({ length: 120 }, (_, index) =>
    index % 2 === 0
      ? refTo(`${index}`, { contentType: 'reel' })
      : refTo(`${PAGE_ID}_${index}`, { contentType: 'image' }),
  )
  const { connector, context, calls } = upstream
  const outcomes = await connector.readPublications(ACCOUNT, [...refs, refTo('a_b')], context)
  const failures = outcomes.flatMap((each) =>
    'failure' in each ? [[each.platformPostId, each.failure.kind]] : [],
  )
  expect(Object.fromEntries(failures)).toEqual({
    a_b: 'gone',
    [`${PAGE_ID}_7`]: 'gone',
    8: 'missing_scope',
  })
  expect(outcomes).toHaveLength(121)
  expect(calls()).toBe(3)
})

test('a refused metric is found out once for a whole batch', async () => {
  const upstream = start((url) =>
    namesIn(url).includes('post_media_view') ? BAD_METRIC : everything(url),
  )
  const { connector, context, calls, requests } = upstream
  const refs = Array.from({ length: 50 }, (_, index) =>
    refTo(`${PAGE_ID}_${index}`, { contentType: 'image' }),
  )
  const outcomes = await connector.readPublications(ACCOUNT, refs, context)
  const { post_media_view: _, ...others } = POST_NATIVE
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({
      reading: { native: others, missing: { post_media_view: 'not_supported' }, warnings: [] },
    })
  }
  expect(calls()).toBe(3)
  expect(requests.map((request) => readsIn(request).length)).toEqual([50, 4, 50])
})

test.each<[string, Reply]>([
  ['unauthorized', refused(190, 'Session has expired', { error_subcode: 463 })],
  ['rate_limited', refused(80_001, 'There have been too many calls to this Page account')],
])('a token or a limit in one part is the whole call’s: %s', async (kind, reply) => {
  const upstream = start(() => reply)
  const refs = Array.from({ length: 200 }, (_, index) => refTo(`${PAGE_ID}_${index}`))
  const call = upstream.connector.readPublications(ACCOUNT, refs, upstream.context)
  expect((await failureOfCall(call)).kind).toBe(kind)
  expect(upstream.calls()).toBe(1)
})

test('without the scope for insights nothing is asked', async () => {
  const scopes = ['pages_read_engagement']
  const account = accountOn('facebook', { platformAccountId: PAGE_ID, scopes })
  const { connector, context, calls } = start()
  const outcomes = await connector.readPublications(account, [refTo(POST)], context)
  expect(outcomes).toMatchObject([{ failure: { kind: 'missing_scope' } }])
  expect(calls()).toBe(0)
})
