import { expect, test } from 'vitest'
import { graphError, IG_ACCOUNT_ID } from './instagram-world.ts'
import {
  ACCESS_TOKEN,
  accountOn,
  expectNoCredential,
  failureOfCall,
  NOW,
  openUpstream,
  type Reply,
} from './support.ts'

const ACCOUNT = accountOn('instagram', { platformAccountId: IG_ACCOUNT_ID })

async function failureOn(reply: Reply) {
  const { connector, context } = openUpstream('instagram', () => reply)
  return failureOfCall(connector.readAccount(ACCOUNT, context))
}

const inMinutes = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)

test.each<[string, number, number | null]>([
  ['unauthorized', 190, 458],
  ['unauthorized', 190, 459],
  ['unauthorized', 190, 460],
  ['unauthorized', 190, 463],
  ['unauthorized', 190, 464],
  ['unauthorized', 190, 467],
  ['unauthorized', 190, 492],
  ['unauthorized', 190, null],
  ['unauthorized', 102, null],
  ['missing_scope', 10, null],
  ['missing_scope', 200, null],
  ['missing_scope', 299, null],
  ['rate_limited', 4, null],
  ['rate_limited', 17, null],
  ['rate_limited', 32, null],
  ['rate_limited', 613, null],
  ['rate_limited', 80_002, 2_446_079],
  ['rate_limited', 368, null],
  ['unavailable', 1, null],
  ['unavailable', 2, null],
  ['gone', 100, 33],
  ['unsupported', 100, 2_108_006],
  ['misconfigured', 100, null],
  ['misconfigured', 104, null],
  ['misconfigured', 2500, null],
  ['gone', 110, null],
  ['gone', 9009, null],
  ['gone', 803, null],
])('%s: code %d, subcode %j, whatever type and status it has', async (kind, code, subcode) => {
  const more = subcode === null ? {} : { error_subcode: subcode }
  const failure = await failureOn(graphError(code, 'What was wrong.', more))
  expect(failure).toMatchObject({ kind, status: 400 })
  expect(failure.retryAt === null).toBe(kind !== 'rate_limited')
  expect(failure.body).toContain('What was wrong.')
})

test.each<[string, Reply]>([
  ['unavailable', graphError(9999, 'Try later', { is_transient: true })],
  ['unavailable', graphError(9999, 'Broken', {}, { status: 503 })],
  ['rate_limited', graphError(9999, 'Slow down', {}, { status: 429 })],
  ['misconfigured', graphError(9999, 'Something new')],
  [
    'unauthorized',
    graphError(100, 'Unsupported request - method type: get', { type: 'IGApiException' }),
  ],
  ['unavailable', { status: 500, text: '<html></html>' }],
  ['unavailable', { status: 403, text: '<html></html>' }],
  ['malformed', { status: 200, text: '<html></html>' }],
  ['malformed', { status: 200, text: '' }],
  ['malformed', { status: 200, json: [] }],
])('%s: %j', async (kind, reply) => {
  expect(await failureOn(reply)).toMatchObject({ kind, status: reply.status })
})

test('a limit ends when the usage header says, in minutes, and in an hour when it is silent', async () => {
  const usage = (minutes: number) => ({
    'X-Business-Use-Case-Usage': JSON.stringify({
      [IG_ACCOUNT_ID]: [
        { type: 'instagram', call_count: 100, estimated_time_to_regain_access: minutes },
      ],
    }),
  })
  const until = async (code: number, headers: Record<string, string>) =>
    (await failureOn(graphError(code, 'Too many calls', {}, { headers }))).retryAt
  expect(await until(80_002, usage(7))).toEqual(inMinutes(7))
  expect(await until(80_002, usage(0))).toEqual(inMinutes(60))
  expect(await until(4, { 'X-Business-Use-Case-Usage': 'nonsense' })).toEqual(inMinutes(60))
  expect(await until(17, { 'Retry-After': '30' })).toEqual(inMinutes(0.5))
  expect(await until(368, {})).toEqual(inMinutes(360))
})

test('a trouble that passes is asked again, with its status of 400', async () => {
  let calls = 0
  const { connector, context } = openUpstream('instagram', () => {
    calls += 1
    return calls <= 3 ? graphError(2, 'Service temporarily unavailable') : { json: { data: [] } }
  })
  await connector.readAccount(ACCOUNT, context)
  expect(calls).toBe(6)
})

test('how long another account has to wait is not how long this one has', async () => {
  const entry = (minutes: number) => [
    { type: 'instagram', call_count: 100, estimated_time_to_regain_access: minutes },
  ]
  const until = async (usage: object) => {
    const headers = { 'X-Business-Use-Case-Usage': JSON.stringify(usage) }
    return (await failureOn(graphError(80_002, 'Too many calls', {}, { headers }))).retryAt
  }
  const other = { '17841400000000999': entry(300) }
  expect(await until({ ...other, [IG_ACCOUNT_ID]: entry(7) })).toEqual(inMinutes(7))
  expect(await until(other)).toEqual(inMinutes(60))
})

test.each([4, 17, 32, 613, 368, 80_002])(
  'a limit of code %d is not asked again at once, even where the platform calls it transient',
  async (code) => {
    const limited = graphError(code, 'Too many calls', { is_transient: true }, { status: 503 })
    const upstream = openUpstream('instagram', () => limited)
    const { connector, context, calls } = upstream
    const failure = await failureOfCall(connector.listPublications(ACCOUNT, null, context))
    expect(failure.kind).toBe('rate_limited')
    expect(calls()).toBe(1)
  },
)

const refreshWith = (reply: Reply) => {
  const upstream = openUpstream('instagram', () => reply)
  return { upstream, call: upstream.connector.refreshToken(ACCOUNT, upstream.context) }
}

test('a token is exchanged for itself and another 60 days', async () => {
  const json = { access_token: 'IGAA-long-2', token_type: 'bearer', expires_in: 5_183_944 }
  const { upstream, call } = refreshWith({ json: { ...json, permissions: 'a_scope,another' } })
  expect(await call).toEqual({
    accessToken: 'IGAA-long-2',
    refreshToken: null,
    expiresAt: new Date(NOW.getTime() + 5_183_944_000),
    scopes: ['a_scope', 'another'],
  })
  const list = { json: { ...json, permissions: ['a_scope'] } }
  expect((await refreshWith(list).call)?.scopes).toEqual(['a_scope'])
  const { url, headers } = upstream.requests[0] ?? {}
  expect(url?.pathname).toBe('/refresh_access_token')
  expect(url?.searchParams.get('access_token')).toBe(ACCESS_TOKEN)
  expect(headers).not.toHaveProperty('authorization')
})

test.each<[string, Reply]>([
  ['unauthorized', graphError(190, `Token ${ACCESS_TOKEN} has expired`, { error_subcode: 463 })],
  [
    'unauthorized',
    graphError(100, 'Unsupported request - method type: get', { type: 'IGApiException' }),
  ],
  [
    'unavailable',
    graphError(100, `Token access_token=${encodeURIComponent(ACCESS_TOKEN)} is young`),
  ],
  ['rate_limited', graphError(4, 'Too many calls')],
  ['unavailable', { status: 500, text: `<html>${ACCESS_TOKEN}</html>` }],
  ['malformed', { status: 200, text: `"${ACCESS_TOKEN}"` }],
])('an exchange that fails is %s and repeats no credential: %j', async (kind, reply) => {
  const failure = await failureOfCall(refreshWith(reply).call)
  expect(failure.kind).toBe(kind)
  expectNoCredential(failure)
})

test('an exchange that cannot reach the platform says nothing of its URL', async () => {
  const { connector, context } = openUpstream('instagram', () => {
    throw Object.assign(new Error(`connect ${ACCESS_TOKEN}`), { code: 'ECONNRESET' })
  })
  expectNoCredential(await failureOfCall(connector.refreshToken(ACCOUNT, context)))
})
