import { expect, test } from 'vitest'
import { pacificDay, pacificMidnight } from '../../src/domain/pacific.ts'

test.each([
  ['in winter', '2026-12-20T10:00:00Z', 0, '2026-12-20T08:00:00.000Z'],
  ['a second before it', '2026-12-20T07:59:59Z', 1, '2026-12-20T08:00:00.000Z'],
  ['in summer', '2026-07-15T12:00:00Z', 1, '2026-07-16T07:00:00.000Z'],
  ['of a day of 25 hours', '2026-11-01T12:00:00Z', 1, '2026-11-02T08:00:00.000Z'],
  ['of a day of 23 hours', '2026-03-08T12:00:00Z', 1, '2026-03-09T07:00:00.000Z'],
  ['over the end of a year', '2026-12-31T20:00:00Z', 1, '2027-01-01T08:00:00.000Z'],
])('the Pacific midnight is found %s', (_name, at, days, midnight) => {
  expect(pacificMidnight(new Date(at), days).toISOString()).toBe(midnight)
})

test('a Pacific day begins at its midnight', () => {
  expect(pacificDay(new Date('2026-11-21T07:59:59Z'))).toBe('2026-11-20')
  expect(pacificDay(new Date('2026-11-21T08:00:00Z'))).toBe('2026-11-21')
})
