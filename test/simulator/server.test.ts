import { expect, test } from 'vitest'
import { startSimulator } from '../../src/simulator/server.ts'
import { createWorld } from '../../src/simulator/world.ts'
import { at, idsOf, json, listAt, NOW, planFor, startPlatforms } from './platforms.ts'

const control = async (url: string, path: string, init?: RequestInit) => {
  const response = await fetch(`${url}${path}`, init)
  return { status: response.status, body: await response.json() }
}

test('the base URLs stand under the variables that take them', async () => {
  await using platforms = await startPlatforms()
  const { origins, url } = platforms.simulator
  expect(origins).toEqual({
    WEIR_X_API_URL: `${url}/x`,
    WEIR_TIKTOK_API_URL: `${url}/tiktok`,
    WEIR_INSTAGRAM_API_URL: `${url}/instagram`,
    WEIR_FACEBOOK_API_URL: `${url}/facebook`,
    WEIR_LINKEDIN_API_URL: `${url}/linkedin`,
    WEIR_LINKEDIN_OAUTH_URL: `${url}/linkedin-oauth`,
    WEIR_YOUTUBE_API_URL: `${url}/youtube`,
    WEIR_YOUTUBE_ANALYTICS_URL: `${url}/youtube-analytics`,
    WEIR_YOUTUBE_OAUTH_URL: `${url}/youtube-oauth`,
  })
  expect((await fetch(`${url}/elsewhere`)).status).toBe(404)
})

test('the same seed at the same time answers the same bytes on every run', async () => {
  const paths = [
    ['/2/users/me?user.fields=public_metrics', 0, 'x', {}],
    ['/2/users/1483920117645213697/tweets?tweet.fields=public_metrics,created_at', 0, 'x', {}],
    ['/v2/video/list/?fields=id,view_count,share_url', 1, 'tiktok', json({ max_count: 20 })],
    ['/v25.0/me/media?fields=id,caption,like_count&limit=100', 2, 'instagram', {}],
    ['/youtube/v3/channels?part=snippet,statistics&mine=true', 4, 'youtube', {}],
  ] as const
  const texts = async () => {
    await using platforms = await startPlatforms()
    const answers = paths.map(([path, place, prefix, init]) =>
      platforms.ask(path, { ...init, prefix, as: platforms.account(place) }),
    )
    return (await Promise.all(answers)).map(({ text }) => text)
  }
  const [first, second] = [await texts(), await texts()]
  expect(first).toEqual(second)
  expect(first?.every((text) => text.length > 100)).toBe(true)
})

test('every call is counted, with the ids it names and the account it is made for', async () => {
  await using platforms = await startPlatforms([
    planFor('x'),
    planFor('tiktok'),
    planFor('instagram'),
  ])
  const { calls } = platforms.simulator
  const ids = idsOf(platforms)
  await platforms.ask(`/2/tweets?ids=${ids.join(',')}`)
  await platforms.ask(`/2/tweets/${ids[0]}`)
  const tiktok = platforms.account(1)
  const videos = idsOf(platforms, 1).slice(0, 2)
  const filters = json({ filters: { video_ids: videos } })
  await platforms.ask('/v2/video/query/?fields=id', { ...filters, as: tiktok })
  const [media = ''] = idsOf(platforms, 2)
  await platforms.ask(`/v25.0/${media}/insights?metric=views`, { as: platforms.account(2) })
  expect(calls.count()).toBe(4)
  expect(calls.count({ platform: 'x', path: '/2/tweets' })).toBe(1)
  expect(calls.count({ path: /tweets/ })).toBe(2)
  expect(calls.ids({ platform: 'x' })).toEqual([...ids, ids[0]])
  expect(calls.ids({ accountId: tiktok.platformAccountId })).toEqual(videos)
  expect(calls.list({ platform: 'instagram' })).toEqual([
    {
      ...{ at: NOW, platform: 'instagram', method: 'GET', path: `/v25.0/${media}/insights` },
      ...{ ids: [media], accountId: '17841400000000123', status: 200 },
    },
  ])
  calls.clear()
  expect(calls.count()).toBe(0)
})

test('the log of calls holds no token, wherever it travelled', async () => {
  await using platforms = await startPlatforms([planFor('instagram')])
  const { accessToken } = platforms.simulator.tokensOf(platforms.account())
  await platforms.ask(`/v25.0/me?access_token=${accessToken}`, { as: null })
  const logged = JSON.stringify(platforms.simulator.calls.list())
  expect(logged).not.toContain(accessToken.slice(10))
  expect(logged).toContain('17841400000000123')
})

test('another process scripts faults, reads calls and turns switches', async () => {
  await using platforms = await startPlatforms([planFor('x')])
  const { url } = platforms.simulator
  const fault = { kind: 'rate_limited', until: '2026-11-20T12:15:00.000Z' }
  const rule = { platform: 'x', pathPattern: 'users', times: 1, fault }
  const added = await control(url, '/_faults', json(rule))
  expect(added).toEqual({ status: 201, body: { faults: [rule] } })
  expect((await platforms.ask('/2/users/me')).status).toBe(429)
  expect((await control(url, '/_faults')).body).toEqual({ faults: [] })
  await control(url, '/_faults', json({ platform: 'x', fault: { kind: 'down' } }))
  await control(url, '/_faults', { method: 'DELETE' })
  expect((await platforms.ask('/2/users/me')).status).toBe(200)
  const { body } = await control(url, '/_calls?platform=x&path=/2/users/me')
  expect(body).toMatchObject({ count: 2, calls: [{ status: 429 }, { status: 200 }] })
  const patch = { method: 'PATCH', body: JSON.stringify({ xVocabulary: 'new_only' }) }
  await control(url, '/_switches', patch)
  expect(platforms.simulator.switches.xVocabulary).toBe('new_only')
})

test('a script that fits nothing is refused with the reason', async () => {
  await using platforms = await startPlatforms([planFor('x')])
  const { url } = platforms.simulator
  const wrong = [json({ platform: 'x', fault: { kind: 'odd' } }), { method: 'POST', body: '{' }]
  for (const init of wrong) {
    const { body, status } = await control(url, '/_faults', init)
    expect(status).toBe(400)
    expect(body).toEqual({ error: expect.any(String) })
  }
})

test('another process finds the accounts, with tokens that work', async () => {
  await using platforms = await startPlatforms()
  const { body } = await control(platforms.simulator.url, '/_accounts')
  expect(body.accounts).toHaveLength(platforms.world.accounts.length)
  const token = body.accounts[0].access_token
  expect((await platforms.ask('/2/users/me', { token })).status).toBe(200)
})

test.each([{ kind: 'timeout' }, { kind: 'late', afterMs: 600_000 }] as const)(
  'closing breaks what is open after $kind, so nothing keeps a process alive',
  async (fault) => {
    const now = () => NOW
    const simulator = await startSimulator({ world: createWorld({ seed: 1 }), port: 0, now })
    simulator.faults.add({ platform: 'x', fault })
    const waiting = fetch(`${simulator.url}/x/2/users/me`)
    const broken = expect(waiting).rejects.toThrow()
    await expect.poll(() => simulator.calls.count()).toBe(1)
    await simulator.close()
    await broken
  },
)

test('a request that is too large is the caller’s fault, and is answered', async () => {
  await using platforms = await startPlatforms([planFor('tiktok')])
  const body = 'a'.repeat(1_100_000)
  const answer = await platforms.ask('/v2/oauth/token/', { method: 'POST', body })
  expect(answer.status).toBe(413)
})

test('limits can be switched off', async () => {
  await using platforms = await startPlatforms([planFor('x')], { switches: { limits: 'off' } })
  const all = Array.from({ length: 80 }, () => platforms.ask('/2/users/me'))
  expect((await Promise.all(all)).every((answer) => answer.status === 200)).toBe(true)
  expect(listAt(await platforms.ask('/2/users/me'), 'errors')).toEqual([])
  expect(at(await platforms.ask('/2/users/me'), 'data', 'username')).toBe('acme')
})
