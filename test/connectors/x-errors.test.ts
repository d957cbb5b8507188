import { expect, test } from 'vitest'
import {
  accountOn,
  failureOfCall,
  NOW,
  openUpstream,
  type Reply,
  type Request,
  refTo,
} from './support.ts'
import { answerFrom, X_ACCOUNT_ID, xPost } from './x-world.ts'

const ACCOUNT = accountOn('x', { platformAccountId: X_ACCOUNT_ID })
const TYPES = 'https://api.twitter.com/2/problems'

async function failureOn(reply: Reply) {
  const { connector, context } = openUpstream('x', () => reply)
  return failureOfCall(connector.readAccount(ACCOUNT, context))
}

const inSeconds = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)

test.each<[string, Reply]>([
  ['unauthorized', { status: 401, json: { type: 'about:blank', title: 'Unauthorized' } }],
  ['misconfigured', { status: 400, json: { type: `${TYPES}/invalid-request`, errors: [] } }],
  ['misconfigured', { status: 402, json: { title: 'CreditsDepleted', type: `${TYPES}/credits` } }],
  ['misconfigured', { status: 402, text: '' }],
  ['misconfigured', { status: 403, json: { title: 'SpendCapReached' } }],
  ['misconfigured', { status: 403, json: { type: `${TYPES}/unsupported-authentication` } }],
  [
    'misconfigured',
    { status: 403, json: { type: `${TYPES}/client-forbidden`, reason: 'client-not-enrolled' } },
  ],
  ['misconfigured', { status: 403, json: { type: `${TYPES}/oauth1-permissions` } }],
  [
    'unsupported',
    {
      status: 403,
      json: {
        type: 'about:blank',
        detail: 'Your account is not permitted to access this feature.',
      },
    },
  ],
  [
    'unauthorized',
    { status: 403, json: { type: 'about:blank', detail: 'Your account is temporarily locked.' } },
  ],
  [
    'unauthorized',
    { status: 403, json: { errors: [{ code: 64, message: 'Your account is suspended.' }] } },
  ],
  // A new login would not bring our application back.
  [
    'misconfigured',
    { status: 403, json: { type: 'about:blank', detail: 'This application has been suspended.' } },
  ],
  [
    'misconfigured',
    { status: 403, json: { errors: [{ code: 416, message: 'Invalid / suspended application' }] } },
  ],
  ['missing_scope', { status: 403, json: { type: 'about:blank', title: 'Forbidden' } }],
  ['misconfigured', { status: 404, text: '' }],
  ['gone', { status: 404, json: { type: `${TYPES}/resource-not-found` } }],
  ['unavailable', { status: 500, text: '' }],
  ['unavailable', { status: 503, text: '<html>Over capacity</html>' }],
  ['unavailable', { status: 403, text: '<html>Blocked</html>' }],
  ['malformed', { status: 200, text: '' }],
  ['malformed', { status: 200, text: '<html></html>' }],
  ['malformed', { status: 200, text: '{"data":{"id":"1"' }],
  ['malformed', { status: 200, json: { data: 'a user' } }],
  ['malformed', { status: 200, json: [] }],
])('%s: %j', async (kind, reply) => {
  const failure = await failureOn(reply)
  expect(failure).toMatchObject({ kind, status: reply.status, retryAt: null })
  expect(failure.message).toMatch(/^X\b.*\.?$/s)
})

test('a refusal that gives no other reason names the scopes that reading takes', async () => {
  const json = { type: 'about:blank', title: 'Forbidden', detail: 'Forbidden', status: 403 }
  const failure = await failureOn({ status: 403, json })
  expect(failure.kind).toBe('missing_scope')
  expect(failure.message).toMatch(/tweet\.read.*users\.read/)
})

test('a window limit ends when its header says, and in 15 minutes when that is missing', async () => {
  const json = { title: 'Too Many Requests', type: 'about:blank', status: 429 }
  const until = async (headers: Record<string, string>) =>
    (await failureOn({ status: 429, json, headers })).retryAt
  const reset = (seconds: number) => String(inSeconds(seconds).getTime() / 1000)
  expect(await until({ 'x-rate-limit-reset': reset(300) })).toEqual(inSeconds(300))
  expect(await until({ 'x-rate-limit-reset': reset(-300) })).toEqual(inSeconds(1))
  expect(await until({})).toEqual(inSeconds(900))
  expect(await until({ 'retry-after': '20' })).toEqual(inSeconds(20))
})

test('a usage cap ends with its period, whatever the window header says', async () => {
  const headers = { 'x-rate-limit-reset': String(NOW.getTime() / 1000 + 60) }
  const capped = (period: string) =>
    failureOn({
      status: 429,
      json: { title: 'UsageCapExceeded', period, type: `${TYPES}/usage-capped` },
      headers,
    })
  expect(await capped('Daily')).toMatchObject({
    kind: 'rate_limited',
    retryAt: new Date('2026-11-21T00:00:00Z'),
  })
  expect((await capped('Monthly')).retryAt).toEqual(new Date('2026-12-01T00:00:00Z'))
})

test('a spending limit with a date is a limit until that date', async () => {
  const json = { title: 'SpendCapReached', reset_date: '2026-12-01' }
  expect(await failureOn({ status: 403, json })).toMatchObject({
    kind: 'rate_limited',
    retryAt: new Date('2026-12-01T00:00:00Z'),
  })
})

test('the older shape of a limit is read as well', async () => {
  const json = { errors: [{ code: 88, message: 'Rate limit exceeded' }] }
  const failure = await failureOn({ status: 429, json })
  expect(failure.message).toBe('X answered with status 429: Rate limit exceeded')
  expect(failure.body).toBe(JSON.stringify(json))
})

const NOT_ENROLLED = { type: `${TYPES}/client-forbidden`, reason: 'client-not-enrolled' }
const NOT_PERMITTED = {
  type: 'about:blank',
  detail: 'Your account is not permitted to access this feature.',
}

test.each([NOT_ENROLLED, NOT_PERMITTED])(
  'private numbers that nobody may ask for cost a post no other: %j',
  async (json) => {
    const { non_public_metrics: _unasked, ...post } = xPost('1800000000000000010', 1)
    const posts = answerFrom([post])
    const isPrivate = ({ url }: Request) => url.href.includes('non_public_metrics')
    const { connector, context, requests } = openUpstream('x', (request) => {
      if (isPrivate(request)) return { status: 403, json }
      return posts(request)
    })
    const listed = await connector.listPublications(ACCOUNT, null, context)
    expect(listed.account?.native).toMatchObject({ following_count: 180 })
    expect(listed.items[0]?.reading).toMatchObject({
      native: { like_count: 41, impression_count: 1903 },
      missing: { engagements: 'not_reported' },
      warnings: [expect.stringContaining('engagements')],
    })
    expect(requests.map(isPrivate)).toEqual([true, false])
    const publishedAt = inSeconds(-86_400)
    const refs = [refTo('1800000000000000010', { contentType: 'text', publishedAt })]
    const [outcome] = await connector.readPublications(ACCOUNT, refs, context)
    expect(outcome).toMatchObject({ reading: { native: { like_count: 41 } } })
    expect(requests.map(isPrivate)).toEqual([true, false, false])
    await connector.readPublications(ACCOUNT, refs, { ...context, now: inSeconds(86_400) })
    expect(requests.map(isPrivate)).toEqual([true, false, false, true, false])
  },
)

test('an application that may ask nothing at all is told so, and asks for all again', async () => {
  const { connector, context, requests } = openUpstream('x', () => ({
    status: 403,
    json: NOT_ENROLLED,
  }))
  const list = () => failureOfCall(connector.listPublications(ACCOUNT, null, context))
  expect(await list()).toMatchObject({ kind: 'misconfigured', status: 403 })
  await list()
  const isPrivate = requests.map(({ url }) => url.href.includes('non_public_metrics'))
  expect(isPrivate).toEqual([true, false, true, false])
})
