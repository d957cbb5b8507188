import { expect, test } from 'vitest'
import { at, DAY_MS, form, NOW, type Platforms, planFor, startPlatforms } from './platforms.ts'

const RENEW = '/refresh_access_token?grant_type=ig_refresh_token'

function consent({ ask, simulator, account }: Platforms, code?: string) {
  const fields = {
    client_id: simulator.client.id,
    client_secret: simulator.client.secret,
    grant_type: 'authorization_code',
    redirect_uri: 'https://app.example/',
    code: code ?? simulator.codeFor(account()),
  }
  return ask('/oauth/access_token', { ...form(fields), as: null })
}

test('a code becomes a token of an hour, and that one of sixty days', async () => {
  await using platforms = await startPlatforms([planFor('instagram')])
  const short = await consent(platforms, `${platforms.simulator.codeFor(platforms.account())}#_`)
  expect(at(short, 'data', 0)).toMatchObject({
    user_id: '27841400000000123',
    permissions: 'instagram_business_basic,instagram_business_manage_insights',
  })
  const token = `${at(short, 'data', 0, 'access_token')}`
  const { secret } = platforms.simulator.client
  const path = `/access_token?grant_type=ig_exchange_token&client_secret=${secret}`
  const long = await platforms.ask(path, { token })
  expect(long.body).toMatchObject({ token_type: 'bearer', expires_in: 5_183_944 })
  platforms.clock.now = new Date(NOW.getTime() + 59 * DAY_MS)
  expect(at(await platforms.ask('/v25.0/me', { token }), 'error', 'error_subcode')).toBe(463)
  const kept = `${at(long, 'access_token')}`
  expect((await platforms.ask('/v25.0/me', { token: kept })).status).toBe(200)
})

test('a code is good once, and a wrong one is refused in an envelope of its own', async () => {
  await using platforms = await startPlatforms([planFor('instagram')])
  const code = platforms.simulator.codeFor(platforms.account())
  expect((await consent(platforms, code)).status).toBe(200)
  const again = await consent(platforms, code)
  expect(again.body).toEqual({
    error_type: 'OAuthException',
    code: 400,
    error_message: expect.any(String),
  })
})

test('the ids of a consent can come as bare numbers', async () => {
  await using platforms = await startPlatforms([planFor('instagram')])
  platforms.simulator.faults.add({ platform: 'instagram', fault: { kind: 'unquoted_ids' } })
  expect((await consent(platforms)).text).toContain('"user_id":27841400000000123,')
})

test('a token is renewed between its second day and its last', async () => {
  await using platforms = await startPlatforms([planFor('instagram')])
  const { accessToken: token } = platforms.simulator.tokensOf(platforms.account())
  const young = await platforms.ask(RENEW, { token })
  expect([young.status, at(young, 'error', 'code')]).toEqual([400, 100])
  platforms.clock.now = new Date(NOW.getTime() + DAY_MS)
  const renewed = await platforms.ask(RENEW, { token })
  expect(renewed.body).toMatchObject({ expires_in: 5_183_944 })
  expect(at(renewed, 'access_token')).not.toBe(token)
  platforms.clock.now = new Date(NOW.getTime() + 60 * DAY_MS)
  const dead = await platforms.ask(RENEW, { token })
  expect(at(dead, 'error', 'error_subcode')).toBe(463)
  const fresh = `${at(renewed, 'access_token')}`
  expect((await platforms.ask('/v25.0/me', { token: fresh })).status).toBe(200)
})

test('a token travels in the query as well as in a header', async () => {
  await using platforms = await startPlatforms([planFor('instagram')])
  const { accessToken } = platforms.simulator.tokensOf(platforms.account())
  const answer = await platforms.ask(`/v25.0/me?access_token=${accessToken}`, { as: null })
  expect(answer.status).toBe(200)
})

test.each([
  ['password_changed', 190, 460],
  ['checkpointed', 190, 459],
  ['lost_role', 190, 492],
  ['session_invalid', 102, undefined],
  ['app_limit', 4, undefined],
  ['user_limit', 17, undefined],
  ['blocked', 368, undefined],
  ['bad_proof', 104, undefined],
])('the platform can be made to refuse for %s', async (reason, code, subcode) => {
  await using platforms = await startPlatforms([planFor('instagram')])
  platforms.simulator.faults.add({ platform: 'instagram', fault: { kind: 'refused', reason } })
  const refused = await platforms.ask('/v25.0/me')
  expect(refused.status).toBe(400)
  expect(at(refused, 'error', 'code')).toBe(code)
  expect(at(refused, 'error', 'error_subcode')).toBe(subcode)
})
