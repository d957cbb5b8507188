import { expect, test } from 'vitest'
import type { PublicationOutcome } from '../../src/domain/connector.ts'
import {
  elements,
  listed,
  NATIVE,
  PAGE,
  PAGE_ANSWERS,
  postObject,
  refused,
  resourceOf,
  statisticsOf,
} from './linkedin-world.ts'
import { failureOfCall, openUpstream, type Reply, type Request, refTo } from './support.ts'

const DENIED = refused(403, 'ACCESS_DENIED', 'Not enough permissions to access: it', 100)
const WRONG = refused(400, 'PARAM_INVALID', 'Invalid query')
const DOWN: Reply = { status: 503, text: '<html>Service Unavailable</html>' }
const LIMITED = refused(429, 'TOO_MANY_REQUESTS', 'throttle MEMBER DAY limit is reached', 101)
const VIDEO_NATIVE = { video_view: 412, viewer: 412, time_watched: 412 }
const urn = (index: number) => `urn:li:ugcPost:${7000 + index}`

const asked = (request: Request) => [...listed(request, 'shares'), ...listed(request, 'ugcPosts')]

/** A page whose posts all have numbers, their videos as well, unless it answers otherwise. */
const start = (unless: (request: Request) => Reply | null) =>
  openUpstream('linkedin', (request) => {
    const special = unless(request)
    if (special !== null) return special
    switch (resourceOf(request)) {
      case 'videoAnalytics':
        return elements([{ value: 412 }])
      case 'posts': {
        const found = listed(request, 'ids').map((id) => [id, postObject(id)])
        return { json: { results: Object.fromEntries(found) } }
      }
      default:
        return asked(request).length === 0
          ? { json: PAGE_ANSWERS[resourceOf(request)] }
          : elements(asked(request).map((id) => statisticsOf(id)))
    }
  })

type Page = ReturnType<typeof start>

async function read({ connector, context }: Page, count: number, more: object = {}) {
  const refs = Array.from({ length: count }, (_, index) => refTo(urn(index), more))
  const outcomes = await connector.readPublications(PAGE, refs, context)
  return new Map(outcomes.map((outcome) => [outcome.platformPostId, outcome]))
}

const readAccount = ({ connector, context }: Page, account = PAGE) =>
  connector.readAccount(account, context)

const kindOf = (outcome: PublicationOutcome | undefined) =>
  outcome && 'failure' in outcome ? outcome.failure.kind : 'reading'

const isVideoOf = (request: Request, index: number) =>
  resourceOf(request) === 'videoAnalytics' && request.url.searchParams.get('entity') === urn(index)

test.each<[string, Reply, string]>([
  ['is down', DOWN, 'unavailable'],
  ['meets a limit', LIMITED, 'rate_limited'],
])('a look-up that %s takes nothing from those before it', async (_, reply, kind) => {
  const page = start((request) => {
    if (resourceOf(request) !== 'posts') return elements([])
    return listed(request, 'ids').includes(urn(60)) ? reply : null
  })
  const outcomes = await read(page, 120, { contentType: 'text' })
  expect(kindOf(outcomes.get(urn(0)))).toBe('reading')
  expect(kindOf(outcomes.get(urn(60)))).toBe(kind)
  expect(kindOf(outcomes.get(urn(110)))).toBe(kind)
  const lookUps = page.requests.filter((request) => resourceOf(request) === 'posts')
  expect(lookUps.filter((request) => listed(request, 'ids').includes(urn(110)))).toEqual([])
})

test('a metric that is withdrawn costs no call for every video', async () => {
  const isViewer = ({ url }: Request) => url.searchParams.get('type') === 'VIEWER'
  const page = start((request) => (isViewer(request) ? WRONG : null))
  const outcomes = await read(page, 30)
  for (const outcome of outcomes.values()) {
    expect(outcome).toMatchObject({ reading: { missing: { viewer: 'not_supported' } } })
  }
  expect(page.requests.filter(isViewer).length).toBeLessThanOrEqual(2)
})

test('a video that this member may not see takes no other with it', async () => {
  const page = start((request) => (isVideoOf(request, 0) ? DENIED : null))
  const outcomes = await read(page, 12)
  expect(outcomes.get(urn(0))).toMatchObject({
    reading: { native: NATIVE, missing: { video_view: 'missing_scope' } },
  })
  for (let index = 1; index < 12; index += 1) {
    expect(outcomes.get(urn(index))).toMatchObject({ reading: { native: VIDEO_NATIVE } })
  }
})

test('a member without the role is not asked for every video', async () => {
  const page = start((request) => (resourceOf(request) === 'videoAnalytics' ? DENIED : null))
  await read(page, 30)
  const calls = page.requests.filter((request) => resourceOf(request) === 'videoAnalytics')
  expect(calls.length).toBeLessThanOrEqual(6)
})

test('what LinkedIn says to be gone of a video stays as it was told', async () => {
  const page = start((request) =>
    isVideoOf(request, 0) ? refused(404, 'RESOURCE_NOT_FOUND', 'Not Found') : null,
  )
  const { reading } = Object((await read(page, 1)).get(urn(0)))
  expect(reading.native).toMatchObject(NATIVE)
  expect(reading.kept?.toSorted()).toEqual(Object.keys(VIDEO_NATIVE).toSorted())
})

test('numbers of videos that LinkedIn could not answer for are worth another try', async () => {
  const page = start((request) => (isVideoOf(request, 0) ? DOWN : null))
  const outcomes = await read(page, 1)
  expect(outcomes.get(urn(0))).toMatchObject({ reading: { unread: { kind: 'unavailable' } } })
})

test.each<[string, Reply, string]>([
  ['is down', DOWN, 'unavailable'],
  ['cannot be read', { json: { elements: 'none' } }, 'malformed'],
])('a group of a page that %s is worth another try', async (_, reply, kind) => {
  const page = start((request) =>
    resourceOf(request) === 'organizationPageStatistics' ? reply : null,
  )
  const { native, unread } = await readAccount(page)
  expect(native).toHaveProperty('follower_statistics_total_follower_count')
  expect(unread).toMatchObject({ kind })
})

test('a sum over days that never end is unknown', async () => {
  const day = { followerGains: { organicFollowerGain: 6, paidFollowerGain: 0 } }
  const page = start((request) =>
    resourceOf(request) === 'organizationalEntityFollowerStatistics' ? elements([day], true) : null,
  )
  const { native, missing } = await readAccount(page)
  expect(native).not.toHaveProperty('follower_statistics_organic_follower_gain')
  expect(missing).toMatchObject({ follower_statistics_organic_follower_gain: 'fetch_failed' })
})

test('the name of a page is told to every connection, whatever its id', async () => {
  const page = start(() => null)
  await readAccount(page)
  const { profile } = await readAccount(page, { ...PAGE, accessToken: 'token-of-another' })
  expect(profile.displayName).toBe('Acme Ltd')
})

test('what a list holds that is no post costs the others nothing', async () => {
  const page = start(() => elements([postObject(urn(0)), null as unknown as object]))
  const { items } = await page.connector.listPublications(PAGE, null, page.context)
  expect(items.map(({ platformPostId }) => platformPostId)).toEqual([urn(0)])
})

test('a video that LinkedIn cannot answer for takes no other with it', async () => {
  const page = start((request) => (isVideoOf(request, 0) ? DOWN : null))
  const outcomes = await read(page, 12)
  for (let index = 1; index < 12; index += 1) {
    expect(outcomes.get(urn(index))).toMatchObject({ reading: { native: VIDEO_NATIVE } })
  }
})

test('a post whose statistics are hidden is known for the video that it is', async () => {
  const video = { content: { media: { id: 'urn:li:video:1' } } }
  const page = start((request) => {
    if (asked(request).length > 0) return DENIED
    if (resourceOf(request) !== 'posts') return null
    return { json: { results: { [urn(0)]: postObject(urn(0), video) } } }
  })
  const outcomes = await read(page, 1, { contentType: 'other' })
  expect(outcomes.get(urn(0))).toMatchObject({
    reading: { native: VIDEO_NATIVE, content: { contentType: 'video' } },
  })
})

test('only the token that is new is given the benefit of the doubt', async () => {
  const renewed = { json: { access_token: 'a-new-token', expires_in: 5_184_000 } }
  const upstream = openUpstream('linkedin', ({ method }) =>
    method === 'POST' ? renewed : refused(401, 'REVOKED_ACCESS_TOKEN', 'Revoked', 65_601),
  )
  await upstream.connector.refreshToken(PAGE, upstream.context)
  const listWith = (accessToken: string) =>
    failureOfCall(
      upstream.connector.listPublications({ ...PAGE, accessToken }, null, upstream.context),
    )
  await listWith('token-of-another')
  expect(upstream.calls()).toBe(2)
  await listWith('a-new-token')
  expect(upstream.calls()).toBe(4)
})

test('statistics that are not found say nothing of posts that are there', async () => {
  const page = start((request) =>
    asked(request).length > 0 ? refused(404, 'RESOURCE_NOT_FOUND', 'Not Found') : null,
  )
  const { connector, context } = page
  const refs = [refTo(urn(0), { contentType: 'text' }), refTo('urn:li:share:1')]
  const kinds = await connector
    .readPublications(PAGE, refs, context)
    .then((outcomes) => outcomes.map(kindOf))
    .catch((error) => [error.failure.kind])
  expect(new Set(kinds)).toEqual(new Set(['unsupported']))
})

test.each([
  ['9007199254740991', { native: { video_view: 9_007_199_254_740_991 } }],
  ['9007199254740993', { missing: { video_view: 'not_reported' } }],
])('the text %s is read as the number that it is, or not at all', async (value, reading) => {
  const page = start((request) =>
    request.url.searchParams.get('type') === 'VIDEO_VIEW' ? elements([{ value }]) : null,
  )
  expect((await read(page, 1)).get(urn(0))).toMatchObject({ reading })
})
