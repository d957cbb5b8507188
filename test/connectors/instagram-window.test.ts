import fc from 'fast-check'
import { expect, test } from 'vitest'
import { insightsWindow } from '../../src/connectors/instagram/window.ts'

const iso = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16)
const windowAt = (now: string) => {
  const { since, until } = insightsWindow(new Date(now))
  return [iso(since), iso(until)]
}

test.each([
  ['in winter', '2026-12-20T10:00:00Z', '2026-11-20T08:00', '2026-12-20T08:00'],
  ['before midnight in California', '2026-12-20T07:59:59Z', '2026-11-19T08:00', '2026-12-19T08:00'],
  ['at midnight in California', '2026-12-20T08:00:00Z', '2026-11-20T08:00', '2026-12-20T08:00'],
  ['in summer', '2026-07-15T12:00:00Z', '2026-06-15T07:00', '2026-07-15T07:00'],
  ['once clocks went forward', '2026-03-20T12:00:00Z', '2026-02-18T08:00', '2026-03-20T07:00'],
  [
    'once clocks went back, an hour late',
    '2026-11-20T10:15:00Z',
    '2026-10-21T08:00',
    '2026-11-20T08:00',
  ],
  ['on the day clocks go back', '2026-11-01T12:00:00Z', '2026-10-02T07:00', '2026-11-01T07:00'],
])('the window ends with the last complete Pacific day: %s', (_name, now, since, until) => {
  expect(windowAt(now)).toEqual([since, until])
})

test('a window is never longer than 30 days, never ends later than now, and never is stale', () => {
  const noInvalid = {
    noInvalidDate: true,
    min: new Date('2020-01-01'),
    max: new Date('2040-01-01'),
  }
  fc.assert(
    fc.property(fc.date(noInvalid), (now) => {
      const { since, until } = insightsWindow(now)
      const age = now.getTime() / 1000 - until
      expect(until - since).toBeLessThanOrEqual(30 * 86_400)
      expect(until - since).toBeGreaterThanOrEqual(30 * 86_400 - 3600)
      expect(age).toBeGreaterThanOrEqual(0)
      expect(age).toBeLessThan(25 * 3600)
    }),
    { numRuns: 300 },
  )
})
