import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PLATFORMS } from '../../../src/domain/platform.ts'
import { addWorkspace, NOW, startGateway } from '../../support/gateway.ts'
import { ACCOUNTS, fill, POSTS } from './documented.ts'

const ACCOUNTS_PATH = '/v1/analytics/accounts'
const POSTS_PATH = '/v1/analytics/posts'
const WHOLE = 'must be a whole number from 1 to 100'
const FLAG = 'must be true, false, 1 or 0'
const DATE = 'must be an ISO 8601 date'
const PLATFORM = `must be one of ${PLATFORMS.join(', ')}`

// Of both endpoints, then of posts alone.
const BAD = [
  ...['0', '101', '-1', '1.5', '1e1', '0x10', '', ' 1', 'ten', '9'.repeat(30)].map(
    (value) => ['limit', value, WHOLE] as const,
  ),
  ...['yes', 'TRUE', '2', ''].map((value) => ['refresh', value, FLAG] as const),
  ...['twitter', 'X', '', 'myspace'].map((value) => ['platform', value, PLATFORM] as const),
]
const BAD_OF_POSTS = [
  ...['0', '-1', 'one', '2147483648'].map(
    (value) => ['page', value, 'must be a whole number from 1 to 2147483647'] as const,
  ),
  ...['fromDate', 'toDate'].flatMap((name) =>
    [
      ...['', 'today', '2026', '2026-02-30', '2026-13-01', '0000-01-01', '1782550000'],
      ...[
        '2026-06-23T25:00:00Z',
        '2026-06-23T10:00:60Z',
        '2026-06-23T10:00:00+99:00',
        '06/23/2026',
      ],
    ].map((value) => [name, value, DATE] as const),
  ),
]

test('a bad value is refused by the name of its parameter', async () => {
  await using gateway = await startGateway()
  const cases = [
    ...BAD.map((each) => [ACCOUNTS_PATH, ...each] as const),
    ...[...BAD, ...BAD_OF_POSTS].map((each) => [POSTS_PATH, ...each] as const),
  ]
  for (const [path, name, value, message] of cases) {
    const response = await gateway.rest(`${path}?${new URLSearchParams({ [name]: value })}`)
    expect([path, name, value, response.status, await response.json()]).toEqual([
      ...[path, name, value, 422],
      { detail: `${name} ${message}.` },
    ])
  }
})

test('a window that ends before it begins is refused, and so is a parameter given twice', async () => {
  await using gateway = await startGateway()
  const ask = async (query: string) => {
    const response = await gateway.rest(`${POSTS_PATH}?${query}`)
    return [response.status, await response.json()]
  }
  expect(await ask('fromDate=2026-06-24&toDate=2026-06-23')).toEqual([
    ...[422, { detail: 'fromDate must not be after toDate.' }],
  ])
  expect(await ask('postId=a&postId=b')).toEqual([422, { detail: 'postId must be given once.' }])
  expect((await ask('fromDate=2026-06-23&toDate=2026-06-23'))[0]).toBe(200)
})

const NAMES = ['postId', 'accountId', 'platform', 'fromDate', 'toDate', 'refresh', 'page', 'limit']
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer().map(String),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.stringMatching(
    /^[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2}))?$/,
  ),
  fc.constantFrom('true', '0', 'x', 'acc_8f2c1d', '2026-06-23', '%', '%00', '%zz', '\0', '[]'),
)
const query = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), fc.string()), value), {
  maxLength: 5,
})

test('no query is answered with anything but JSON in the envelope', async () => {
  const environment = { WEIR_RATE_DRAVO_PER_MINUTE: '1000000' }
  await using gateway = await startGateway({ environment })
  const ask = async (path: string, given: [string, string][], isRaw: boolean) => {
    const text = isRaw
      ? given.map((pair) => pair.join('=')).join('&')
      : `${new URLSearchParams(given.map(([name, each]) => [name, each.toWellFormed()]))}`
    const response = await gateway.rest(`${path}?${text}`)
    const body = (await response.json()) as object
    expect([200, 422]).toContain(response.status)
    expect(Object.keys(body)).toEqual(response.status === 422 ? ['detail'] : expect.any(Array))
  }
  const path = fc.constantFrom(ACCOUNTS_PATH, POSTS_PATH)
  await fc.assert(fc.asyncProperty(path, query, fc.boolean(), ask), { numRuns: 400 })
}, 60_000)

test('another workspace’s ids are answered like unknown ones', async () => {
  await using gateway = await startGateway()
  await fill(gateway, [...POSTS, ...ACCOUNTS.slice(1, 2)])
  await addWorkspace(gateway.db, 'ws_other', NOW)
  const headers = {
    authorization: `Bearer ${await gateway.keyWith(['analytics:read'], 'ws_other')}`,
  }
  const text = async (search: string) => (await gateway.rest(search, { headers })).text()
  for (const [path, name, theirs] of [
    [ACCOUNTS_PATH, 'accountId', 'acc_8f2c1d'],
    [POSTS_PATH, 'accountId', 'acc_8f2c1d'],
    [POSTS_PATH, 'postId', 'post_2a7f93'],
    [POSTS_PATH, 'postId', '18000000000000000'],
  ]) {
    expect(await text(`${path}?${name}=${theirs}`)).toBe(await text(`${path}?${name}=nowhere`))
  }
})
