import { expect, test } from 'vitest'
import { beginningOf } from '../../../src/rest/unipost/shapes.ts'
import type { Fault } from '../../../src/simulator/faults.ts'
import { type Gateway, NOW, WORKSPACE } from '../../support/gateway.ts'
import { connect, pathOf, withDocumented } from './connected.ts'

const PATH = pathOf('sa_twitter_1')
const ONCE = { WEIR_UPSTREAM_ATTEMPTS_MAX: '1' }
const ZEROS = { follower_count: 0, following_count: 0, post_count: 0 }

async function ask(gateway: Gateway, path = PATH): Promise<[number, Record<string, unknown>]> {
  const response = await gateway.rest(path)
  return [response.status, (await response.json()) as Record<string, unknown>]
}

function strike(gateway: Gateway, fault: Fault): void {
  gateway.simulator.faults.add({ platform: 'x', fault })
}

const plain = (status: number, body: string): Fault => ({ kind: 'answer', status, body })

test.each<[number, Fault, unknown]>([
  [
    429,
    { kind: 'rate_limited', until: new Date(NOW.getTime() + 600_000) },
    expect.stringContaining('"title":"Too Many Requests"'),
  ],
  [401, { kind: 'revoked_token' }, expect.stringContaining('"title":"Unauthorized"')],
  [503, { kind: 'unavailable' }, expect.stringContaining('Over capacity')],
  [403, plain(403, 'Your access level does not do.'), 'Your access level does not do.'],
  [404, plain(404, '{"title":"Not Found"}'), '{"title":"Not Found"}'],
  [402, plain(402, ''), expect.stringContaining('402')],
  [500, plain(500, '{"data":{"id":"1271505823917031424"}}'), expect.any(String)],
])('a platform that answers %d: zeros, and what it said', async (status, fault, said) => {
  await using gateway = await withDocumented({ environment: ONCE })
  strike(gateway, fault)
  const [code, answer] = await ask(gateway)
  const refused = { ...ZEROS, platform_specific: { upstream_status: status, upstream_error: said } }
  expect([code, answer]).toMatchObject([
    200,
    { ...refused, social_account_id: 'sa_twitter_1', platform: 'twitter', data: refused },
  ])
})

test('a platform that named a time is not asked before it, and the answer stays the same', async () => {
  await using gateway = await withDocumented()
  strike(gateway, { kind: 'rate_limited', until: new Date(NOW.getTime() + 600_000) })
  await ask(gateway)
  const calls = gateway.simulator.calls.count()
  expect(await ask(gateway)).toMatchObject([
    200,
    { ...ZEROS, platform_specific: { upstream_status: 429, upstream_error: expect.any(String) } },
  ])
  expect(gateway.simulator.calls.count()).toBe(calls)
})

test('what the platform said is cut at 2 KiB, and holds no credential', async () => {
  await using gateway = await withDocumented()
  const [account] = gateway.simulator.world.accounts.filter(({ platform }) => platform === 'x')
  if (!account) throw new Error('The world has no such account.')
  const { accessToken } = gateway.simulator.tokensOf(account)
  const unsaid = { refreshToken: null, tokenExpiresAt: null, scopes: null, handle: null }
  await gateway.app.commands.connectAccount(WORKSPACE, {
    ...{ platform: 'x', platformAccountId: account.platformAccountId, accessToken },
    ...{ ...unsaid, localId: null },
  })
  const { id } = await gateway.db
    .selectFrom('account')
    .select('id')
    .where('platform_account_id', '=', account.platformAccountId)
    .executeTakeFirstOrThrow()
  strike(gateway, plain(403, `No ${accessToken}, Bearer ${accessToken}: ${'é'.repeat(2000)}`))
  const [, answer] = await ask(gateway, pathOf(id))
  const { upstream_error } = answer['platform_specific'] as { upstream_error: string }
  expect(upstream_error).not.toContain(accessToken)
  expect(upstream_error).toMatch(/^No \[redacted\], Bearer \[redacted\]: é+$/)
  expect(Buffer.byteLength(upstream_error)).toBeGreaterThan(2040)
  expect(Buffer.byteLength(upstream_error)).toBeLessThanOrEqual(2048)
})

test.each([
  ['é', 1, ''],
  ['aé', 2, 'a'],
  ['aé', 3, 'aé'],
  ['a👍', 4, 'a'],
  ['', 4, ''],
])('the beginning of %j in %d bytes is %j', (text, bytes, beginning) => {
  expect(beginningOf(text, bytes)).toBe(beginning)
})

test.each<[string, Fault]>([
  ['closes the connection', { kind: 'reset' }],
  ['does not answer in time', { kind: 'timeout' }],
  ['breaks off', { kind: 'cut_off' }],
  ['answers 200 with a page', { kind: 'html' }],
  ['answers 200 with half of it', { kind: 'truncated' }],
  ['answers 200 with nothing', plain(200, '')],
  ['answers 200 without the account', plain(200, '{}')],
])('a platform that %s: 502', async (_, fault) => {
  const environment = { ...ONCE, WEIR_UPSTREAM_DEADLINE_MS: '300' }
  await using gateway = await withDocumented({ environment })
  strike(gateway, fault)
  const [status, body] = await ask(gateway)
  expect([status, body['error']]).toMatchObject([502, { code: 'UPSTREAM_ERROR' }])
})

test('nobody there: 502, and so as long as the platform is left alone', async () => {
  const environment = {
    ...{ ...ONCE, WEIR_X_API_URL: 'http://127.0.0.1:1', WEIR_UPSTREAM_CIRCUIT_FAILURES: '2' },
  }
  await using gateway = await withDocumented({ environment })
  for (const said of [/could not be reached/, /could not be reached/, /is left alone until/]) {
    expect(await ask(gateway)).toEqual([
      502,
      {
        error: {
          ...{ code: 'UPSTREAM_ERROR', normalized_code: 'upstream_error' },
          message: expect.stringMatching(said),
        },
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    ])
  }
})

async function refusalOf(gateway: Gateway, path: string) {
  const [status, { error }] = await ask(gateway, path)
  return [status, error]
}

const DISCONNECTED = { code: 'ACCOUNT_DISCONNECTED', normalized_code: 'account_disconnected' }

test('an account whose access was refused must be connected again: 409', async () => {
  await using gateway = await withDocumented()
  strike(gateway, { kind: 'revoked_token' })
  expect((await ask(gateway))[0]).toBe(200)
  const calls = gateway.simulator.calls.count()
  const message = 'The account must be connected again.'
  expect(await refusalOf(gateway, PATH)).toEqual([409, { ...DISCONNECTED, message }])
  expect(gateway.simulator.calls.count()).toBe(calls)
})

test('a disconnected account: 409', async () => {
  await using gateway = await withDocumented()
  await gateway.app.commands.disconnectAccount(WORKSPACE, 'sa_twitter_1')
  const message = 'The account is not connected.'
  expect(await refusalOf(gateway, PATH)).toEqual([409, { ...DISCONNECTED, message }])
})

const UNSUPPORTED = { code: 'NOT_SUPPORTED', normalized_code: 'not_supported' }

test('accounts elsewhere have no metrics: 501, connected or not', async () => {
  await using gateway = await withDocumented()
  const expected = { ...UNSUPPORTED, message: expect.stringMatching(/have no metrics here\.$/) }
  for (const platform of ['facebook', 'instagram', 'linkedin', 'youtube'] as const) {
    await connect(gateway, platform, { localId: platform })
    expect(await refusalOf(gateway, pathOf(platform))).toEqual([501, expected])
    await gateway.app.commands.disconnectAccount(WORKSPACE, platform)
    expect(await refusalOf(gateway, pathOf(platform))).toEqual([501, expected])
  }
  expect(gateway.simulator.calls.count()).toBe(0)
})

const SCOPES = ['user.info.basic', 'video.list']

test('an account on TikTok that did not grant its statistics: 501, whoever says so', async () => {
  await using gateway = await withDocumented()
  const message = 'TikTok accounts have metrics here once user.info.stats is granted.'
  await connect(gateway, 'tiktok', { localId: 'sa_tiktok_1', scopes: SCOPES })
  expect(await refusalOf(gateway, pathOf('sa_tiktok_1'))).toEqual([
    ...[501, { ...UNSUPPORTED, message }],
  ])
  expect(gateway.simulator.calls.count()).toBe(0)
  await gateway.db.updateTable('account').set({ scopes: null }).execute()
  expect(await refusalOf(gateway, pathOf('sa_tiktok_1'))).toEqual([
    ...[501, { ...UNSUPPORTED, message }],
  ])
  expect(gateway.simulator.calls.count()).toBeGreaterThan(0)
})
