import { expect, test } from 'vitest'
import { batching, namesIn } from './facebook-world.ts'
import { graphError, IG_ACCOUNT_ID, IG_PROFILE } from './instagram-world.ts'
import { accountOn, failureOfCall, openUpstream, type Reply, type Request } from './support.ts'

const ACCOUNT = accountOn('instagram', { platformAccountId: IG_ACCOUNT_ID })

const item = (name: string, total: object = { value: 100 }) => ({
  name,
  period: 'day',
  total_value: total,
})

const metricsOf = ({ url }: Request) => url.searchParams.get('metric')?.split(',') ?? []

/** The account's node, and whatever `insights` says to the calls for insights. */
const start = (insights: (names: string[], request: Request) => Reply, profile?: Reply) =>
  openUpstream('instagram', (request) =>
    request.url.pathname.endsWith('/insights')
      ? insights(metricsOf(request), request)
      : (profile ?? { json: IG_PROFILE }),
  )

const everything = (names: string[]): Reply => ({ json: { data: names.map((name) => item(name)) } })

const INSIGHTS = [
  ...['reach', 'views', 'accounts_engaged', 'total_interactions', 'likes', 'comments'],
  ...['shares', 'saves', 'replies', 'profile_links_taps'],
]
const UNDOCUMENTED = ['profile_views', 'website_clicks']

test('an account is its node and two calls for insights, over 30 Pacific days', async () => {
  const upstream = start(everything)
  const reading = await upstream.connector.readAccount(ACCOUNT, upstream.context)
  const insights = [...INSIGHTS, ...UNDOCUMENTED].map((name) => [name, 100])
  expect(reading.native).toEqual({
    ...{ follower_count: 3_412_345_678, follows_count: 0, media_count: 214 },
    ...Object.fromEntries(insights),
  })
  expect(reading).toMatchObject({ missing: {}, warnings: [] })
  expect(reading.profile).toEqual({
    ...{ handle: 'dravo', displayName: 'Dravo', avatarUrl: 'https://cdn.example/p.jpg' },
  })
  expect(reading.payload).toMatchObject({ id: IG_ACCOUNT_ID, insights: { data: { length: 12 } } })
  expect(upstream.calls()).toBe(3)
  const asked = upstream.requests.filter(({ url }) => url.pathname.endsWith('/insights'))
  expect(asked[0]?.url.pathname).toBe(`/v25.0/${IG_ACCOUNT_ID}/insights`)
  expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toEqual({
    ...{ metric: INSIGHTS.join(','), period: 'day', metric_type: 'total_value' },
    since: String(Date.parse('2026-10-21T08:00:00Z') / 1000),
    until: String(Date.parse('2026-11-20T08:00:00Z') / 1000),
  })
})

test('a total without a value is unknown, and only an explicit zero is zero', async () => {
  const { connector, context } = start((names) => ({
    json: {
      data: names
        .filter((name) => name !== 'views')
        .map((name) => item(name, name === 'replies' ? {} : { value: 0 })),
    },
  }))
  const { native, missing, warnings } = await connector.readAccount(ACCOUNT, context)
  expect(native['reach']).toBe(0)
  expect(missing).toEqual({ views: 'not_reported', replies: 'not_reported' })
  expect(warnings).toEqual(['Instagram did not report views, replies.'])
})

test.each([
  [
    'that the refusal blames',
    `(#100) metric[0] must be one of the following values: ${INSIGHTS}, website_clicks`,
  ],
  ['that the refusal does not name', '(#100) This metric is no longer supported.'],
])(
  'one withdrawn metric %s takes no other with it, and is not asked for again',
  async (_, said) => {
    const upstream = start((names) =>
      names.includes('profile_views') ? graphError(100, said) : everything(names),
    )
    const read = () => upstream.connector.readAccount(ACCOUNT, upstream.context)
    const { native, missing, warnings } = await read()
    expect(native['website_clicks']).toBe(100)
    expect(missing).toEqual({ profile_views: 'not_supported' })
    expect(warnings).toEqual([])
    const before = upstream.calls()
    expect((await read()).missing).toEqual({ profile_views: 'not_supported' })
    expect(upstream.calls()).toBe(before + 3)
  },
)

const FACEBOOK_LOGIN = ['instagram_basic', 'instagram_manage_insights']
const UNKNOWN = `(#100) metric[0] must be one of the following values: ${INSIGHTS}, website_clicks`

test.each([
  ['to one account', '(#100) This metric is not for this account.', {}, true],
  ['by the host of one login', UNKNOWN, { scopes: FACEBOOK_LOGIN }, true],
  ['by the host of both', UNKNOWN, {}, false],
] as const)(
  'a metric that is refused %s is asked for another account or not, by what was said: %s',
  async (_, said, more, isAsked) => {
    const asked: string[] = []
    const platform = batching((url) => {
      const names = namesIn(url)
      asked.push(...names)
      if (names.includes('profile_views')) return graphError(100, said)
      return names.length > 0 ? everything(names) : { json: IG_PROFILE }
    })
    const { connector, context } = openUpstream('instagram', platform)
    await connector.readAccount(ACCOUNT, context)
    asked.length = 0
    const other = accountOn('instagram', { platformAccountId: '17841400000000999', ...more })
    await connector.readAccount(other, context)
    expect(asked.includes('profile_views')).toBe(isAsked)
  },
)

test.each([
  ['no permission', graphError(10, '(#10) Permission denied')],
  ['no such object', graphError(100, 'Unsupported get request.', { error_subcode: 33 })],
])('insights with %s leave the profile its numbers, and name their scope', async (_, denied) => {
  const { connector, context } = start(() => denied)
  const { native, missing, warnings } = await connector.readAccount(ACCOUNT, context)
  expect(native).toEqual({ follower_count: 3_412_345_678, follows_count: 0, media_count: 214 })
  expect(missing['reach']).toBe('missing_scope')
  const scope = 'instagram_business_manage_insights'
  for (const [index, names] of [INSIGHTS, UNDOCUMENTED].entries()) {
    expect(warnings[index]).toMatch(`Instagram did not show ${names.join(', ')}: `)
    expect(warnings[index]).toContain(scope)
  }
})

test('insights whose scope is known to be missing are not asked for', async () => {
  const upstream = start(everything)
  const scopes = ['instagram_business_basic']
  const account = accountOn('instagram', { platformAccountId: IG_ACCOUNT_ID, scopes })
  const { missing, warnings } = await upstream.connector.readAccount(account, upstream.context)
  expect(Object.keys(missing)).toHaveLength(12)
  const cause = 'instagram_business_manage_insights was not granted.'
  expect(warnings[1]).toBe(`Instagram did not show profile_views, website_clicks: ${cause}`)
  expect(upstream.calls()).toBe(1)
})

test('a profile that cannot be read leaves the insights', async () => {
  const { connector, context } = start(everything, { status: 500, text: '' })
  const { native, missing, profile } = await connector.readAccount(ACCOUNT, context)
  expect(native['reach']).toBe(100)
  expect(missing['follower_count']).toBe('fetch_failed')
  expect(profile).toEqual({ handle: null, displayName: null, avatarUrl: null })
})

test('a bad token or a limit in any of the calls is the whole account’s', async () => {
  const expired = graphError(190, 'Session has expired', { error_subcode: 463 })
  const { connector, context } = start((names) =>
    names[0] === 'reach' ? expired : everything(names),
  )
  const failure = await failureOfCall(connector.readAccount(ACCOUNT, context))
  expect(failure).toMatchObject({ kind: 'unauthorized', status: 400 })
})

test('a reading that is cancelled on the way is not taken for one without insights', async () => {
  const cancelled = new AbortController()
  const { connector, context } = openUpstream('instagram', async ({ url }) => {
    if (!url.pathname.endsWith('/insights')) return { json: IG_PROFILE }
    await new Promise((resolve) => setImmediate(resolve))
    cancelled.abort()
    return { json: { data: [] } }
  })
  const { signal } = cancelled
  const failure = await failureOfCall(connector.readAccount(ACCOUNT, { ...context, signal }))
  expect(failure.kind).toBe('unavailable')
})

test('an account of which nothing can be read fails as its node does', async () => {
  const gone = graphError(100, 'Unsupported get request.', { error_subcode: 33 })
  const { connector, context } = start(() => gone, gone)
  expect((await failureOfCall(connector.readAccount(ACCOUNT, context))).kind).toBe('gone')
  const basic = accountOn('instagram', { platformAccountId: IG_ACCOUNT_ID, scopes: ['other'] })
  expect((await failureOfCall(connector.readAccount(basic, context))).kind).toBe('gone')
})
