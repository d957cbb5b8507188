import { expect, test } from 'vitest'
import {
  accountOn,
  CLIENT,
  expectNoCredential,
  failureOfCall,
  NOW,
  openUpstream,
  REFRESH_TOKEN,
  type Reply,
} from './support.ts'

const ACCOUNT = accountOn('youtube')
const SCOPES = ['youtube.readonly', 'yt-analytics.readonly'].map(
  (name) => `https://www.googleapis.com/auth/${name}`,
)

const TOKENS = {
  access_token: 'ya29.invented',
  expires_in: 3599,
  scope: SCOPES.join(' '),
  token_type: 'Bearer',
}

const refreshWith = (reply: Reply) => {
  const upstream = openUpstream('youtube', () => reply)
  return { upstream, call: upstream.connector.refreshToken(ACCOUNT, upstream.context) }
}

test('a refresh token is exchanged, and kept where the answer holds no new one', async () => {
  const { upstream, call } = refreshWith({ json: TOKENS })
  expect(await call).toEqual({
    accessToken: 'ya29.invented',
    refreshToken: null,
    expiresAt: new Date(NOW.getTime() + 3_599_000),
    scopes: SCOPES,
  })
  expect(upstream.requests[0]?.url.href).toBe('https://oauth2.googleapis.com/token')
  expect(Object.fromEntries(new URLSearchParams(upstream.requests[0]?.body))).toEqual({
    ...{ client_id: CLIENT.id, client_secret: CLIENT.secret },
    ...{ grant_type: 'refresh_token', refresh_token: REFRESH_TOKEN },
  })
})

test('a new refresh token replaces the old one', async () => {
  const reply = { json: { ...TOKENS, refresh_token: '1//new' } }
  expect(await refreshWith(reply).call).toMatchObject({ refreshToken: '1//new' })
})

const refused = (error: string, status = 400): Reply => ({
  status,
  json: { error, error_description: `About ${REFRESH_TOKEN}.` },
})

test.each<[string, number, Reply]>([
  ['unauthorized', 1, refused('invalid_grant')],
  ['misconfigured', 1, refused('invalid_client', 401)],
  ['misconfigured', 1, refused('unauthorized_client', 401)],
  ['misconfigured', 1, refused('invalid_request')],
  ['unavailable', 1, refused('temporarily_unavailable')],
  ['unavailable', 3, refused('server_error', 500)],
  ['unavailable', 3, refused('invalid_grant', 503)],
  ['unavailable', 1, { status: 401, text: '<html></html>' }],
  ['unavailable', 1, { status: 404, json: { error: { code: 404 } } }],
  ['rate_limited', 1, refused('rate_limit_exceeded', 429)],
  ['malformed', 1, { status: 200, json: {} }],
])('%s after %d calls: %j', async (kind, calls, reply) => {
  const { upstream, call } = refreshWith(reply)
  const failure = await failureOfCall(call)
  expect(failure.kind).toBe(kind)
  expectNoCredential(failure)
  expect(upstream.calls()).toBe(calls)
})

test('without a refresh token there is nothing to exchange', async () => {
  const { connector, context } = openUpstream('youtube', () => ({}))
  expect(await connector.refreshToken({ ...ACCOUNT, refreshToken: null }, context)).toBeNull()
})
