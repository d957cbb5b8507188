import { expect, test } from 'vitest'
import { accountOn, failureOfCall, NOW, openUpstream, type Reply, refTo } from './support.ts'
import { CHANNEL, CHANNEL_ID, ytError, ytTable, ytVideo, ytVideos } from './youtube-world.ts'

const ACCOUNT = accountOn('youtube', { platformAccountId: CHANNEL_ID })

const info = (reason: string, metadata: object = {}) => ({
  details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, metadata }],
})

const PER_MINUTE = { quota_limit: 'defaultPerMinutePerProject' }

test.each<[string, Reply]>([
  ['misconfigured', ytError(400, 'badRequest')],
  ['misconfigured', ytError(400, 'invalidPageToken')],
  ['misconfigured', ytError(400, 'missingRequiredParameter')],
  ['unauthorized', ytError(401, 'authError', { status: 'UNAUTHENTICATED' })],
  ['unauthorized', { status: 401, json: { error: { code: 401, status: 'UNAUTHENTICATED' } } }],
  ['unsupported', ytError(401, 'youtubeSignupRequired')],
  ['missing_scope', ytError(403, 'insufficientPermissions')],
  ['missing_scope', ytError(403, 'new', info('ACCESS_TOKEN_SCOPE_INSUFFICIENT'))],
  ['missing_scope', ytError(403, 'forbidden', info('ACCESS_TOKEN_SCOPE_INSUFFICIENT'))],
  ['misconfigured', ytError(403, 'forbidden', info('SERVICE_DISABLED'))],
  ['misconfigured', ytError(403, 'forbidden', info('CONSUMER_SUSPENDED'))],
  ['misconfigured', ytError(403, 'forbidden', info('CONSUMER_INVALID'))],
  ['misconfigured', ytError(403, 'forbidden', info('USER_PROJECT_DENIED'))],
  ['misconfigured', ytError(403, 'accessNotConfigured')],
  ['misconfigured', ytError(403, 'new', info('SERVICE_DISABLED'))],
  ['misconfigured', ytError(403, 'somethingNew')],
  ['unsupported', ytError(403, 'forbidden')],
  ['unsupported', ytError(403, 'channelForbidden')],
  ['gone', ytError(403, 'channelClosed')],
  ['gone', ytError(403, 'channelSuspended')],
  ['gone', ytError(403, 'authenticatedUserAccountClosed')],
  ['gone', ytError(403, 'authenticatedUserAccountSuspended')],
  ['gone', ytError(404, 'channelNotFound')],
  ['unavailable', ytError(503, 'backendError')],
  ['unavailable', ytError(500, 'internalError')],
  ['unavailable', ytError(500, 'processingFailure')],
  ['unavailable', ytError(502, 'somethingNew')],
  ['unavailable', { status: 403, text: '<html>Sorry</html>' }],
])('%s: %j', async (kind, reply) => {
  const { connector, context } = openUpstream('youtube', () => reply)
  const failure = await failureOfCall(connector.readAccount(ACCOUNT, context))
  expect(failure).toMatchObject({ kind, status: reply.status, retryAt: null })
})

test.each<[string, Reply]>([
  ['quotaExceeded', ytError(403, 'quotaExceeded')],
  ['dailyLimitExceeded', ytError(403, 'dailyLimitExceeded')],
  [
    'a limit by the day in the newer form',
    ytError(
      429,
      'rateLimitExceeded',
      info('RATE_LIMIT_EXCEEDED', { quota_limit: 'defaultPerDayPerProject' }),
    ),
  ],
  [
    'a limit by the day in words',
    ytError(429, 'rateLimitExceeded', {
      message: "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service.",
    }),
  ],
])('%s lasts until midnight in California', async (_name, reply) => {
  const { connector, context } = openUpstream('youtube', () => reply)
  const failure = await failureOfCall(connector.readAccount(ACCOUNT, context))
  expect(failure.kind).toBe('rate_limited')
  expect(failure.retryAt?.toISOString()).toBe('2026-11-21T08:00:00.000Z')
  const inSummer = { ...context, now: new Date('2026-07-15T12:00:00Z') }
  const upstream = openUpstream('youtube', () => reply)
  const again = await failureOfCall(upstream.connector.readAccount(ACCOUNT, inSummer))
  expect(again.retryAt?.toISOString()).toBe('2026-07-16T07:00:00.000Z')
})

test('a used-up quota is that of every account, and nobody asks again before midnight', async () => {
  let reply = ytError(403, 'quotaExceeded')
  const upstream = openUpstream('youtube', () => reply)
  const { connector, context } = upstream
  await failureOfCall(connector.readAccount(ACCOUNT, context))
  expect(upstream.calls()).toBe(1)
  reply = { json: { items: [CHANNEL] } }
  const other = { ...ACCOUNT, accessToken: 'another-token' }
  const failure = await failureOfCall(connector.listPublications(other, null, context))
  expect(failure).toMatchObject({ kind: 'rate_limited', status: null })
  expect(failure.retryAt?.toISOString()).toBe('2026-11-21T08:00:00.000Z')
  expect(upstream.calls()).toBe(1)
  const midnight = { ...context, now: failure.retryAt ?? NOW }
  expect((await connector.readAccount(ACCOUNT, midnight)).warnings).toEqual([])
})

test('a used-up quota of the reports leaves the other numbers', async () => {
  const upstream = openUpstream('youtube', ({ url }) =>
    url.pathname === '/v2/reports'
      ? ytError(403, 'quotaExceeded')
      : ytVideos(ytVideo('vid00000001')),
  )
  const { connector, context, requests } = upstream
  for (let time = 0; time < 2; time += 1) {
    const [outcome] = await connector.readPublications(ACCOUNT, [refTo('vid00000001')], context)
    expect(outcome).toMatchObject({
      reading: { native: { view_count: 1240 }, missing: { shares: 'fetch_failed' } },
    })
  }
  expect(requests.filter(({ url }) => url.pathname === '/v2/reports')).toHaveLength(1)
})

test.each([
  ytError(403, 'rateLimitExceeded'),
  ytError(403, 'userRateLimitExceeded'),
  ytError(403, 'userRateLimitExceededUnreg'),
  ytError(403, 'concurrentLimitExceeded'),
  ytError(403, 'quotaExceeded', info('RATE_LIMIT_EXCEEDED', PER_MINUTE)),
  ytError(403, 'quotaExceeded', {
    message: "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user'.",
  }),
  ytError(429, 'rateLimitExceeded', info('RATE_LIMIT_EXCEEDED')),
  { status: 429, text: '' },
])('a limit by the minute is over in about one: %j', async (reply) => {
  const { connector, context } = openUpstream('youtube', () => reply)
  const failure = await failureOfCall(connector.readAccount(ACCOUNT, context))
  expect(failure.kind).toBe('rate_limited')
  const waitMs = (failure.retryAt?.getTime() ?? NOW.getTime() + 60_000) - NOW.getTime()
  expect(waitMs).toBeGreaterThanOrEqual(60_000)
  expect(waitMs).toBeLessThan(76_000)
})

test('messages are sentences for people, without tags', async () => {
  const message = 'You have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.'
  const { connector, context } = openUpstream('youtube', () =>
    ytError(403, 'quotaExceeded', { message }),
  )
  const failure = await failureOfCall(connector.readAccount(ACCOUNT, context))
  expect(failure.message).toBe(
    'YouTube answered with status 403 (quotaExceeded): You have exceeded your quota.',
  )
})

test('a token that goes bad while reports are read is renewed for all of it', async () => {
  const { connector, context } = openUpstream('youtube', ({ url }) =>
    url.pathname === '/v2/reports' ? ytError(401, 'authError') : ytVideos(ytVideo('vid00000001')),
  )
  const call = connector.readPublications(ACCOUNT, [refTo('vid00000001')], context)
  expect((await failureOfCall(call)).kind).toBe('unauthorized')
})

test('a call that is cancelled while reports are read counts as not made', async () => {
  const stopping = new AbortController()
  const { connector, context } = openUpstream('youtube', ({ url }) => {
    if (url.pathname === '/v2/reports') stopping.abort()
    return ytVideos(ytVideo('vid00000001'))
  })
  const signal = stopping.signal
  const call = connector.readPublications(ACCOUNT, [refTo('vid00000001')], { ...context, signal })
  expect((await failureOfCall(call)).kind).toBe('unavailable')
})

test('a table that is none costs only its own numbers', async () => {
  const replies: Reply[] = [{ json: {} }, { text: '' }, ytTable(['video'], [[1], [null], []])]
  for (const reply of replies) {
    const { connector, context } = openUpstream('youtube', ({ url }) =>
      url.pathname === '/v2/reports' ? reply : ytVideos(ytVideo('vid00000001')),
    )
    const [outcome] = await connector.readPublications(ACCOUNT, [refTo('vid00000001')], context)
    expect(outcome).toMatchObject({ reading: { native: { view_count: 1240, like_count: 84 } } })
  }
})
