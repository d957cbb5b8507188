import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ConnectorError } from '../../src/domain/connector.ts'
import { batching, NOT_THERE, namesIn, readsIn, refused } from './facebook-world.ts'
import { IG_ACCOUNT_ID, IG_PROFILE, lifetimeItems, mediaNode, REEL } from './instagram-world.ts'
import {
  ACCESS_TOKEN,
  accountOn,
  expectNoCredential,
  failureOfCall,
  NOW,
  openUpstream,
  type Reply,
  type Request,
  refTo,
} from './support.ts'

const SCOPES = ['instagram_basic', 'instagram_manage_insights']
const ACCOUNT = accountOn('instagram', { platformAccountId: IG_ACCOUNT_ID, scopes: SCOPES })
const GRAPH = 'https://graph.facebook.com'

const everything = (url: URL): Reply => {
  const names = namesIn(url)
  if (url.pathname.endsWith('/insights')) return { json: { data: lifetimeItems(names) } }
  const id = url.pathname.split('/').at(-1) ?? ''
  return { json: { ...mediaNode(id, REEL), insights: { data: lifetimeItems(names) } } }
}

const start = (answer: (url: URL) => Reply | null = everything) =>
  openUpstream('instagram', batching(answer))

const refsTo = (count: number) =>
  Array.from({ length: count }, (_, index) => refTo(`${index}`, { contentType: 'reel' }))

const lookUp = ({ connector, context }: ReturnType<typeof start>, count: number) =>
  connector.readPublications(ACCOUNT, refsTo(count), context)

const kindsOf = async (call: ReturnType<typeof lookUp>) =>
  (await call).map((each) => ('failure' in each ? each.failure.kind : 'reading'))

test.each<[string, string[] | null, string, string]>([
  ['granted scopes', SCOPES, 'token', GRAPH],
  [
    'granted scopes, whatever the token',
    ['instagram_business_basic'],
    'EAAtoken',
    'https://graph.instagram.com',
  ],
  ['a token, when nobody knows the scopes', null, 'EAAtoken', GRAPH],
  ['another token, when nobody knows the scopes', null, 'IGAAtoken', 'https://graph.instagram.com'],
])('the login is told by %s', async (_, scopes, accessToken, origin) => {
  const { connector, context, requests } = start(() => ({ json: { ...IG_PROFILE, data: [] } }))
  const account = accountOn('instagram', { platformAccountId: IG_ACCOUNT_ID, scopes })
  await connector.readAccount({ ...account, accessToken }, context)
  expect(new Set(requests.map(({ url }) => url.origin))).toEqual(new Set([origin]))
})

test('120 media are three calls of the Facebook login, whose token is in the header alone', async () => {
  const upstream = start()
  expect(await kindsOf(lookUp(upstream, 120))).toEqual(Array(120).fill('reading'))
  expect(upstream.requests.map((request) => readsIn(request).length)).toEqual([50, 50, 20])
  for (const { method, url, headers, body } of upstream.requests) {
    expect([method, url.href]).toEqual(['POST', `${GRAPH}/v25.0/`])
    expect(headers['authorization']).toBe(`Bearer ${ACCESS_TOKEN}`)
    expect(new URLSearchParams(body).get('include_headers')).toBe('false')
    expectNoCredential(body)
  }
})

test('parts that were not finished are asked for again, and only those', async () => {
  const asked: string[] = []
  const upstream = start((url) => {
    const id = url.pathname.split('/')[2] ?? ''
    asked.push(id)
    const isFirst = asked.filter((each) => each === id).length === 1
    if (id === '3' && isFirst) return null
    return id === '4' && isFirst ? refused(2, 'Service temporarily unavailable') : everything(url)
  })
  expect(await kindsOf(lookUp(upstream, 10))).toEqual(Array(10).fill('reading'))
  expect(asked.slice(10)).toEqual(['3', '4'])
})

test('a part that is never finished fails alone, after three rounds', async () => {
  const upstream = start((url) => (url.pathname.endsWith('/3') ? null : everything(url)))
  const kinds = await kindsOf(lookUp(upstream, 10))
  expect(kinds.filter((kind) => kind === 'unavailable')).toHaveLength(1)
  expect(kinds.filter((kind) => kind === 'reading')).toHaveLength(9)
  expect(upstream.calls()).toBe(3)
})

test('what fails in one part is its own outcome', async () => {
  const upstream = start((url) => (url.pathname.endsWith('/3') ? NOT_THERE : everything(url)))
  const kinds = await kindsOf(lookUp(upstream, 10))
  expect(kinds.filter((kind) => kind !== 'reading')).toHaveLength(1)
})

test.each([
  ['application', 4],
  ['application', 341],
  ['account', 17],
  ['account', 32],
  ['account', 613],
  ['account', 80_002],
] as const)('a part tells that the limit of the %s is reached: code %d', async (scope, code) => {
  const upstream = start((url) =>
    url.pathname.endsWith('/3') ? refused(code, 'Too many calls') : everything(url),
  )
  await lookUp(upstream, 10)
  const resetsAt = new Date(NOW.getTime() + 3_600_000)
  const full = { limit: 100, remaining: 0, reserve: 10, resetsAt }
  expect(upstream.budgets).toEqual([{ scope, ...full }])
})

test('one that the platform never answers for takes none of those behind it', async () => {
  const upstream = start((url) =>
    /\/0$|\/0\//.test(url.pathname)
      ? refused(1, 'Please reduce the amount of data')
      : everything(url),
  )
  const kinds = await kindsOf(lookUp(upstream, 120))
  expect(kinds.filter((kind) => kind === 'unavailable')).toHaveLength(1)
  expect(kinds.filter((kind) => kind === 'reading')).toHaveLength(119)
})

test.each<[string, Reply]>([
  ['unauthorized', refused(190, 'Session has expired', { error_subcode: 463 })],
  ['rate_limited', refused(4, 'Application request limit reached')],
  [
    'unavailable',
    refused(1, 'Too many requests in batch message', { type: 'GraphBatchException' }),
  ],
  ['malformed', { json: { data: [] } }],
  ['malformed', { json: Array(60).fill({ code: 200 }) }],
  ['malformed', { text: '<html></html>' }],
])('a batch that fails as a whole is %s: %j', async (kind, reply) => {
  const upstream = openUpstream('instagram', () => reply)
  const failure = await failureOfCall(lookUp(upstream, 60))
  expect(failure.kind).toBe(kind)
})

test('the account and a page of media with reels are one call each, and one more for the reels', async () => {
  const upstream = start((url) => {
    if (url.pathname.endsWith('/media')) {
      const nodes = [1, 2, 3].map((id) => mediaNode(`${id}`, REEL))
      const insights = { data: lifetimeItems(namesIn(url)) }
      return { json: { data: nodes.map((node) => ({ ...node, insights })) } }
    }
    return url.pathname.endsWith(IG_ACCOUNT_ID) ? { json: IG_PROFILE } : everything(url)
  })
  const { connector, context, calls } = upstream
  await connector.readAccount(ACCOUNT, context)
  expect(calls()).toBe(1)
  const { items } = await connector.listPublications(ACCOUNT, null, context)
  expect(calls()).toBe(3)
  for (const { reading } of items) expect(reading?.native).toHaveProperty('ig_reels_avg_watch_time')
})

test('tokens of the Facebook login are exchanged for none', async () => {
  const upstream = start()
  expect(await upstream.connector.refreshToken(ACCOUNT, upstream.context)).toBeNull()
  expect(upstream.calls()).toBe(0)
})

test('whatever the parts of a batch hold, every media has an outcome, and no credential', async () => {
  const text = fc.oneof(
    fc.json(),
    fc.constantFrom('', '{', 'null', `{"error":{"code":190,"message":"${ACCESS_TOKEN}"}}`),
    fc.constantFrom(`{"id":"1","permalink":"${ACCESS_TOKEN.replaceAll('/', '\\/')}"}`),
  )
  const part = fc.oneof(
    fc.constant(null),
    fc.jsonValue({ maxDepth: 2 }),
    fc.record({ code: fc.constantFrom(200, 400, 500, 0, 1e9), body: text }),
  )
  let parts: unknown = []
  const upstream = openUpstream('instagram', (request: Request) =>
    request.method === 'POST' ? { json: parts } : everything(request.url),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 4 }), async (some) => {
      parts = some
      const result = await lookUp(upstream, 3).catch((error: unknown) => error)
      if (result instanceof Error) expect(result).toBeInstanceOf(ConnectorError)
      else expect(result).toHaveLength(3)
      expectNoCredential([result, result instanceof ConnectorError ? result.failure : null])
    }),
    { numRuns: 200 },
  )
})
