import { describe, expect, test } from 'vitest'
import { at, form, NOW, type Platforms, planFor, startPlatforms } from './platforms.ts'

const REFRESH = 'refresh_token'

function exchange(platforms: Platforms, fields: Record<string, string>, secret?: string) {
  const { id, secret: own } = platforms.simulator.client
  const basic = Buffer.from(`${id}:${secret ?? own}`).toString('base64')
  const headers = { authorization: `Basic ${basic}` }
  return platforms.ask('/2/oauth2/token', { ...form(fields), headers, as: null })
}

describe('tokens', () => {
  test('last two hours, and their end carries no rate-limit headers', async () => {
    await using platforms = await startPlatforms([planFor('x')])
    const { accessToken: token } = platforms.simulator.tokensOf(platforms.account())
    const good = await platforms.ask('/2/users/me', { token })
    expect(good.headers.get('x-rate-limit-limit')).toBe('75')
    platforms.clock.now = new Date(NOW.getTime() + 7_200_000)
    const { body, headers, status } = await platforms.ask('/2/users/me', { token })
    expect(status).toBe(401)
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: 'Unauthorized',
    })
    expect(headers.get('x-rate-limit-limit')).toBeNull()
  })

  test('are exchanged once: the refresh token rotates and the old one is dead', async () => {
    await using platforms = await startPlatforms([planFor('x')])
    const { refreshToken } = platforms.simulator.tokensOf(platforms.account())
    const fields = { grant_type: REFRESH, refresh_token: `${refreshToken}` }
    const first = await exchange(platforms, fields)
    expect(first.body).toMatchObject({
      token_type: 'bearer',
      expires_in: 7200,
      scope: 'tweet.read users.read offline.access',
    })
    expect(at(first, REFRESH)).not.toBe(refreshToken)
    const again = await exchange(platforms, fields)
    expect(again.status).toBe(400)
    expect(again.body).toEqual({
      error: 'invalid_request',
      error_description: 'Value passed for the token was invalid.',
    })
    const next = await exchange(platforms, { ...fields, refresh_token: `${at(first, REFRESH)}` })
    const token = `${at(next, 'access_token')}`
    expect((await platforms.ask('/2/users/me', { token })).status).toBe(200)
  })

  test('of an earlier run of the same seed are good in the next one', async () => {
    await using before = await startPlatforms([planFor('x')])
    const { accessToken: token } = before.simulator.tokensOf(before.account())
    await using after = await startPlatforms([planFor('x')])
    expect((await after.ask('/2/users/me', { token })).status).toBe(200)
    expect((await after.ask('/2/users/me', { token: `${token}x` })).status).toBe(401)
  })

  test('need the application’s own credentials, and the scope for staying', async () => {
    await using platforms = await startPlatforms([planFor('x')])
    const scopes = ['tweet.read', 'users.read']
    const account = platforms.account()
    expect(platforms.simulator.tokensOf(account, { scopes }).refreshToken).toBeNull()
    const { refreshToken } = platforms.simulator.tokensOf(account)
    const fields = { grant_type: REFRESH, refresh_token: `${refreshToken}` }
    const { body, status } = await exchange(platforms, fields, 'wrong')
    expect(status).toBe(401)
    expect(body).toMatchObject({ error: 'unauthorized_client' })
  })

  test('come for a code, and go when they are revoked', async () => {
    await using platforms = await startPlatforms([planFor('x')])
    const code = platforms.simulator.codeFor(platforms.account())
    const callback = { redirect_uri: 'https://app.example/', code_verifier: 'v' }
    const fields = { grant_type: 'authorization_code', code, ...callback }
    const token = `${at(await exchange(platforms, fields), 'access_token')}`
    expect((await platforms.ask('/2/users/me', { token })).status).toBe(200)
    const { id, secret } = platforms.simulator.client
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
    const init = { ...form({ token }), headers: { authorization }, as: null }
    expect((await platforms.ask('/2/oauth2/revoke', init)).body).toEqual({ revoked: true })
    expect((await platforms.ask('/2/users/me', { token })).status).toBe(401)
  })
})

test('calls are counted per user and path, and refused until the window ends', async () => {
  const accounts = [planFor('x'), planFor('x', { platformAccountId: '2', handle: 'other' })]
  await using platforms = await startPlatforms(accounts)
  for (let left = 74; left >= 0; left -= 1) {
    const { headers } = await platforms.ask('/2/users/me')
    expect(headers.get('x-rate-limit-remaining')).toBe(`${left}`)
  }
  const refused = await platforms.ask('/2/users/me')
  expect(refused.status).toBe(429)
  expect(at(refused, 'title')).toBe('Too Many Requests')
  const reset = Number(refused.headers.get('x-rate-limit-reset'))
  expect(reset).toBe(NOW.getTime() / 1000 + 900)
  expect((await platforms.ask('/2/users/me', { as: platforms.account(1) })).status).toBe(200)
  expect((await platforms.ask('/2/users/1700000000000000001')).status).toBe(200)
  platforms.clock.now = new Date(reset * 1000)
  expect((await platforms.ask('/2/users/me')).status).toBe(200)
})

test('a path that does not exist is 404 without a body', async () => {
  await using platforms = await startPlatforms([planFor('x')])
  for (const path of ['/2/nothing', '/2/tweets/', '/1.1/statuses']) {
    const { status, text } = await platforms.ask(path)
    expect([status, text]).toEqual([404, ''])
  }
})

test.each([
  ['credits_depleted', 402, { title: 'CreditsDepleted' }],
  ['spend_cap', 403, { title: 'SpendCapReached', reset_date: '2026-12-01' }],
  ['usage_capped', 429, { title: 'UsageCapExceeded', period: 'Monthly' }],
  ['not_enrolled', 403, { reason: 'client-not-enrolled' }],
  ['not_permitted', 403, { type: 'about:blank' }],
  ['account_locked', 403, { detail: expect.stringContaining('locked') }],
])('the platform can be made to refuse for %s', async (reason, status, body) => {
  await using platforms = await startPlatforms([planFor('x')])
  platforms.simulator.faults.add({ platform: 'x', times: 1, fault: { kind: 'refused', reason } })
  const refused = await platforms.ask('/2/users/me')
  expect(refused.status).toBe(status)
  expect(refused.body).toMatchObject(body)
  expect(refused.headers.has('x-rate-limit-limit')).toBe(true)
  expect((await platforms.ask('/2/users/me')).status).toBe(200)
})

test('a scope that is missing forbids everything', async () => {
  await using platforms = await startPlatforms([planFor('x', { scopes: ['users.read'] })])
  expect((await platforms.ask('/2/users/me')).status).toBe(403)
})
