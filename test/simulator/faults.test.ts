import { describe, expect, test } from 'vitest'
import { at, idsAt, idsOf, json, NOW, planFor, startPlatforms } from './platforms.ts'

const PLATFORMS = ['x', 'tiktok', 'instagram'] as const
const READS = {
  x: '/2/users/me?user.fields=public_metrics',
  tiktok: '/v2/user/info/?fields=open_id,follower_count',
  instagram: '/v25.0/me?fields=user_id,followers_count',
}

test.each(PLATFORMS)('%s can be down as a whole, and comes back', async (platform) => {
  await using platforms = await startPlatforms([planFor(platform)])
  const restore = platforms.simulator.faults.add({ platform, fault: { kind: 'down' } })
  const { headers, status, text } = await platforms.ask(READS[platform])
  expect(status).toBe(503)
  expect(headers.get('content-type')).toContain('text/html')
  expect(text).toContain('<!DOCTYPE html>')
  restore()
  expect((await platforms.ask(READS[platform])).status).toBe(200)
})

test.each([
  ['x', 'unavailable', 503],
  ['x', 'revoked_token', 401],
  ['tiktok', 'unavailable', 500],
  ['tiktok', 'revoked_token', 401],
  ['instagram', 'unavailable', 500],
  ['instagram', 'revoked_token', 400],
  ['instagram', 'expired_token', 400],
] as const)(
  '%s answers %s with status %i, as often as it is told',
  async (platform, kind, status) => {
    await using platforms = await startPlatforms([planFor(platform)])
    platforms.simulator.faults.add({ platform, times: 2, fault: { kind } })
    const statuses = []
    for (let time = 0; time < 3; time += 1) {
      statuses.push((await platforms.ask(READS[platform])).status)
    }
    expect(statuses).toEqual([status, status, 200])
  },
)

test('a limit ends when it is told to, on the platforms’ own clock', async () => {
  await using platforms = await startPlatforms([planFor('x')])
  const until = new Date(NOW.getTime() + 90_000)
  platforms.simulator.faults.add({ platform: 'x', fault: { kind: 'rate_limited', until } })
  const limited = await platforms.ask(READS.x)
  expect(limited.status).toBe(429)
  expect(limited.headers.get('x-rate-limit-remaining')).toBe('0')
  expect(limited.headers.get('x-rate-limit-reset')).toBe(`${until.getTime() / 1000}`)
  platforms.clock.now = until
  expect((await platforms.ask(READS.x)).status).toBe(200)
})

describe('a fault can be meant for', () => {
  test('one account only', async () => {
    const accounts = [planFor('x'), planFor('x', { platformAccountId: '2', handle: 'other' })]
    await using platforms = await startPlatforms(accounts)
    platforms.simulator.faults.add({ platform: 'x', id: '2', fault: { kind: 'revoked_token' } })
    expect((await platforms.ask(READS.x)).status).toBe(200)
    expect((await platforms.ask(READS.x, { as: platforms.account(1) })).status).toBe(401)
  })

  test('one path, or paths of a pattern', async () => {
    await using platforms = await startPlatforms([planFor('x')])
    const { faults } = platforms.simulator
    const remove = faults.add({ platform: 'x', path: '/2/tweets', fault: { kind: 'down' } })
    expect((await platforms.ask(READS.x)).status).toBe(200)
    expect((await platforms.ask('/2/tweets?ids=1')).status).toBe(503)
    remove()
    faults.add({ platform: 'x', path: /users/, fault: { kind: 'down' } })
    expect((await platforms.ask(READS.x)).status).toBe(503)
    faults.clear()
    expect((await platforms.ask(READS.x)).status).toBe(200)
  })

  test.each(PLATFORMS)('one post of %s: it is gone', async (platform) => {
    await using platforms = await startPlatforms([planFor(platform)])
    const [first = '', second = ''] = idsOf(platforms)
    platforms.simulator.faults.add({ platform, id: first, fault: { kind: 'gone' } })
    if (platform === 'x') {
      const answer = await platforms.ask(`/2/tweets?ids=${first},${second}`)
      expect(idsAt(answer, 'data')).toEqual([second])
    } else if (platform === 'tiktok') {
      const filters = json({ filters: { video_ids: [first, second] } })
      const answer = await platforms.ask('/v2/video/query/?fields=id', filters)
      expect(idsAt(answer, 'data', 'videos')).toEqual([second])
    } else {
      expect(at(await platforms.ask(`/v25.0/${first}`), 'error', 'error_subcode')).toBe(33)
      expect((await platforms.ask(`/v25.0/${second}`)).status).toBe(200)
    }
  })

  test('a scope that is lost, or a metric that is absent or withdrawn', async () => {
    await using platforms = await startPlatforms([planFor('tiktok')])
    const { faults } = platforms.simulator
    const metric = 'follower_count'
    faults.add({ platform: 'tiktok', times: 1, fault: { kind: 'absent_metric', metric } })
    expect(at(await platforms.ask(READS.tiktok), 'data', 'user')).not.toHaveProperty(metric)
    faults.add({ platform: 'tiktok', times: 1, fault: { kind: 'retired_metric', metric } })
    expect(at(await platforms.ask(READS.tiktok), 'error', 'code')).toBe('invalid_params')
    const scope = 'user.info.stats'
    faults.add({ platform: 'tiktok', times: 1, fault: { kind: 'missing_scope', scope } })
    expect(at(await platforms.ask(READS.tiktok), 'error', 'code')).toBe('scope_not_authorized')
    expect((await platforms.ask(READS.tiktok)).status).toBe(200)
  })
})

describe('the connection', () => {
  test('can be reset, or stay silent for as long as the caller waits', async () => {
    await using platforms = await startPlatforms([planFor('x')])
    const { faults } = platforms.simulator
    faults.add({ platform: 'x', times: 1, fault: { kind: 'reset' } })
    await expect(platforms.ask(READS.x)).rejects.toThrow('fetch failed')
    faults.add({ platform: 'x', times: 1, fault: { kind: 'timeout' } })
    const signal = AbortSignal.timeout(100)
    await expect(platforms.ask(READS.x, { signal })).rejects.toThrow('aborted due to timeout')
    expect((await platforms.ask(READS.x)).status).toBe(200)
  })

  test('can close in the middle of an answer, and an answer can come late', async () => {
    await using platforms = await startPlatforms([planFor('x')])
    const { faults } = platforms.simulator
    faults.add({ platform: 'x', times: 1, fault: { kind: 'cut_off' } })
    await expect(platforms.ask(READS.x)).rejects.toThrow('terminated')
    faults.add({ platform: 'x', times: 1, fault: { kind: 'late', afterMs: 60 } })
    const before = performance.now()
    expect((await platforms.ask(READS.x)).status).toBe(200)
    expect(performance.now() - before).toBeGreaterThan(50)
  })
})

describe('the text of a good answer', () => {
  test('can be truncated, or a page for people', async () => {
    await using platforms = await startPlatforms([planFor('x')])
    const { faults } = platforms.simulator
    const good = await platforms.ask(READS.x)
    faults.add({ platform: 'x', times: 1, fault: { kind: 'truncated' } })
    const half = await platforms.ask(READS.x)
    expect([half.status, half.text]).toEqual([
      200,
      good.text.slice(0, Math.floor(good.text.length / 2)),
    ])
    faults.add({ platform: 'x', times: 1, fault: { kind: 'html' } })
    expect((await platforms.ask(READS.x)).text).toContain('<html>')
  })

  test('can hold words for numbers, and bare numbers for ids', async () => {
    await using platforms = await startPlatforms([planFor('x')])
    const { faults } = platforms.simulator
    faults.add({ platform: 'x', times: 1, fault: { kind: 'wrong_types' } })
    const spoilt = await platforms.ask(READS.x)
    expect(at(spoilt, 'data', 'public_metrics', 'followers_count')).toBe('many')
    faults.add({ platform: 'x', times: 1, fault: { kind: 'unquoted_ids' } })
    expect((await platforms.ask(READS.x)).text).toContain('"id":1700000000000000001,')
  })

  test('can be anything at all', async () => {
    await using platforms = await startPlatforms([planFor('x')])
    const fault = { kind: 'answer', status: 418, headers: { 'x-odd': '1' }, body: 'tea' } as const
    platforms.simulator.faults.add({ platform: 'x', times: 1, fault })
    const odd = await platforms.ask(READS.x)
    expect([odd.status, odd.headers.get('x-odd'), odd.text]).toEqual([418, '1', 'tea'])
  })
})

test.each([
  ['x', '/2/users/1700000000000000001/tweets?max_results=5', {}, ['meta', 'next_token']],
  ['tiktok', '/v2/video/list/?fields=id', json({}), ['data', 'has_more']],
  ['instagram', '/v25.0/me/media?limit=2', {}, ['paging', 'next']],
] as const)('a page of %s can be empty while more follow', async (platform, path, init, more) => {
  await using platforms = await startPlatforms([planFor(platform, { publications: 9 })])
  const { faults } = platforms.simulator
  faults.add({ platform, times: 1, fault: { kind: 'empty_page' } })
  const empty = await platforms.ask(path, init)
  expect(at(empty, ...more)).toBeTruthy()
  expect(empty.text).not.toMatch(/"id":/)
  expect((await platforms.ask(path, init)).text).toMatch(/"id":/)
})
