import { expect, test } from 'vitest'
import { pick } from '../../src/simulator/numbers.ts'
import { at, NOW, planFor, startPlatforms } from './platforms.ts'

const STATS = 'fields=follower_count,following_count,likes_count,video_count'

test('the account has the selected fields, in an envelope that says ok', async () => {
  await using platforms = await startPlatforms([planFor('tiktok')])
  const { body, status } = await platforms.ask(`/v2/user/info/?${STATS},open_id`)
  expect(status).toBe(200)
  const names = STATS.replace('fields=', '').split(',')
  const numbers = pick(platforms.world.accountNumbers(platforms.account(), NOW), names)
  expect(body).toEqual({
    data: { user: { open_id: platforms.account().platformAccountId, ...numbers } },
    error: { code: 'ok', message: '', log_id: expect.stringMatching(/^20261120120000/) },
  })
})

test('a path without its slash, and a call without fields or with an unknown one, are refused', async () => {
  await using platforms = await startPlatforms([planFor('tiktok')])
  expect((await platforms.ask(`/v2/user/info?${STATS}`)).status).toBe(404)
  for (const path of ['/v2/user/info/', '/v2/user/info/?fields=', '/v2/user/info/?fields=likes']) {
    const refused = await platforms.ask(path)
    expect([refused.status, at(refused, 'error', 'code')]).toEqual([400, 'invalid_params'])
  }
})

test.each([
  [['user.info.basic', 'user.info.profile'], STATS, 401, 'scope_not_authorized'],
  [['user.info.basic', 'user.info.stats'], 'fields=username', 400, 'scope_permission_missed'],
])(
  'one field without its scope fails the whole call (%j)',
  async (scopes, fields, status, code) => {
    await using platforms = await startPlatforms([planFor('tiktok', { scopes })])
    const refused = await platforms.ask(`/v2/user/info/?${fields},open_id`)
    expect([refused.status, at(refused, 'error', 'code')]).toEqual([status, code])
    expect((await platforms.ask('/v2/user/info/?fields=open_id,display_name')).status).toBe(200)
  },
)

test('a token that is wrong, or whose two hours are over, is invalid', async () => {
  await using platforms = await startPlatforms([planFor('tiktok')])
  const { accessToken } = platforms.simulator.tokensOf(platforms.account())
  expect(accessToken).toMatch(/^act\./)
  platforms.clock.now = new Date(NOW.getTime() + 7_200_000)
  for (const token of [accessToken, 'act.nothing']) {
    const refused = await platforms.ask(`/v2/user/info/?${STATS}`, { token })
    expect([refused.status, at(refused, 'error', 'code')]).toEqual([401, 'access_token_invalid'])
  }
})

test('errors can be made to come with status 200', async () => {
  const switches = { tiktokStatus: 'always_200' } as const
  await using platforms = await startPlatforms([planFor('tiktok')], { switches })
  const refused = await platforms.ask('/v2/user/info/?fields=nothing')
  expect([refused.status, at(refused, 'error', 'code')]).toEqual([200, 'invalid_params'])
})

test('600 calls a minute are let in for the whole application, on each path', async () => {
  const accounts = [planFor('tiktok'), planFor('tiktok', { platformAccountId: '2' })]
  await using platforms = await startPlatforms(accounts)
  const path = `/v2/user/info/?${STATS}`
  const batch = () =>
    Promise.all(
      Array.from({ length: 600 }, (_, n) => platforms.ask(path, { as: platforms.account(n % 2) })),
    )
  expect(new Set((await batch()).map(({ status }) => status))).toEqual(new Set([200]))
  const refused = await platforms.ask(path)
  expect([refused.status, at(refused, 'error', 'code')]).toEqual([429, 'rate_limit_exceeded'])
  const init = { method: 'POST' }
  expect((await platforms.ask('/v2/video/list/?fields=id', init)).status).toBe(200)
  platforms.clock.now = new Date(NOW.getTime() + 60_000)
  expect((await platforms.ask(path)).status).toBe(200)
})
