import { describe, expect, test } from 'vitest'
import { dueAfter, isDue, nextDueAt } from '../../src/refresh/cadence.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOW = new Date('2026-06-29T09:00:00Z')
const ago = (ms: number) => new Date(NOW.getTime() - ms)
const hoursUntil = (at: Date | null) => at && (at.getTime() - NOW.getTime()) / HOUR

describe('nextDueAt', () => {
  test.each([
    ['new', 0, 1],
    ['dated into the future', -DAY, 1],
    ['a moment under a day', DAY - 1, 1],
    ['exactly a day', DAY, 6],
    ['a moment under a week', 7 * DAY - 1, 6],
    ['exactly a week', 7 * DAY, 24],
    ['a moment under 90 days', 90 * DAY - 1, 24],
    ['exactly 90 days', 90 * DAY, 7 * 24],
    ['ten years', 3650 * DAY, 7 * 24],
  ])('content that is %s old is read again after %i ms of age in %i hours', (_, age, hours) => {
    const next = nextDueAt({ publishedAt: ago(age), createdAt: NOW }, NOW)
    expect(hoursUntil(next)).toBe(hours)
  })

  test('content whose publishing is unknown is as old as its record', () => {
    const next = nextDueAt({ publishedAt: null, createdAt: ago(2 * DAY) }, NOW)
    expect(hoursUntil(next)).toBe(6)
  })
})

describe('dueAfter', () => {
  test.each([
    ['read', 2, 24, 0],
    ['failed', 0, 24, 0],
    ['failed', 2, 24, 2],
    ['gone', 0, 24, 1],
    ['gone', 1, 24, 2],
    ['gone', 2, null, 3],
    ['gone', 3, null, 4],
    ['failed', 3, null, 3],
    ['read', 3, 24, 0],
  ] as const)(
    '%s after %i times gone: due in %s hours, %i times gone',
    (attempted, before, hours, times) => {
      const publication = { publishedAt: ago(30 * DAY), createdAt: NOW, timesGone: before }
      const due = dueAfter(publication, attempted, NOW)
      expect([hoursUntil(due.dueAt), due.timesGone]).toEqual([hours, times])
    },
  )
})

test('a row is due from its instant on, and never without one', () => {
  const dueAts = [null, ago(-1), NOW, ago(1)]
  expect(dueAts.map((dueAt) => isDue({ dueAt }, NOW))).toEqual([false, false, true, true])
})
