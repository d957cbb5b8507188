import { expect, test } from 'vitest'
import { accountOn, failureOfCall, NOW, openUpstream, type Reply, type Request } from './support.ts'

const USER = {
  open_id: '723f24d7-e717-40f8-a2b6-cb8464cd23b4',
  username: 'coolcreator99',
  display_name: 'Cool Creator',
  avatar_url: 'https://cdn.example/a.jpg',
  follower_count: 3_412_345_678,
  following_count: 0,
  likes_count: 90_210,
  video_count: 57,
}

const OK = { code: 'ok', message: '', log_id: '20261120101500AB12CD34' }
const refused = (code: string, status = 401): Reply => ({
  status,
  json: { data: {}, error: { code, message: 'No.', log_id: '20261120133420FE91AB' } },
})

const SCOPES = new Map([
  ['follower_count', 'user.info.stats'],
  ['following_count', 'user.info.stats'],
  ['likes_count', 'user.info.stats'],
  ['video_count', 'user.info.stats'],
  ['username', 'user.info.profile'],
])

/** TikTok, where one field of a scope that was not granted fails the whole call. */
const answerTo = ({ url }: Request, scopes: string[]): Reply => {
  const fields = url.searchParams.get('fields')?.split(',') ?? []
  const needed = fields.map((field) => SCOPES.get(field) ?? 'user.info.basic')
  if (!needed.every((scope) => scopes.includes(scope))) return refused('scope_not_authorized')
  const user = Object.fromEntries(fields.map((field) => [field, USER[field as keyof typeof USER]]))
  return { json: { data: { user }, error: OK } }
}

const grantedTo = (...scopes: string[]) =>
  openUpstream('tiktok', (request) => answerTo(request, scopes))

const ALL = ['user.info.basic', 'user.info.profile', 'user.info.stats']

test('an account is its counters and its profile, in one call', async () => {
  const { connector, context, requests } = grantedTo(...ALL)
  const reading = await connector.readAccount(accountOn('tiktok'), context)
  expect(reading).toEqual({
    native: {
      ...{ follower_count: 3_412_345_678, following_count: 0 },
      ...{ likes_count: 90_210, video_count: 57 },
    },
    missing: {},
    warnings: [],
    payload: { user: USER },
    profile: {
      handle: 'coolcreator99',
      displayName: 'Cool Creator',
      avatarUrl: 'https://cdn.example/a.jpg',
    },
  })
  expect(requests.map(({ url, method }) => `${method} ${url.pathname}`)).toEqual([
    'GET /v2/user/info/',
  ])
})

test('fields of a scope that is known to be missing are not asked for', async () => {
  const upstream = grantedTo('user.info.basic')
  const account = accountOn('tiktok', { scopes: ['user.info.basic', 'video.list'] })
  const { native, missing, warnings, profile } = await upstream.connector.readAccount(
    account,
    upstream.context,
  )
  expect(native).toEqual({})
  expect(new Set(Object.values(missing))).toEqual(new Set(['missing_scope']))
  expect(warnings).toEqual([
    'TikTok did not show follower_count, following_count, likes_count, video_count: user.info.stats was not granted.',
  ])
  expect(profile).toMatchObject({ handle: null, displayName: 'Cool Creator' })
  expect(upstream.calls()).toBe(1)
})

test('a scope that nobody knew was missing costs the others nothing, and is found out once', async () => {
  const upstream = grantedTo('user.info.basic', 'user.info.stats')
  const read = () => upstream.connector.readAccount(accountOn('tiktok'), upstream.context)
  const reading = await read()
  expect(reading.native['follower_count']).toBe(3_412_345_678)
  expect(reading.profile).toMatchObject({ handle: null, displayName: 'Cool Creator' })
  expect(reading.warnings).toEqual([])
  expect(upstream.calls()).toBe(4)
  expect(await read()).toEqual(reading)
  expect(upstream.calls()).toBe(5)
})

test('an account that hides its handle alone lacks nothing', async () => {
  const upstream = grantedTo('user.info.basic', 'user.info.stats')
  const account = accountOn('tiktok', {
    scopes: ['user.info.basic', 'user.info.stats', 'video.list'],
  })
  const reading = await upstream.connector.readAccount(account, upstream.context)
  expect(reading).toMatchObject({ missing: {}, warnings: [], profile: { handle: null } })
  expect(Object.keys(reading.native)).toHaveLength(4)
})

test('what one grant lacks says nothing of another one, were the accounts called the same', async () => {
  const first = accountOn('tiktok')
  const { connector, context } = openUpstream('tiktok', (request) => {
    const isFirst = request.headers['authorization'] === `Bearer ${first.accessToken}`
    return answerTo(request, isFirst ? ['user.info.basic'] : ALL)
  })
  const { missing } = await connector.readAccount(first, context)
  expect(missing).toHaveProperty('follower_count', 'missing_scope')
  const second = { ...first, accessToken: 'act.of-another-workspace' }
  const reading = await connector.readAccount(second, context)
  expect(reading).toMatchObject({ missing: {}, warnings: [], native: { video_count: 57 } })
})

test('a counter that is left out is unknown, never zero', async () => {
  const { video_count: _left, ...user } = USER
  const { connector, context } = openUpstream('tiktok', () => ({
    json: { data: { user }, error: OK },
  }))
  const { native, warnings } = await connector.readAccount(accountOn('tiktok'), context)
  expect(native).not.toHaveProperty('video_count')
  expect(warnings).toEqual(['TikTok did not report video_count.'])
})

test.each<[string, Reply]>([
  ['unauthorized', refused('access_token_invalid')],
  ['unauthorized', refused('access_token_invalid', 200)],
  ['misconfigured', refused('invalid_params', 400)],
  ['misconfigured', refused('invalid_file_upload', 400)],
  ['unavailable', refused('internal_error', 500)],
  ['unavailable', refused('internal_error', 200)],
  ['unavailable', refused('something_new', 200)],
  ['misconfigured', refused('something_new', 400)],
  ['unavailable', { status: 403, text: '<html>Access denied</html>' }],
  ['unavailable', { status: 404, text: '' }],
  ['unavailable', { status: 502, text: '' }],
  ['malformed', { status: 200, text: '' }],
  ['malformed', { status: 200, text: '<html></html>' }],
  ['malformed', { status: 200, json: { data: { user: USER } } }],
  ['malformed', { status: 200, json: { data: { user: [] }, error: OK } }],
])('%s: %j', async (kind, reply) => {
  const { connector, context } = openUpstream('tiktok', () => reply)
  const failure = await failureOfCall(connector.readAccount(accountOn('tiktok'), context))
  expect(failure).toMatchObject({ kind, status: reply.status, retryAt: null })
})

test('a passed limit is waited out for a minute and some seconds, and keeps its log id', async () => {
  for (const status of [429, 200]) {
    const { connector, context } = openUpstream('tiktok', () =>
      refused('rate_limit_exceeded', status),
    )
    const failure = await failureOfCall(connector.readAccount(accountOn('tiktok'), context))
    expect(failure.kind).toBe('rate_limited')
    const waitMs = (failure.retryAt?.getTime() ?? 0) - NOW.getTime()
    expect(waitMs).toBeGreaterThanOrEqual(60_000)
    expect(waitMs).toBeLessThan(76_000)
    expect(failure.message).toContain('20261120133420FE91AB')
  }
})
