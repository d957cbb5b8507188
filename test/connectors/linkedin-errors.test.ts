import { expect, test } from 'vitest'
import { elements, PAGE, refused } from './linkedin-world.ts'
import { expectNoCredential, failureOfCall, openUpstream, type Reply } from './support.ts'

const MIDNIGHT = new Date('2026-11-21T00:00:00.000Z')

const list = (reply: Reply | ((version: string | undefined) => Reply)) => {
  const upstream = openUpstream('linkedin', ({ headers }) =>
    typeof reply === 'function' ? reply(headers['linkedin-version']) : reply,
  )
  return { upstream, call: upstream.connector.listPublications(PAGE, null, upstream.context) }
}

const LIMIT = 'Resource level throttle MEMBER DAY limit for calls to this resource is reached.'
const HTML = '<html><h1>Sorry</h1></html>'

test.each<[string, Reply]>([
  ['misconfigured', refused(400, 'PARAM_INVALID', 'Invalid query parameters')],
  ['misconfigured', refused(422, 'VALIDATION_FAILED', 'Validation failed')],
  ['unauthorized', refused(401, 'INVALID_ACCESS_TOKEN', 'Invalid access token', 65_600)],
  ['unauthorized', refused(401, 'REVOKED_ACCESS_TOKEN', 'Revoked by the user', 65_601)],
  ['unauthorized', refused(401, 'EXPIRED_ACCESS_TOKEN', 'Expired', 65_602)],
  [
    'unauthorized',
    {
      status: 401,
      json: { message: 'Empty oauth2_access_token', serviceErrorCode: 401, status: 401 },
    },
  ],
  ['missing_scope', refused(403, 'ACCESS_DENIED', 'Not enough permissions', 100)],
  ['gone', refused(404, 'RESOURCE_NOT_FOUND', 'Not Found')],
  ['gone', refused(410, 'GONE', 'Removed')],
  ['rate_limited', refused(429, 'TOO_MANY_REQUESTS', LIMIT, 101)],
  ['rate_limited', { status: 429, text: '' }],
  ['unavailable', { status: 500, text: '' }],
  ['unavailable', { status: 504, text: HTML }],
  ['unavailable', { status: 403, text: HTML }],
  ['malformed', { status: 200, text: '{"elements":[' }],
  ['malformed', { status: 200, json: { elements: 'many' } }],
  ['malformed', { status: 200, text: HTML }],
])('%s: %j', async (kind, reply) => {
  const failure = await failureOfCall(list(reply).call)
  expect(failure.kind).toBe(kind)
  expect(failure.retryAt).toEqual(kind === 'rate_limited' ? MIDNIGHT : null)
  expectNoCredential(failure)
})

test.each(['APPLICATION', 'MEMBER'])('the quota of %s is told apart by name', async (whose) => {
  const { upstream, call } = list(refused(429, 'TOO_MANY_REQUESTS', LIMIT.replace('MEMBER', whose)))
  const { message } = await failureOfCall(call)
  expect(message).toContain(whose === 'MEMBER' ? 'of this connection' : 'of the application')
  expect(upstream.calls()).toBe(1)
})

test('a refusal names the role that it takes', async () => {
  const { call } = list(refused(403, 'ACCESS_DENIED', 'Not enough permissions', 100))
  expect((await failureOfCall(call)).message).toContain('ADMINISTRATOR on the page')
})

const ended = refused(426, 'NONEXISTENT_VERSION', 'Requested version 20260901 is not active')

test('a version that LinkedIn has ended is our own fault, after one step back', async () => {
  const { upstream, call } = list(ended)
  expect(await failureOfCall(call)).toMatchObject({ kind: 'misconfigured', status: 426 })
  const versions = upstream.requests.map(({ headers }) => headers['linkedin-version'])
  expect(versions).toEqual(['202609', '202608'])
})

test('the version that is found to live is asked for from then on', async () => {
  const { upstream, call } = list((version) => (version === '202608' ? elements([]) : ended))
  await call
  await upstream.connector.listPublications(PAGE, null, upstream.context)
  const versions = upstream.requests.map(({ headers }) => headers['linkedin-version'])
  expect(versions).toEqual(['202609', '202608', '202608'])
})

test('a trouble of LinkedIn’s is asked again, within the same call', async () => {
  let calls = 0
  const { connector, context } = openUpstream('linkedin', () => {
    calls += 1
    return calls === 1 ? { status: 503, text: '' } : { json: { elements: [] } }
  })
  const { items } = await connector.listPublications(PAGE, null, context)
  expect(items).toEqual([])
  expect(calls).toBe(2)
})
