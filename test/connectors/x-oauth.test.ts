import { expect, test } from 'vitest'
import { createConnectors } from '../../src/connectors/connectors.ts'
import { platformOrigins } from '../../src/connectors/endpoints.ts'
import {
  ACCESS_TOKEN,
  accountOn,
  CLIENT,
  expectNoCredential,
  failureOfCall,
  NOW,
  openUpstream,
  REFRESH_TOKEN,
  type Reply,
} from './support.ts'

const ACCOUNT = accountOn('x')

const TOKENS = {
  token_type: 'bearer',
  expires_in: 7200,
  access_token: 'bG9yZW0tYWNjZXNz',
  scope: 'users.read tweet.read offline.access',
  refresh_token: 'aXBzdW0tcmVmcmVzaA',
}

const refreshWith = (reply: Reply) => {
  const upstream = openUpstream('x', () => reply)
  return { upstream, call: upstream.connector.refreshToken(ACCOUNT, upstream.context) }
}

test('a refresh token is exchanged once, for both tokens and the time that the answer names', async () => {
  const { upstream, call } = refreshWith({ json: TOKENS })
  expect(await call).toEqual({
    accessToken: 'bG9yZW0tYWNjZXNz',
    refreshToken: 'aXBzdW0tcmVmcmVzaA',
    expiresAt: new Date(NOW.getTime() + 7_200_000),
    scopes: ['users.read', 'tweet.read', 'offline.access'],
  })
  const [request] = upstream.requests
  expect(request?.url.href).toBe('https://api.x.com/2/oauth2/token')
  const basic = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')
  expect(request?.headers['authorization']).toBe(`Basic ${basic}`)
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    grant_type: 'refresh_token',
    refresh_token: REFRESH_TOKEN,
  })
})

test('a public client names itself in the body, for it has no secret', async () => {
  const client = { id: 'public-client', secret: '' }
  const { connector, context, requests } = openUpstream('x', () => ({ json: TOKENS }), { client })
  await connector.refreshToken(ACCOUNT, context)
  expect(requests[0]?.headers).not.toHaveProperty('authorization')
  expect(new URLSearchParams(requests[0]?.body).get('client_id')).toBe('public-client')
})

test('an answer that repeats the old refresh token gives it back whole', async () => {
  const { call } = refreshWith({ json: { ...TOKENS, refresh_token: REFRESH_TOKEN } })
  expect((await call)?.refreshToken).toBe(REFRESH_TOKEN)
})

test.each<[string, Reply]>([
  [
    'unauthorized',
    {
      status: 400,
      json: {
        error: 'invalid_request',
        error_description: 'Value passed for the token was invalid.',
      },
    },
  ],
  ['unauthorized', { status: 400, json: { error: 'invalid_grant' } }],
  ['misconfigured', { status: 401, json: { error: 'unauthorized_client' } }],
  ['misconfigured', { status: 400, json: { error: 'invalid_request' } }],
  ['unavailable', { status: 503, json: { error: 'invalid_grant' } }],
  ['unavailable', { status: 400, text: '<html></html>' }],
  ['unavailable', { status: 401, text: '' }],
  ['malformed', { status: 200, text: '<html></html>' }],
  ['malformed', { status: 200, json: { access_token: 7 } }],
  ['rate_limited', { status: 429, json: {} }],
])('%s: %j, after one attempt', async (kind, reply) => {
  const { upstream, call } = refreshWith(reply)
  expect((await failureOfCall(call)).kind).toBe(kind)
  expect(upstream.calls()).toBe(1)
})

test('no credential comes out of a failed exchange', async () => {
  const error_description = `The token ${REFRESH_TOKEN} of ${ACCESS_TOKEN} is used.`
  const json = { error: 'invalid_grant', error_description, refresh_token: 'a-new-refresh-token' }
  const failure = await failureOfCall(refreshWith({ status: 400, json }).call)
  expectNoCredential(failure)
  expect(failure.body).not.toContain('a-new-refresh-token')
})

test('without a refresh token there is nothing to exchange', async () => {
  const { connector, context, calls } = openUpstream('x', () => ({}))
  expect(await connector.refreshToken({ ...ACCOUNT, refreshToken: null }, context)).toBeNull()
  expect(calls()).toBe(0)
})

test('a gateway without an application of its own says which variable is not set', async () => {
  const { connectors } = createConnectors({ origins: platformOrigins(), clients: {} })
  const { context } = openUpstream('x', () => ({}))
  const call = connectors.x?.refreshToken(ACCOUNT, context) ?? Promise.resolve()
  const failure = await failureOfCall(call)
  expect(failure).toMatchObject({ kind: 'misconfigured', status: null })
  expect(failure.message).toContain('WEIR_X_CLIENT_ID')
})
