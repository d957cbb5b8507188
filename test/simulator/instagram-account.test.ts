import { describe, expect, test } from 'vitest'
import { at, DAY_MS, listAt, NOW, planFor, type Said, startPlatforms } from './platforms.ts'

const ID = '17841400000000123'
const TOTALS = 'metric_type=total_value&period=day'

const codeOf = (answer: Said) => [
  answer.status,
  at(answer, 'error', 'code'),
  at(answer, 'error', 'error_subcode'),
]

const messageOf = (answer: Said) => `${at(answer, 'error', 'message')}`

test('a profile has the selected fields and its id; `me` is known to the application by another', async () => {
  await using platforms = await startPlatforms([planFor('instagram')])
  const numbers = platforms.world.accountNumbers(platforms.account(), NOW)
  const answer = await platforms.ask(`/v25.0/${ID}?fields=user_id,username,followers_count`)
  expect(answer.body).toEqual({
    user_id: ID,
    username: 'acme',
    followers_count: numbers['follower_count'],
    id: '27841400000000123',
  })
  expect((await platforms.ask('/v26.0/me')).body).toEqual({ id: '27841400000000123' })
  expect(codeOf(await platforms.ask('/v25.0/me?fields=follower_count'))).toEqual([
    400,
    100,
    undefined,
  ])
})

describe('insights', () => {
  test('are totals of a window, and those of neighbouring windows add up', async () => {
    await using platforms = await startPlatforms([planFor('instagram')])
    const until = Date.UTC(2026, 10, 20, 8) / 1000
    const total = async (since: number, to: number) => {
      const path = `/v25.0/${ID}/insights?metric=views,reach&${TOTALS}&since=${since}&until=${to}`
      const items = listAt(await platforms.ask(path), 'data')
      return items.map((item) => Number(Object(item['total_value'])['value']))
    }
    const [all, first, second] = [
      await total(until - 20 * 86_400, until),
      await total(until - 20 * 86_400, until - 10 * 86_400),
      await total(until - 10 * 86_400, until),
    ]
    const added = (place: number) => Number(first?.[place]) + Number(second?.[place])
    expect(all?.[0]).toBe(added(0))
    expect(all?.[1]).toBeLessThan(added(1))
  })

  test('of the 30 complete days before today are the world’s', async () => {
    await using platforms = await startPlatforms([planFor('instagram')])
    const until = Date.UTC(2026, 10, 20, 8) / 1000
    const window = `since=${until - 30 * 86_400}&until=${until}`
    const names = ['reach', 'views', 'accounts_engaged', 'profile_views', 'website_clicks']
    const answer = await platforms.ask(`/v25.0/me/insights?metric=${names}&${TOTALS}&${window}`)
    const found = listAt(answer, 'data').map(({ name, total_value }) => [
      name,
      Object(total_value).value,
    ])
    const numbers = platforms.world.accountNumbers(platforms.account(), NOW)
    expect(found).toEqual(names.map((name) => [name, numbers[name]]))
  })

  test('refuse a whole call for what it leaves out or asks too much of', async () => {
    await using platforms = await startPlatforms([planFor('instagram')])
    const now = NOW.getTime() / 1000
    const refused = async (query: string) => {
      const answer = await platforms.ask(`/v25.0/${ID}/insights?${query}`)
      expect(codeOf(answer)).toEqual([400, 100, undefined])
      return messageOf(answer)
    }
    expect(await refused('metric=views,profile_views&period=day')).toContain(
      'The following metrics (views,profile_views) should be specified with parameter metric_type=total_value',
    )
    expect(await refused(`metric=plays,views&${TOTALS}`)).toContain('metric[0] must be one of')
    expect(await refused(`metric=impressions&${TOTALS}`)).toContain('v22.0')
    const month = `since=${now - 31 * 86_400}&until=${now}`
    expect(await refused(`metric=views&${TOTALS}&${month}`)).toContain('30 days (2592000 s)')
    const old = `since=${now - 800 * 86_400}&until=${now - 790 * 86_400}`
    expect(await refused(`metric=views&${TOTALS}&${old}`)).toContain('last 2 years')
    const wrong = 'breakdown=follower_type'
    expect(await refused(`metric=reach&${TOTALS}&${wrong}`)).toContain('breakdown')
  })

  test('may be broken down, or day by day', async () => {
    await using platforms = await startPlatforms([planFor('instagram')])
    const path = `/v25.0/${ID}/insights?metric=reach&period=day`
    const broken = await platforms.ask(`${path}&metric_type=total_value&breakdown=follow_type`)
    const total = Number(at(broken, 'data', 0, 'total_value', 'value'))
    const results = listAt(broken, 'data', 0, 'total_value', 'breakdowns', 0, 'results')
    expect(results.reduce((sum, one) => sum + Number(one['value']), 0)).toBe(total)
    const since = NOW.getTime() / 1000 - 3 * 86_400
    const days = await platforms.ask(`${path}&since=${since}`)
    expect(listAt(days, 'data', 0, 'values')).toHaveLength(3)
    expect(at(days, 'data', 0, 'values', 0, 'end_time')).toBe('2026-11-18T12:00:00+0000')
  })

  test('without a value are empty, not zero', async () => {
    const plan = planFor('instagram', { withheld: ['replies'], numbers: { saves: 0 } })
    await using platforms = await startPlatforms([plan])
    const answer = await platforms.ask(`/v25.0/${ID}/insights?metric=replies,saves&${TOTALS}`)
    expect(listAt(answer, 'data').map((one) => one['total_value'])).toEqual([{}, { value: 0 }])
  })

  test('have neighbouring windows in place of pages', async () => {
    await using platforms = await startPlatforms([planFor('instagram')])
    const answer = await platforms.ask(`/v25.0/${ID}/insights?metric=views&${TOTALS}`)
    const next = `${at(answer, 'paging', 'next')}`
    expect(next).toContain(`since=${NOW.getTime() / 1000}`)
    expect(next).not.toContain('access_token')
  })

  test('of small accounts leave out what is told of large ones only', async () => {
    const plan = planFor('instagram', { numbers: { follower_count: 99 } })
    await using platforms = await startPlatforms([plan])
    const path = `/v25.0/${ID}/insights?metric=follower_count,reach&period=day`
    expect(listAt(await platforms.ask(path), 'data').map((one) => one['name'])).toEqual(['reach'])
  })
})

test('without the scope for insights only they are refused', async () => {
  const plan = planFor('instagram', { scopes: ['instagram_business_basic'] })
  await using platforms = await startPlatforms([plan])
  expect((await platforms.ask(`/v25.0/${ID}?fields=followers_count`)).status).toBe(200)
  const refused = await platforms.ask(`/v25.0/${ID}/insights?metric=views&${TOTALS}`)
  expect(codeOf(refused)).toEqual([400, 10, undefined])
})

test('an error names its place in the log and challenges the token', async () => {
  await using platforms = await startPlatforms([planFor('instagram')])
  const { body, headers } = await platforms.ask('/v25.0/1')
  expect(body).toMatchObject({ error: { fbtrace_id: expect.any(String), error_subcode: 33 } })
  expect(headers.get('www-authenticate')).toContain('Facebook Platform')
})

test('every answer says how much of the budget is used, and a spent one is refused', async () => {
  await using platforms = await startPlatforms([planFor('instagram')])
  const { headers } = await platforms.ask('/v25.0/me')
  expect(JSON.parse(headers.get('x-app-usage') ?? '')).toHaveProperty('call_count', 0)
  const until = new Date(NOW.getTime() + 7 * 60_000)
  platforms.simulator.faults.add({ platform: 'instagram', fault: { kind: 'rate_limited', until } })
  const refused = await platforms.ask('/v25.0/me')
  expect(codeOf(refused)).toEqual([400, 80002, 2446079])
  const usage = JSON.parse(refused.headers.get('x-business-use-case-usage') ?? '{}')
  expect(usage[ID][0]).toMatchObject({ call_count: 100, estimated_time_to_regain_access: 7 })
  platforms.clock.now = until
  expect((await platforms.ask('/v25.0/me')).status).toBe(200)
})

test('several objects in one call, no path and no token are refused', async () => {
  await using platforms = await startPlatforms([planFor('instagram')])
  expect(codeOf(await platforms.ask(`/v25.0/?ids=${ID}`))).toEqual([400, 100, undefined])
  expect(codeOf(await platforms.ask('/v25.0/a/b/c'))).toEqual([400, 2500, undefined])
  expect(codeOf(await platforms.ask('/v25.0/me', { as: null }))).toEqual([400, 2500, undefined])
  expect(codeOf(await platforms.ask('/v25.0/me', { token: 'IGAAx' }))).toEqual([
    400,
    190,
    undefined,
  ])
  platforms.clock.now = new Date(NOW.getTime() + 61 * DAY_MS)
  const token = platforms.simulator.tokensOf(platforms.account(), { issuedAt: NOW }).accessToken
  expect(codeOf(await platforms.ask('/v25.0/me', { token }))).toEqual([400, 190, 463])
})
