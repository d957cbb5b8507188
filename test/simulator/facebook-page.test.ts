import { describe, expect, test } from 'vitest'
import { at, listAt, type Platforms, planFor, startPlatforms } from './platforms.ts'

const ID = '100060000000123'
const METRICS = 'page_post_engagements,page_views_total,page_actions_post_reactions_total'
const WINDOW = 'since=2026-10-23&until=2026-11-20'

const start = (plan = {}) => startPlatforms([planFor('facebook', plan)])
const insights = (platforms: Platforms, query: string) =>
  platforms.ask(`/v25.0/${ID}/insights?${query}`)

/** The error's code, and its subcode when it has one. */
const refusalOf = async (answer: ReturnType<Platforms['ask']>) => {
  const said = await answer
  return [said.status, at(said, 'error', 'code'), at(said, 'error', 'error_subcode')]
}

test('a Page’s node tells its counters, and refuses a field that it has not', async () => {
  await using platforms = await start()
  const fields = 'name,followers_count,fan_count,talking_about_count,were_here_count,checkins'
  const { body } = await platforms.ask(`/v25.0/${ID}?fields=${fields},picture{url}`)
  const { followers_count } = platforms.world.accountNumbers(
    platforms.account(),
    platforms.clock.now,
  )
  expect(body).toMatchObject({ id: ID, followers_count, fan_count: followers_count, checkins: 0 })
  expect(await refusalOf(platforms.ask(`/v25.0/${ID}?fields=unheard_of`))).toEqual([
    400,
    100,
    undefined,
  ])
})

test('the days of a window add up to the world’s numbers', async () => {
  await using platforms = await start()
  const answer = await insights(platforms, `metric=${METRICS}&period=day&${WINDOW}`)
  const numbers = platforms.world.accountNumbers(platforms.account(), platforms.clock.now)
  for (const item of listAt(answer, 'data')) {
    const values = item['values'] as { value: unknown; end_time: string }[]
    expect(values).toHaveLength(28)
    expect(values[0]?.end_time).toBe('2026-10-24T07:00:00+0000')
    expect(values.at(-1)?.end_time).toBe('2026-11-20T08:00:00+0000')
    const days = values.flatMap(({ value }) =>
      typeof value === 'number' ? [value] : Object.values(Object(value)),
    )
    expect(days.reduce<number>((sum, day) => sum + Number(day), 0)).toBe(numbers[`${item['name']}`])
  }
  expect(listAt(answer, 'data')).toHaveLength(3)
})

test('rolling values overlap, and reactions by kind come by the day only', async () => {
  await using platforms = await start()
  const answer = await insights(platforms, `metric=${METRICS}&period=days_28&${WINDOW}`)
  expect(listAt(answer, 'data').map((item) => item['name'])).toEqual([
    'page_post_engagements',
    'page_views_total',
  ])
  const numbers = platforms.world.accountNumbers(platforms.account(), platforms.clock.now)
  const values = listAt(answer, 'data', 0, 'values')
  expect(values.at(-1)?.['value']).toBe(numbers['page_post_engagements'])
})

describe('insights refuse as a whole', () => {
  test.each<[string, string, unknown[]]>([
    ['an unknown metric', `metric=page_impressions,${METRICS}`, [400, 100, undefined]],
    ['a withdrawn metric', `metric=page_consumptions`, [400, 100, undefined]],
    ['no metric', 'period=day', [400, 3001, 1_504_028]],
    ['an unknown period', `metric=${METRICS}&period=hour`, [400, 100, undefined]],
    [
      'a breakdown of another metric',
      `metric=page_views_total&breakdown=is_from_ads`,
      [400, 100, undefined],
    ],
    [
      'more than 90 days',
      `metric=${METRICS}&since=2026-08-01&until=2026-11-20`,
      [400, 100, undefined],
    ],
    [
      'more than two years ago',
      `metric=${METRICS}&since=2024-01-01&until=2024-01-20`,
      [400, 100, undefined],
    ],
  ])('%s', async (_, query, refusal) => {
    await using platforms = await start()
    expect(await refusalOf(insights(platforms, query))).toEqual(refusal)
  })

  test('and a metric that a script withdraws, without naming it', async () => {
    await using platforms = await start()
    const fault = { kind: 'retired_metric', metric: 'page_views_total' } as const
    platforms.simulator.faults.add({ platform: 'facebook', fault })
    const answer = await insights(platforms, `metric=${METRICS}`)
    expect(at(answer, 'error', 'message')).toBe('(#100) The value must be a valid insights metric')
  })
})

test.each([
  ['a Page of fewer than a hundred followers', { followers: 40, followersPerDay: 0 }],
  ['an account without read_insights', { scopes: ['pages_read_engagement'] }],
])('%s gets a success with nothing in it', async (_, plan) => {
  await using platforms = await start(plan)
  const answer = await insights(platforms, `metric=${METRICS}`)
  expect(answer.status).toBe(200)
  expect(at(answer, 'data')).toEqual([])
})

test('what a Page withholds is left out, and a number that stands still is all of one day', async () => {
  await using platforms = await start({
    withheld: ['page_views_total'],
    numbers: { page_post_engagements: 77 },
  })
  const answer = await insights(platforms, `metric=${METRICS}&${WINDOW}`)
  const [first, ...others] = listAt(answer, 'data')
  expect(others).toHaveLength(1)
  const values = first?.['values'] as { value: number }[]
  expect(values.reduce((sum, { value }) => sum + value, 0)).toBe(77)
})

test('the edges of a Page take the token of the Page, and its node takes a person’s', async () => {
  await using platforms = await start()
  const { client } = platforms.simulator
  const query = new URLSearchParams({
    client_id: client.id,
    client_secret: client.secret,
    redirect_uri: 'https://weir.example/back',
    code: platforms.simulator.codeFor(platforms.account()),
  })
  const person = await platforms.ask(`/v25.0/oauth/access_token?${query}`, { as: null })
  const token = `${at(person, 'access_token')}`
  const edge = await platforms.ask(`/v25.0/${ID}/insights?metric=${METRICS}`, { token })
  expect(at(edge, 'error')).toMatchObject({
    code: 190,
    message: 'This method must be called with a Page Access Token',
  })
  expect((await platforms.ask(`/v25.0/${ID}?fields=name`, { token })).status).toBe(200)
  const pages = await platforms.ask('/v25.0/me/accounts', { token })
  const pageToken = `${at(pages, 'data', 0, 'access_token')}`
  const again = await platforms.ask(`/v25.0/${ID}/insights?metric=${METRICS}`, { token: pageToken })
  expect(again.status).toBe(200)
  const app = encodeURIComponent(`${client.id}|${client.secret}`)
  const look = `/v25.0/debug_token?input_token=${pageToken}&access_token=${app}`
  expect(at(await platforms.ask(look, { as: null }), 'data')).toMatchObject({
    is_valid: true,
    type: 'PAGE',
    expires_at: 0,
  })
})

test.each<[string, unknown[]]>([
  ['password_changed', [400, 190, 460]],
  ['checkpointed', [400, 190, 459]],
  ['unconfirmed', [400, 190, 464]],
  ['lost_role', [400, 190, 492]],
  ['session_invalid', [400, 102, undefined]],
  ['app_limit', [400, 4, undefined]],
  ['blocked', [400, 368, undefined]],
  ['bad_proof', [400, 104, undefined]],
  ['reduce_data', [500, 1, undefined]],
])('a script makes the platform refuse for %s', async (reason, refusal) => {
  await using platforms = await start()
  platforms.simulator.faults.add({ platform: 'facebook', fault: { kind: 'refused', reason } })
  expect(await refusalOf(platforms.ask(`/v25.0/${ID}`))).toEqual(refusal)
})

test('a limit names the Page and the minutes, trouble passes, and a dead token stays dead', async () => {
  await using platforms = await start()
  const { faults } = platforms.simulator
  const until = new Date(platforms.clock.now.getTime() + 13 * 60_000)
  faults.add({ platform: 'facebook', times: 1, fault: { kind: 'rate_limited', until } })
  const limited = await platforms.ask(`/v25.0/${ID}`)
  expect(at(limited, 'error', 'code')).toBe(80_001)
  expect(JSON.parse(limited.headers.get('x-business-use-case-usage') ?? '')).toMatchObject({
    [ID]: [{ type: 'pages', call_count: 100, estimated_time_to_regain_access: 13 }],
  })
  faults.add({ platform: 'facebook', times: 2, fault: { kind: 'unavailable' } })
  const codes = [await platforms.ask(`/v25.0/${ID}`), await platforms.ask(`/v25.0/${ID}`)]
  expect(codes.map((answer) => at(answer, 'error', 'code'))).toEqual([2, 2])
  expect((await platforms.ask(`/v25.0/${ID}`)).status).toBe(200)
  faults.add({ platform: 'facebook', fault: { kind: 'revoked_token' } })
  expect(await refusalOf(platforms.ask(`/v25.0/${ID}`))).toEqual([400, 190, 458])
})
