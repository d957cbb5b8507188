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

const ACCOUNT = accountOn('tiktok')

const TOKENS = {
  access_token: 'act.invented',
  expires_in: 7200,
  open_id: '723f24d7-e717-40f8-a2b6-cb8464cd23b4',
  refresh_token: 'rft.invented',
  refresh_expires_in: 15_552_000,
  scope: 'user.info.basic,user.info.stats,video.list',
  token_type: 'Bearer',
}

const refreshWith = (reply: Reply) => {
  const upstream = openUpstream('tiktok', () => reply)
  return { upstream, call: upstream.connector.refreshToken(ACCOUNT, upstream.context) }
}

test('a refresh token is exchanged for both tokens, for as long as the answer says', async () => {
  const { upstream, call } = refreshWith({ json: TOKENS })
  expect(await call).toEqual({
    accessToken: 'act.invented',
    refreshToken: 'rft.invented',
    expiresAt: new Date(NOW.getTime() + 7_200_000),
    scopes: ['user.info.basic', 'user.info.stats', 'video.list'],
  })
  expect(upstream.requests[0]?.url.href).toBe('https://open.tiktokapis.com/v2/oauth/token/')
  expect(Object.fromEntries(new URLSearchParams(upstream.requests[0]?.body))).toEqual({
    client_key: CLIENT.id,
    client_secret: CLIENT.secret,
    grant_type: 'refresh_token',
    refresh_token: REFRESH_TOKEN,
  })
})

test('the longer life of older applications is believed, and so is silence', async () => {
  const day = await refreshWith({ json: { ...TOKENS, expires_in: 86_400 } }).call
  expect(day?.expiresAt).toEqual(new Date(NOW.getTime() + 86_400_000))
  const silent = { access_token: 'act.invented' }
  expect(await refreshWith({ json: silent }).call).toEqual({
    accessToken: 'act.invented',
    refreshToken: null,
    expiresAt: null,
    scopes: null,
  })
})

const flat = (error: string, status = 400): Reply => ({
  status,
  json: { error, error_description: `About ${REFRESH_TOKEN}.`, log_id: '2026' },
})

test.each<[string, Reply]>([
  ['unauthorized', flat('invalid_grant')],
  ['unauthorized', flat('invalid_grant', 200)],
  ['unauthorized', flat('access_denied')],
  ['misconfigured', flat('invalid_client', 401)],
  ['misconfigured', flat('invalid_request')],
  ['misconfigured', flat('unsupported_grant_type')],
  ['unavailable', flat('server_error', 200)],
  ['unavailable', flat('temporarily_unavailable')],
  ['unavailable', flat('invalid_grant', 500)],
  ['unavailable', { status: 401, text: '<html></html>' }],
  ['unavailable', { status: 500, text: '' }],
  ['misconfigured', { status: 401, json: { error: { code: 'access_token_invalid' } } }],
  ['rate_limited', { status: 429, json: { error: { code: 'rate_limit_exceeded' } } }],
  ['malformed', { status: 200, json: {} }],
])('%s: %j, after one attempt and without a credential', async (kind, reply) => {
  const { upstream, call } = refreshWith(reply)
  const failure = await failureOfCall(call)
  expect(failure.kind).toBe(kind)
  expectNoCredential(failure)
  expect(upstream.calls()).toBe(1)
})

test('without a refresh token there is nothing to exchange', async () => {
  const { connector, context } = openUpstream('tiktok', () => ({}))
  expect(await connector.refreshToken({ ...ACCOUNT, refreshToken: null }, context)).toBeNull()
})
