import { describe, expect, test } from 'vitest'
import {
  allowanceOf,
  availabilityOf,
  coolsUntil,
  hasLeft,
  hoursUntil,
  monthOf,
  quotaAt,
} from '../../src/refresh/allowance.ts'

const at = (text: string) => new Date(text)
const NOW = at('2026-06-15T12:00:00.000Z')
const CONFIGURED = { cooldownHours: 48, monthlyQuota: 500 }

describe('what a workspace allows', () => {
  test.each([
    [null, null, 48, 500],
    [0, null, 0, 500],
    [null, 0, 48, 0],
    [1, 7, 1, 7],
  ])(
    '%o hours and %o a month of its own are %i and %i',
    (hours, quota, cooldownHours, monthlyQuota) => {
      const workspace = { refreshCooldownHours: hours, refreshMonthlyQuota: quota }
      expect(allowanceOf(workspace, CONFIGURED)).toEqual({ cooldownHours, monthlyQuota })
    },
  )
})

describe('the month of a quota is the calendar month in UTC', () => {
  test.each([
    ['2026-06-01T00:00:00.000Z', '2026-06-01', '2026-07-01T00:00:00.000Z'],
    ['2026-06-30T23:59:59.999Z', '2026-06-01', '2026-07-01T00:00:00.000Z'],
    ['2026-07-01T01:00:00.000+02:00', '2026-06-01', '2026-07-01T00:00:00.000Z'],
    ['2026-06-30T23:00:00.000-01:00', '2026-07-01', '2026-08-01T00:00:00.000Z'],
    ['2026-12-31T23:59:59.999Z', '2026-12-01', '2027-01-01T00:00:00.000Z'],
    ['2028-02-29T12:00:00.000Z', '2028-02-01', '2028-03-01T00:00:00.000Z'],
  ])('%s lies in %s, which ends at %s', (now, month, resetsAt) => {
    expect(monthOf(at(now))).toBe(month)
    expect(quotaAt(at(now), 3, CONFIGURED)).toEqual({ limit: 500, used: 3, resetsAt: at(resetsAt) })
  })
})

test.each([
  [5, 0, 5, true],
  [5, 1, 5, false],
  [5, 5, 1, false],
  [5, 4, 1, true],
  [0, 0, 1, false],
  // The limit was lowered in the middle of a month.
  [2, 5, 1, false],
])('of %i units with %i used, %i more: %o', (limit, used, units, isEnough) => {
  expect(hasLeft({ limit, used, resetsAt: NOW }, units)).toBe(isEnough)
})

describe('an account cools down', () => {
  test.each([
    ['never refreshed', null, 48, null],
    ['refreshed just now', '2026-06-15T12:00:00.000Z', 48, '2026-06-17T12:00:00.000Z'],
    ['a millisecond before its end', '2026-06-13T12:00:00.001Z', 48, '2026-06-15T12:00:00.001Z'],
    ['at its very end', '2026-06-13T12:00:00.000Z', 48, null],
    ['over the end of a month', '2026-06-30T12:00:00.000Z', 48, '2026-07-02T12:00:00.000Z'],
    ['without a cooldown', '2026-06-15T12:00:00.000Z', 0, null],
    ['an hour long', '2026-06-15T11:30:00.000Z', 1, '2026-06-15T12:30:00.000Z'],
  ])('%s: charged at %o with %i hours, until %o', (_, charged, cooldownHours, end) => {
    const until = coolsUntil(charged ? at(charged) : null, NOW, { ...CONFIGURED, cooldownHours })
    expect(until).toEqual(end ? at(end) : null)
  })
})

test.each([
  ['2026-06-15T12:00:00.001Z', 1],
  ['2026-06-15T13:00:00.000Z', 1],
  ['2026-06-15T13:00:00.001Z', 2],
  ['2026-06-17T12:00:00.000Z', 48],
])('until %s, hours are whole and rounded up: %i', (end, hours) => {
  expect(hoursUntil(at(end), NOW)).toBe(hours)
})

describe('an account may be refreshed', () => {
  const free = { canRefresh: true, nextRefreshAt: null, hoursRemaining: 0 }
  const from = (next: string, hoursRemaining: number) => ({
    canRefresh: false,
    nextRefreshAt: at(next),
    hoursRemaining,
  })
  const WEEK = at('2026-06-10T12:00:00Z')
  const TODAY = at('2026-06-15T00:00:00Z')
  const month = 24 * 15 + 12

  test.each([
    ['never refreshed before', [null, 0, 500], free],
    ['refreshed long ago', [WEEK, 499, 500], free],
    ['refreshed today', [TODAY, 0, 500], from('2026-06-17T00:00:00Z', 36)],
    ['with nothing left', [null, 500, 500], from('2026-07-01T00:00:00Z', month)],
    ['with nothing left, cooling down', [TODAY, 5, 5], from('2026-07-01T00:00:00Z', month)],
    ['with no quota at all', [null, 0, 0], from('2026-07-01T00:00:00Z', month)],
  ] as const)('%s', (_, [chargedAt, used, limit], expected) => {
    const standing = { account: { connectionStatus: 'connected' as const }, chargedAt, used }
    const availability = availabilityOf(standing, { ...CONFIGURED, monthlyQuota: limit }, NOW)
    const resetsAt = at('2026-07-01T00:00:00Z')
    expect(availability).toEqual({ ...expected, monthlyQuota: { limit, used, resetsAt } })
  })

  test('when its cooldown outlasts the month whose quota is used up, at its end', () => {
    const now = at('2026-06-30T12:00:00Z')
    const chargedAt = at('2026-06-30T11:00:00Z')
    const standing = { account: { connectionStatus: 'connected' as const }, chargedAt, used: 5 }
    const availability = availabilityOf(standing, { ...CONFIGURED, monthlyQuota: 5 }, now)
    expect(availability).toMatchObject(from('2026-07-02T11:00:00Z', 47))
  })

  test.each(['disconnected', 'requires_reconnect'] as const)('not while it is %s', (status) => {
    const standing = { account: { connectionStatus: status }, chargedAt: TODAY, used: 0 }
    const expected = { canRefresh: false, nextRefreshAt: null, hoursRemaining: 0 }
    expect(availabilityOf(standing, CONFIGURED, NOW)).toMatchObject(expected)
  })
})
