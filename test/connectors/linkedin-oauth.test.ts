import { expect, test } from 'vitest'
import { elements, PAGE, refused } from './linkedin-world.ts'
import {
  CLIENT,
  expectNoCredential,
  failureOfCall,
  NOW,
  openUpstream,
  REFRESH_TOKEN,
  type Reply,
} from './support.ts'

const TOKENS = {
  access_token: 'AQX_invented',
  expires_in: 5_184_000,
  refresh_token: REFRESH_TOKEN,
  refresh_token_expires_in: 26_438_400,
  scope: 'r_organization_social,rw_organization_admin',
}

const refreshWith = (reply: Reply) => {
  const upstream = openUpstream('linkedin', () => reply)
  return { upstream, call: upstream.connector.refreshToken(PAGE, upstream.context) }
}

test('a token is renewed for 60 days on the website, and the refresh token stays', async () => {
  const { upstream, call } = refreshWith({ json: TOKENS })
  expect(await call).toEqual({
    accessToken: 'AQX_invented',
    refreshToken: REFRESH_TOKEN,
    expiresAt: new Date(NOW.getTime() + 5_184_000_000),
    scopes: ['r_organization_social', 'rw_organization_admin'],
  })
  expect(upstream.requests[0]?.url.href).toBe('https://www.linkedin.com/oauth/v2/accessToken')
  expect(Object.fromEntries(new URLSearchParams(upstream.requests[0]?.body))).toEqual({
    grant_type: 'refresh_token',
    refresh_token: REFRESH_TOKEN,
    client_id: CLIENT.id,
    client_secret: CLIENT.secret,
  })
})

test('an application without refresh tokens has nothing to exchange', async () => {
  const { connector, context } = openUpstream('linkedin', () => ({}))
  expect(await connector.refreshToken({ ...PAGE, refreshToken: null }, context)).toBeNull()
  const { refresh_token: _, ...rest } = TOKENS
  expect(await refreshWith({ json: rest }).call).toMatchObject({ refreshToken: null })
})

const oauth = (error: string, error_description = 'No.', status = 400): Reply => ({
  status,
  json: { error, error_description: `${error_description} ${REFRESH_TOKEN}` },
})
const DEAD = 'The provided authorization grant or refresh token is invalid, expired or revoked.'

test.each<[string, Reply]>([
  ['unauthorized', oauth('invalid_request', DEAD)],
  ['unauthorized', oauth('invalid_grant')],
  ['misconfigured', oauth('invalid_request', 'A required parameter "refresh_token" is missing')],
  ['misconfigured', oauth('invalid_client', 'Client authentication failed', 401)],
  ['unavailable', oauth('invalid_grant', 'No.', 500)],
  ['unavailable', { status: 403, text: '<html></html>' }],
  ['rate_limited', refused(429, 'TOO_MANY_REQUESTS', 'throttle APPLICATION DAY')],
  ['malformed', { json: {} }],
])('%s: %j', async (kind, reply) => {
  const failure = await failureOfCall(refreshWith(reply).call)
  expect(failure.kind).toBe(kind)
  expectNoCredential(failure)
})

test('a new token that is refused in its first seconds is tried once more', async () => {
  const revoked = refused(401, 'REVOKED_ACCESS_TOKEN', 'Revoked', 65_601)
  const replies: Reply[] = [{ json: TOKENS }, revoked, elements([]), revoked, revoked, revoked]
  const upstream = openUpstream('linkedin', () => replies.shift() ?? {})
  const { connector, context } = upstream
  await connector.refreshToken(PAGE, context)
  const renewed = { ...PAGE, accessToken: TOKENS.access_token }
  expect(await connector.listPublications(renewed, null, context)).toMatchObject({ items: [] })
  await failureOfCall(connector.listPublications(renewed, null, context))
  expect(upstream.calls()).toBe(5)
  const later = { ...context, now: new Date(NOW.getTime() + 120_000) }
  await failureOfCall(connector.listPublications(renewed, null, later))
  expect(upstream.calls()).toBe(6)
})
