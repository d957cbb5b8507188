import { describe, expect, test } from 'vitest'
import type { Platform } from '../../src/domain/platform.ts'
import { accountOn, NOW, openUpstream, type Reply } from './support.ts'

const MINUTE_MS = 60_000

/** What an account's reading tells of budgets when every answer is this one. */
async function budgetsAfter(platform: Platform, reply: Reply) {
  const upstream = openUpstream(platform, () => reply, { http: { attemptsMax: 1 } })
  const account = accountOn(platform, { platformAccountId: '17841400000000123', scopes: null })
  await upstream.connector.readAccount(account, upstream.context).catch(() => undefined)
  return upstream.budgets
}

const seconds = (at: Date) => `${at.getTime() / 1000}`

describe('X', () => {
  const headers = (limit: string, remaining: string, reset: string) => ({
    'x-rate-limit-limit': limit,
    'x-rate-limit-remaining': remaining,
    'x-rate-limit-reset': reset,
  })
  const resetsAt = new Date('2026-11-20T10:20:00.000Z')
  const midnight = new Date('2026-11-21T00:00:00.000Z')

  test.each([200, 429])(
    'tells the account’s window of every answer, as of status %i',
    async (status) => {
      const reply = { status, json: {}, headers: headers('900', '12', seconds(resetsAt)) }
      const [first] = await budgetsAfter('x', reply)
      const told = { scope: 'account', limit: 900, remaining: 12, reserve: 0, resetsAt }
      expect(first).toEqual(told)
    },
  )

  test('tells nothing of an answer without headers, or with others than numbers', async () => {
    expect(await budgetsAfter('x', { status: 401, json: {} })).toEqual([])
    const reply = { status: 429, json: {}, headers: headers('many', '-1', 'soon') }
    expect(await budgetsAfter('x', reply)).toEqual([])
  })

  const capped = { type: 'https://api.x.com/2/problems/usage-capped', title: 'UsageCapExceeded' }
  const spent = { title: 'SpendCapReached', reset_date: '2026-12-01' }

  const noon = new Date('2026-11-20T12:00:00.000Z')

  test.each<[string, Reply, Date]>([
    ['used up its day', { status: 429, json: { ...capped, period: 'Daily' } }, midnight],
    ['used up its month', { status: 429, json: { ...capped, period: 'Monthly' } }, midnight],
    ['spent what it may', { status: 403, json: spent }, midnight],
    ['a cap until noon', { status: 403, json: { ...spent, reset_date: noon } }, noon],
  ])(
    'tells that the whole application may ask nothing until the next day once it has %s',
    async (_name, reply, end) => {
      const withHeaders = { ...reply, headers: headers('900', '12', seconds(resetsAt)) }
      const told = { scope: 'application', limit: null, remaining: 0, reserve: 0, resetsAt: end }
      const [own, application] = await budgetsAfter('x', withHeaders)
      expect(own).toMatchObject({ scope: 'account', remaining: 12 })
      expect(application).toEqual(told)
      expect(await budgetsAfter('x', reply)).toContainEqual(told)
    },
  )

  test('tells nothing of the application when nobody says until when', async () => {
    expect(await budgetsAfter('x', { status: 403, json: { title: 'SpendCapReached' } })).toEqual([])
    expect(await budgetsAfter('x', { status: 402, json: { title: 'CreditsDepleted' } })).toEqual([])
  })

  test('tells null for what cannot be a number or a time', async () => {
    const reply = { json: {}, headers: headers('900', '1e3', '9'.repeat(15)) }
    const [first] = await budgetsAfter('x', reply)
    expect(first).toMatchObject({ limit: 900, remaining: null, resetsAt: null })
  })
})

describe.each(['facebook', 'instagram'] as const)('%s', (platform) => {
  const usage = (of: object) => ({ 'x-business-use-case-usage': JSON.stringify(of) })
  const entry = (percent: number, minutes: number) => ({
    ...{ type: 'pages', call_count: 3, total_cputime: percent, total_time: 1 },
    estimated_time_to_regain_access: minutes,
  })
  const unknown = { limit: 100, reserve: 10, resetsAt: null }

  test('tells the fullest of the account’s percentages, and when it is let in again', async () => {
    const headers = usage({ '17841400000000123': [entry(93.5, 7)], '99': [entry(100, 60)] })
    const [first] = await budgetsAfter(platform, { json: {}, headers })
    const resetsAt = new Date(NOW.getTime() + 7 * MINUTE_MS)
    expect(first).toEqual({ scope: 'account', limit: 100, remaining: 6, reserve: 10, resetsAt })
  })

  test('tells the application’s percentages', async () => {
    const headers = { 'x-app-usage': '{"call_count":28,"total_time":25,"total_cputime":25}' }
    const [first] = await budgetsAfter(platform, { json: {}, headers })
    expect(first).toEqual({ ...unknown, scope: 'application', remaining: 72 })
  })

  test('tells that the application’s limit is reached when a call is refused for it', async () => {
    const error = { message: '(#4) Application request limit reached', code: 4 }
    const [first] = await budgetsAfter(platform, { status: 400, json: { error } })
    const resetsAt = new Date(NOW.getTime() + 60 * MINUTE_MS)
    expect(first).toEqual({ ...unknown, scope: 'application', remaining: 0, resetsAt })
  })

  test.each([17, 32, 613, 80_001])(
    'tells that an account’s limit is reached when a call is refused with code %d',
    async (code) => {
      const headers = usage({ '99': [entry(100, 300)] })
      const reply = { status: 400, headers, json: { error: { message: 'Too many calls', code } } }
      const resetsAt = new Date(NOW.getTime() + 60 * MINUTE_MS)
      const [first] = await budgetsAfter(platform, reply)
      expect(first).toEqual({ ...unknown, scope: 'account', remaining: 0, resetsAt })
    },
  )

  test('takes the application’s limit to last an hour, whatever an account has to wait', async () => {
    const headers = usage({ '99': [entry(100, 300)], '17841400000000123': [entry(20, 7)] })
    const error = { message: '(#4) Application request limit reached', code: 4 }
    const budgets = await budgetsAfter(platform, { status: 400, headers, json: { error } })
    const resetsAt = new Date(NOW.getTime() + 60 * MINUTE_MS)
    const application = budgets.find(({ scope }) => scope === 'application')
    expect(application).toEqual({ ...unknown, scope: 'application', remaining: 0, resetsAt })
  })

  test('takes what the account uses elsewhere for no limit of these calls', async () => {
    const others = ['messenger', 'leadgen', 'whatsapp'].map((type) => ({ ...entry(100, 60), type }))
    const headers = usage({ '17841400000000123': [...others, entry(20, 0)] })
    const [first] = await budgetsAfter(platform, { json: {}, headers })
    expect(first).toEqual({ ...unknown, scope: 'account', remaining: 80 })
  })

  test.each([
    ['of another account', usage({ '99': [entry(100, 60)] })],
    ['that is no JSON', { 'x-app-usage': '{', 'x-business-use-case-usage': '[]' }],
    ['without a number', usage({ '17841400000000123': [{ call_count: '3' }, null] })],
  ])('tells nothing of usage %s', async (_name, headers) => {
    expect(await budgetsAfter(platform, { json: {}, headers })).toEqual([])
  })

  test('keeps percentages above and below the scale within it', async () => {
    const headers = usage({ '17841400000000123': [entry(140, 1e15)] })
    const [first] = await budgetsAfter(platform, { json: {}, headers })
    expect(first).toMatchObject({ remaining: 0, resetsAt: null })
  })
})

describe('TikTok', () => {
  const known = { scope: 'application', limit: 600, reserve: 0 }

  test('tells the documented limit, and nothing of what is left', async () => {
    const json = { data: { user: {} }, error: { code: 'ok' } }
    const [first] = await budgetsAfter('tiktok', { json })
    expect(first).toEqual({ ...known, remaining: null, resetsAt: null })
  })

  test('tells that nothing is left when it says so, until its window has passed', async () => {
    const json = { error: { code: 'rate_limit_exceeded', message: 'Slow down' } }
    const [first] = await budgetsAfter('tiktok', { status: 429, json })
    expect(first).toMatchObject({ ...known, remaining: 0 })
    const wait = (first?.resetsAt?.getTime() ?? 0) - NOW.getTime()
    expect(wait).toBeGreaterThanOrEqual(MINUTE_MS)
    expect(wait).toBeLessThanOrEqual(75_000)
  })
})

test('YouTube tells the units of the Pacific day that a call costs, and when Google has no more', async () => {
  const resetsAt = new Date('2026-11-21T08:00:00.000Z')
  const known = { scope: 'application', limit: 10_000, reserve: 500, resetsAt }
  const cost = { ...known, remaining: null, units: 1 }
  expect(await budgetsAfter('youtube', { json: { items: [] } })).toEqual([cost])
  const error = { code: 403, message: 'Used up.', errors: [{ reason: 'quotaExceeded' }] }
  const refused = await budgetsAfter('youtube', { status: 403, json: { error } })
  expect(refused).toEqual([cost, { ...known, remaining: 0, units: 0 }])
})

test('LinkedIn tells only when the days of its unpublished quotas end', async () => {
  const unknown = { limit: null, remaining: null, reserve: 0 }
  const resetsAt = new Date('2026-11-21T00:00:00.000Z')
  const both = [
    { ...unknown, scope: 'account', resetsAt },
    { ...unknown, scope: 'application', resetsAt },
  ]
  const budgets = await budgetsAfter('linkedin', { status: 429, json: { message: 'Throttled' } })
  expect(budgets.slice(0, 2)).toEqual(both)
})
