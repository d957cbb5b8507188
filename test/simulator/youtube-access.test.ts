import { expect, test } from 'vitest'
import { at, form, NOW, type Platforms, planFor, type Said, startPlatforms } from './platforms.ts'

const OWN = '/youtube/v3/channels?part=statistics&mine=true'
const REPORT = '/v2/reports?ids=channel==MINE&startDate=2020-01-01&endDate=2026-11-20&metrics=views'
const OAUTH = { prefix: 'youtube-oauth', as: null }
const ANALYTICS = { prefix: 'youtube-analytics' }

const reasonOf = (answer: Said) => [answer.status, at(answer, 'error', 'errors', 0, 'reason')]

function exchange({ ask, simulator }: Platforms, fields: Record<string, string>) {
  const { id: client_id, secret: client_secret } = simulator.client
  return ask('/token', { ...form({ client_id, client_secret, ...fields }), ...OAUTH })
}

const refreshed = (platforms: Platforms, refresh_token: string) =>
  exchange(platforms, { grant_type: 'refresh_token', refresh_token })

test('a refresh token is good again and again, and no new one comes with it', async () => {
  await using platforms = await startPlatforms([planFor('youtube')])
  const { refreshToken, scopes } = platforms.simulator.tokensOf(platforms.account())
  for (let time = 0; time < 2; time += 1) {
    const answer = await refreshed(platforms, refreshToken ?? '')
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^ya29\./),
      expires_in: 3599,
      scope: scopes.join(' '),
      token_type: 'Bearer',
    })
    const token = `${at(answer, 'access_token')}`
    expect((await platforms.ask(OWN, { token })).status).toBe(200)
  }
})

test('a code brings both tokens, once, for as many scopes as were ticked', async () => {
  await using platforms = await startPlatforms([planFor('youtube')])
  const scopes = ['https://www.googleapis.com/auth/youtube.readonly']
  const code = platforms.simulator.codeFor(platforms.account(), { scopes })
  const fields = { grant_type: 'authorization_code', code, redirect_uri: 'https://app.example/' }
  const answer = await exchange(platforms, fields)
  expect(answer.body).toMatchObject({
    refresh_token: expect.stringMatching(/^1\/\//),
    scope: scopes.join(' '),
  })
  const token = `${at(answer, 'access_token')}`
  expect((await platforms.ask(OWN, { token })).status).toBe(200)
  const report = await platforms.ask(REPORT, { token, ...ANALYTICS })
  expect(reasonOf(report)).toEqual([403, 'insufficientPermissions'])
  expect(at(report, 'error', 'details', 0, 'reason')).toBe('ACCESS_TOKEN_SCOPE_INSUFFICIENT')
  expect(at(await exchange(platforms, fields), 'error')).toBe('invalid_grant')
})

test('a dead refresh token, a wrong client and missing fields are told apart', async () => {
  await using platforms = await startPlatforms([planFor('youtube')])
  const { refreshToken } = platforms.simulator.tokensOf(platforms.account())
  await platforms.ask(`/revoke?token=${encodeURIComponent(refreshToken ?? '')}`, {
    ...{ method: 'POST', ...OAUTH },
  })
  const answers = [
    await refreshed(platforms, refreshToken ?? ''),
    await exchange(platforms, { grant_type: 'refresh_token' }),
    await exchange(platforms, { grant_type: 'password' }),
    await exchange(platforms, { grant_type: 'refresh_token', client_secret: 'no' }),
  ]
  expect(answers.map((answer) => [answer.status, at(answer, 'error')])).toEqual([
    [400, 'invalid_grant'],
    [400, 'invalid_request'],
    [400, 'unsupported_grant_type'],
    [401, 'invalid_client'],
  ])
})

test('an access token lives for 3599 seconds; wrong and missing ones are told apart', async () => {
  await using platforms = await startPlatforms([planFor('youtube')])
  const { accessToken: token } = platforms.simulator.tokensOf(platforms.account())
  platforms.clock.now = new Date(NOW.getTime() + 3_599_000)
  expect(reasonOf(await platforms.ask(OWN, { token }))).toEqual([401, 'authError'])
  expect(reasonOf(await platforms.ask(OWN, { token: 'ya29.no' }))).toEqual([401, 'authError'])
  expect(reasonOf(await platforms.ask(OWN, { as: null }))).toEqual([401, 'required'])
})

test.each([
  [{ kind: 'refused', reason: 'youtubeSignupRequired' }, 401, 'youtubeSignupRequired'],
  [{ kind: 'refused', reason: 'accessNotConfigured' }, 403, 'accessNotConfigured'],
  [{ kind: 'refused', reason: 'forbidden' }, 403, 'forbidden'],
  [{ kind: 'unavailable' }, 503, 'backendError'],
  [{ kind: 'revoked_token' }, 401, 'authError'],
  [{ kind: 'rate_limited', until: new Date(NOW.getTime() + 60_000) }, 429, 'rateLimitExceeded'],
  [{ kind: 'rate_limited', until: new Date('2026-11-21T08:00:00Z') }, 403, 'quotaExceeded'],
] as const)('%j is status %i, %s', async (fault, status, reason) => {
  await using platforms = await startPlatforms([planFor('youtube')])
  platforms.simulator.faults.add({ platform: 'youtube', times: 1, fault })
  expect(reasonOf(await platforms.ask(OWN))).toEqual([status, reason])
  expect((await platforms.ask(OWN)).status).toBe(200)
})
