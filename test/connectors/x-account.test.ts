import { expect, test } from 'vitest'
import {
  accountOn,
  failureOfCall,
  openUpstream,
  type Reply,
  type Request,
  type Upstream,
} from './support.ts'
import { X_ACCOUNT_ID, X_USER, xProblem } from './x-world.ts'

const ACCOUNT = accountOn('x', { platformAccountId: X_ACCOUNT_ID })

const start = (answer: (request: Request) => Reply) => openUpstream('x', answer)

const read = ({ connector, context }: Upstream) => connector.readAccount(ACCOUNT, context)

test('an account is its counters, its verified followers and its profile', async () => {
  const upstream = start(() => ({ json: { data: X_USER } }))
  expect(await read(upstream)).toEqual({
    native: { ...X_USER.public_metrics, verified_followers_count: 37 },
    missing: {},
    warnings: [],
    payload: { data: X_USER },
    profile: {
      handle: 'acmetools',
      displayName: 'Acme Tools',
      avatarUrl: 'https://pbs.example/a_normal.jpg',
    },
  })
  expect(upstream.requests[0]?.url.pathname).toBe(`/2/users/${X_ACCOUNT_ID}`)
})

test('the newer spelling is stored under the older names', async () => {
  const { tweet_count, ...others } = X_USER.public_metrics
  const user = { ...X_USER, public_metrics: { ...others, post_count: tweet_count } }
  const { native } = await read(start(() => ({ json: { data: user } })))
  expect(native['tweet_count']).toBe(320)
  expect(native).not.toHaveProperty('post_count')
})

test('counters that X may leave out are absent without a warning, others with one', async () => {
  const counters = { followers_count: 1, following_count: 2, tweet_count: 3, like_count: null }
  const user = { id: X_ACCOUNT_ID, public_metrics: counters }
  const { native, missing, warnings } = await read(start(() => ({ json: { data: user } })))
  expect(native).toEqual({ followers_count: 1, following_count: 2, tweet_count: 3 })
  expect(missing['like_count']).toBe('not_reported')
  expect(warnings).toEqual(['X did not report listed_count.'])
})

test('a refused field is left out of a second call, and of every call of that day', async () => {
  const field = { field: 'verified_followers_count', resource_type: 'user', section: 'data' }
  const { verified_followers_count: _refused, ...user } = X_USER
  const upstream = start(({ url }) =>
    url.searchParams.get('user.fields')?.includes('verified_followers_count')
      ? { json: { errors: [xProblem('not-authorized-for-field', X_ACCOUNT_ID, field)] } }
      : { json: { data: user } },
  )
  const reading = await read(upstream)
  expect(reading.native['followers_count']).toBe(3_412_345_678)
  expect(reading.warnings).toEqual([
    'X did not show verified_followers_count: this account may not see it.',
  ])
  await read(upstream)
  expect(upstream.calls()).toBe(3)
})

test('a field that X refuses to one token is still asked for with another one', async () => {
  const field = 'verified_followers_count'
  const problem = xProblem('not-authorized-for-field', X_ACCOUNT_ID, { field })
  const upstream = start(({ url, headers }) =>
    headers['authorization'] === `Bearer ${ACCOUNT.accessToken}` &&
    url.searchParams.get('user.fields')?.includes(field)
      ? { json: { errors: [problem] } }
      : { json: { data: X_USER } },
  )
  await read(upstream)
  const another = { ...ACCOUNT, accessToken: 'a-token-of-another-workspace' }
  const { warnings } = await upstream.connector.readAccount(another, upstream.context)
  expect(warnings).toEqual([])
})

test('a user that X no longer knows is gone', async () => {
  const problem = xProblem('resource-not-found', X_ACCOUNT_ID, {
    detail: 'User has been suspended.',
  })
  const failure = await failureOfCall(read(start(() => ({ json: { errors: [problem] } }))))
  expect(failure).toMatchObject({
    kind: 'gone',
    status: 200,
    message: 'X: User has been suspended.',
  })
  expect(failure.body).toContain('resource-not-found')
})

test('an id that X cannot have never becomes part of a URL', async () => {
  const upstream = start(() => ({ json: {} }))
  const account = accountOn('x', { platformAccountId: '../tweets' })
  const failure = await failureOfCall(upstream.connector.readAccount(account, upstream.context))
  expect(failure.kind).toBe('gone')
  expect(upstream.calls()).toBe(0)
})

test('X is asked in the older spelling until it refuses it, then in the newer one', async () => {
  const refusal = {
    errors: [{ parameters: { 'tweet.fields': ['created_at'] }, message: 'Unknown parameter.' }],
    title: 'Invalid Request',
    type: 'https://api.x.com/2/problems/invalid-request',
  }
  const upstream = start(({ url }) =>
    url.searchParams.has('tweet.fields')
      ? { status: 400, json: refusal }
      : { json: { meta: { result_count: 0 } } },
  )
  const { connector, context } = upstream
  await connector.listPublications(ACCOUNT, null, context)
  await connector.listPublications(ACCOUNT, null, context)
  const fields = upstream.requests.map(({ url }) => url.searchParams.get('post.fields'))
  expect(fields.map((value) => value?.includes('note_post'))).toEqual([undefined, true, true])
})

test('a field that X no longer knows takes no other with it, and is not asked for again', async () => {
  const message =
    'The `user.fields` query parameter value [verified_followers_count] is not one of [id]'
  const upstream = start(({ url }) =>
    url.searchParams.get('user.fields')?.includes('verified_followers_count')
      ? { status: 400, json: { errors: [{ message }], title: 'Invalid Request' } }
      : { json: { data: { ...X_USER, verified_followers_count: undefined } } },
  )
  expect((await read(upstream)).native['followers_count']).toBe(3_412_345_678)
  await read(upstream)
  expect(upstream.calls()).toBe(3)
})

test('a value that X takes in neither spelling is our fault and costs one more call', async () => {
  const refusal = { title: 'Invalid Request', detail: 'Neither tweet.fields nor post.fields.' }
  const upstream = start(() => ({ status: 400, json: refusal }))
  const { connector, context } = upstream
  const failure = await failureOfCall(connector.listPublications(ACCOUNT, null, context))
  expect(failure).toMatchObject({ kind: 'misconfigured', status: 400 })
  expect(upstream.calls()).toBe(2)
})
