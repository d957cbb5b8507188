import { expect, test } from 'vitest'
import { publishIdOf } from '../../src/simulator/tiktok/publish.ts'
import { at, form, json, NOW, type Platforms, planFor, startPlatforms } from './platforms.ts'

function exchange({ ask, simulator }: Platforms, fields: Record<string, string>) {
  const client = { client_key: simulator.client.id, client_secret: simulator.client.secret }
  return ask('/v2/oauth/token/', { ...form({ ...client, ...fields }), as: null })
}

function refresh(platforms: Platforms, token: unknown) {
  return exchange(platforms, { grant_type: 'refresh_token', refresh_token: `${token}` })
}

test('refreshing gives a new pair, flat and with its lifetimes, and kills the old token', async () => {
  await using platforms = await startPlatforms([planFor('tiktok')])
  const { refreshToken, scopes } = platforms.simulator.tokensOf(platforms.account())
  const first = await refresh(platforms, refreshToken)
  expect(first.body).toEqual({
    access_token: expect.stringMatching(/^act\./),
    expires_in: 7200,
    open_id: platforms.account().platformAccountId,
    refresh_token: expect.stringMatching(/^rft\./),
    refresh_expires_in: 15_552_000,
    scope: scopes.join(','),
    token_type: 'Bearer',
  })
  const again = await refresh(platforms, refreshToken)
  expect(again.status).toBe(400)
  expect(again.body).toMatchObject({ error: 'invalid_grant', log_id: expect.any(String) })
  expect((await refresh(platforms, at(first, 'refresh_token'))).status).toBe(200)
})

test('tokens can be made to last, with a refresh token that stays', async () => {
  const switches = { tiktokTokens: 'lasting' } as const
  await using platforms = await startPlatforms([planFor('tiktok')], { switches })
  const { refreshToken } = platforms.simulator.tokensOf(platforms.account())
  for (let time = 0; time < 2; time += 1) {
    const { body } = await refresh(platforms, refreshToken)
    expect(body).toMatchObject({ expires_in: 86_400, refresh_token: refreshToken })
  }
})

test('a refresh token is dead after 180 days', async () => {
  await using platforms = await startPlatforms([planFor('tiktok')])
  const { refreshToken } = platforms.simulator.tokensOf(platforms.account())
  platforms.clock.now = new Date(NOW.getTime() + 15_552_000_000)
  expect(at(await refresh(platforms, refreshToken), 'error')).toBe('invalid_grant')
})

test('a consent to fewer scopes shows in the answer', async () => {
  await using platforms = await startPlatforms([planFor('tiktok')])
  const scopes = ['user.info.basic', 'video.list']
  const code = platforms.simulator.codeFor(platforms.account(), { scopes })
  const fields = { grant_type: 'authorization_code', code, redirect_uri: 'https://app.example/' }
  const answer = await exchange(platforms, fields)
  expect(at(answer, 'scope')).toBe('user.info.basic,video.list')
  const token = `${at(answer, 'access_token')}`
  const stats = await platforms.ask('/v2/user/info/?fields=follower_count', { token })
  expect(at(stats, 'error', 'code')).toBe('scope_not_authorized')
})

test('a wrong secret, an unknown grant and missing parameters have words of their own', async () => {
  await using platforms = await startPlatforms([planFor('tiktok')])
  const errors = [
    await exchange(platforms, {
      grant_type: 'refresh_token',
      refresh_token: 'x',
      client_secret: 'no',
    }),
    await exchange(platforms, { grant_type: 'password' }),
    await exchange(platforms, { grant_type: 'refresh_token' }),
    await platforms.ask('/v2/oauth/token/', json({})),
  ]
  expect(errors.map((answer) => at(answer, 'error'))).toEqual([
    'invalid_client',
    'unsupported_grant_type',
    ...['invalid_request', 'invalid_request'],
  ])
})

test('a revoked token is dead', async () => {
  await using platforms = await startPlatforms([planFor('tiktok')])
  const { accessToken: token } = platforms.simulator.tokensOf(platforms.account())
  const { id: client_key, secret: client_secret } = platforms.simulator.client
  await platforms.ask('/v2/oauth/revoke/', form({ client_key, client_secret, token }))
  expect((await platforms.ask('/v2/user/info/?fields=open_id', { token })).status).toBe(401)
})

test('a publish id leads to a video id, once moderation is over, as a bare number', async () => {
  const scopes = ['video.publish']
  await using platforms = await startPlatforms([planFor('tiktok', { scopes, newestAt: NOW })])
  const { clock, world } = platforms
  const [video] = world.publications(platforms.account(), NOW)
  const publish_id = publishIdOf(video ?? expect.fail('no video'))
  const states: string[] = []
  for (const second of [0, 60, 120]) {
    clock.now = new Date(NOW.getTime() + second * 1000)
    const { text } = await platforms.ask('/v2/post/publish/status/fetch/', json({ publish_id }))
    states.push(
      /"status":"(\w+)","publicaly_available_post_id":\[(.*?)\]/.exec(text)?.slice(1).join() ?? '',
    )
  }
  expect(states).toEqual([
    'PROCESSING_DOWNLOAD,',
    'PUBLISH_COMPLETE,',
    `PUBLISH_COMPLETE,${video?.platformPostId}`,
  ])
})
