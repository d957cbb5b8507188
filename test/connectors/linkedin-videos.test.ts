import { expect, test } from 'vitest'
import {
  elements,
  listed,
  NATIVE,
  PAGE,
  refused,
  resourceOf,
  statisticsOf,
} from './linkedin-world.ts'
import {
  accountOn,
  failureOfCall,
  openUpstream,
  type Reply,
  type Request,
  refTo,
} from './support.ts'

const VIDEO = 'urn:li:ugcPost:7003'
const DENIED = refused(403, 'ACCESS_DENIED', 'Not enough permissions to access: it', 100)
const VALUES: Record<string, unknown> = { VIDEO_VIEW: 412, VIEWER: '301', TIME_WATCHED: '5120400' }
const VIDEO_NATIVE = { video_view: 412, viewer: 301, time_watched: 5_120_400 }

const valueFor = ({ url }: Request): Reply => {
  const type = url.searchParams.get('type') ?? ''
  return elements([{ entity: VIDEO, statisticsType: type, value: VALUES[type] }])
}

const start = (answers: Record<string, (request: Request) => Reply> = {}) =>
  openUpstream('linkedin', (request) => {
    const own = answers[resourceOf(request)]
    if (own !== undefined) return own(request)
    return resourceOf(request) === 'videoAnalytics'
      ? valueFor(request)
      : elements([statisticsOf(VIDEO)])
  })

const read = async ({ connector, context }: ReturnType<typeof start>, account = PAGE) => {
  const [outcome] = await connector.readPublications(account, [refTo(VIDEO)], context)
  return outcome
}

test('a video is three calls more, and values may come as text', async () => {
  const upstream = start()
  expect(await read(upstream)).toMatchObject({
    reading: { native: { ...NATIVE, ...VIDEO_NATIVE }, missing: {}, warnings: [] },
  })
  const calls = upstream.requests.filter((each) => resourceOf(each) === 'videoAnalytics')
  expect(calls.map(({ url }) => url.searchParams.get('type')).sort()).toEqual(
    Object.keys(VALUES).sort(),
  )
  expect(calls[0]?.url.search).toBe(
    '?q=entity&entity=urn%3Ali%3AugcPost%3A7003&type=VIDEO_VIEW&aggregation=ALL',
  )
})

test('a post without a video is never asked for one', async () => {
  const upstream = start()
  const { connector, context } = upstream
  await connector.readPublications(PAGE, [refTo(VIDEO, { contentType: 'image' })], context)
  expect(upstream.calls()).toBe(1)
})

test('what LinkedIn no longer has of an old video stays as it was told, and nothing is wrong', async () => {
  const outcome = await read(start({ videoAnalytics: () => elements([]) }))
  expect(outcome).toMatchObject({
    reading: { native: NATIVE, missing: { viewer: 'not_reported' }, warnings: [] },
  })
  expect(Object(outcome).reading.kept.sort()).toEqual(Object.keys(VIDEO_NATIVE).sort())
})

test('at most six calls for videos are under way at once', async () => {
  let open = 0
  let most = 0
  const upstream = openUpstream('linkedin', async (request) => {
    if (resourceOf(request) !== 'videoAnalytics') {
      return elements(listed(request, 'ugcPosts').map((urn) => statisticsOf(urn)))
    }
    open += 1
    most = Math.max(most, open)
    await new Promise((resolve) => setImmediate(resolve))
    open -= 1
    return valueFor(request)
  })
  const refs = Array.from({ length: 20 }, (_, index) => refTo(`urn:li:ugcPost:${index}`))
  await upstream.connector.readPublications(PAGE, refs, upstream.context)
  expect(most).toBeLessThanOrEqual(6)
  expect(most).toBeGreaterThan(1)
})

const LIMITED = refused(429, 'TOO_MANY_REQUESTS', 'throttle MEMBER DAY limit is reached', 101)
const MIDNIGHT = new Date('2026-11-21T00:00:00.000Z')

test('a used up quota ends the asking, and what is left waits for midnight', async () => {
  const upstream = start({ videoAnalytics: () => LIMITED })
  const { connector, context } = upstream
  const refs = Array.from({ length: 20 }, (_, index) => refTo(`urn:li:ugcPost:${7003 + index}`))
  const outcomes = await connector.readPublications(PAGE, refs, context)
  expect(outcomes[0]).toMatchObject({
    reading: {
      native: NATIVE,
      missing: { video_view: 'fetch_failed' },
      unread: { kind: 'rate_limited', retryAt: MIDNIGHT },
    },
  })
  const calls = upstream.requests.filter((each) => resourceOf(each) === 'videoAnalytics')
  expect(calls.length).toBeLessThanOrEqual(6)
})

test('who sees neither statistics nor, for today, videos is asked again as a whole', async () => {
  const answers = { organizationalEntityShareStatistics: () => DENIED, posts }
  const outcome = await read(start({ ...answers, videoAnalytics: () => LIMITED }))
  expect(outcome).toMatchObject({ failure: { kind: 'rate_limited', retryAt: MIDNIGHT } })
})

test('a metric that LinkedIn has withdrawn costs one call, and none for a day', async () => {
  const isViewer = ({ url }: Request) => url.searchParams.get('type') === 'VIEWER'
  const upstream = start({
    videoAnalytics: (request) =>
      isViewer(request) ? refused(400, 'PARAM_INVALID', 'Invalid query') : valueFor(request),
  })
  for (let time = 0; time < 2; time += 1) {
    const { reading } = Object(await read(upstream))
    expect(reading.missing).toEqual({ viewer: 'not_supported' })
    expect(reading).toMatchObject({ native: { video_view: 412 }, kept: ['viewer'], warnings: [] })
  }
  expect(upstream.requests.filter(isViewer)).toHaveLength(1)
  const now = new Date(upstream.context.now.getTime() + 25 * 3_600_000)
  await read({ ...upstream, context: { ...upstream.context, now } })
  expect(upstream.requests.filter(isViewer)).toHaveLength(2)
})

test('a metric that one account’s video refuses is asked for another account', async () => {
  const OTHER = { ...PAGE, accessToken: 'token-of-another' }
  const upstream = start({
    videoAnalytics: (request) =>
      request.url.searchParams.get('type') === 'VIEWER' &&
      !request.headers.authorization?.includes(OTHER.accessToken)
        ? refused(400, 'PARAM_INVALID', 'Invalid query')
        : valueFor(request),
  })
  expect(await read(upstream)).toMatchObject({ reading: { missing: { viewer: 'not_supported' } } })
  expect(await read(upstream, OTHER)).toMatchObject({ reading: { native: VIDEO_NATIVE } })
})

test('a video that LinkedIn refuses whatever is asked of it says nothing about the metrics', async () => {
  const upstream = start({ videoAnalytics: () => refused(400, 'PARAM_INVALID', 'Invalid query') })
  for (let time = 0; time < 2; time += 1) {
    const outcome = await read(upstream)
    expect(outcome).toMatchObject({ reading: { missing: { viewer: 'fetch_failed' } } })
  }
  expect(upstream.requests.filter((each) => resourceOf(each) === 'videoAnalytics')).toHaveLength(6)
})

test('who may not see statistics may still see videos, and the other way round', async () => {
  const one = await read(start({ organizationalEntityShareStatistics: () => DENIED, posts }))
  expect(one).toMatchObject({
    reading: { native: VIDEO_NATIVE, missing: { share_statistics_like_count: 'missing_scope' } },
  })
  const other = await read(start({ videoAnalytics: () => DENIED }))
  expect(other).toMatchObject({
    reading: { native: NATIVE, missing: { viewer: 'missing_scope' } },
  })
  const upstream = start()
  const scopes = ['rw_organization_admin']
  await read(upstream, accountOn('linkedin', { ...PAGE.account, scopes }))
  expect(upstream.calls()).toBe(1)
})

const posts = () => ({ json: { results: { [VIDEO]: { id: VIDEO } } } })

test('a token that dies among the videos is the failure of all', async () => {
  const dead = refused(401, 'EXPIRED_ACCESS_TOKEN', 'Expired', 65_602)
  const { connector, context } = start({ videoAnalytics: () => dead })
  const failure = await failureOfCall(connector.readPublications(PAGE, [refTo(VIDEO)], context))
  expect(failure.kind).toBe('unauthorized')
})
