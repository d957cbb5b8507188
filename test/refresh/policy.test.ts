import { describe, expect, test } from 'vitest'
import type { FailureKind } from '../../src/domain/connector.ts'
import { REFRESH_LIMITS } from '../../src/refresh/dependencies.ts'
import { isWider } from '../../src/refresh/planner.ts'
import {
  decideRetryAt,
  isAttempt,
  isChanged,
  isStale,
  secondsAfter,
} from '../../src/refresh/policy.ts'
import { failureOf } from './fake-platform.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const later = (seconds: number) => secondsAfter(NOW, seconds)

describe('when a failure is tried again', () => {
  test.each([
    ['unavailable', 1, null, later(15)],
    ['unavailable', 2, null, later(30)],
    ['unavailable', 3, null, null],
    ['unavailable', 1, later(1), later(15)],
    ['unavailable', 1, later(60), later(60)],
    ['unavailable', 3, later(1), null],
    ['unavailable', 1, later(3600), later(3600)],
    ['unavailable', 1, later(3601), null],
    ['malformed', 1, null, later(15)],
    ['malformed', 3, null, null],
    ['rate_limited', 1, later(60), later(60)],
    ['rate_limited', 3, later(60), later(60)],
    ['rate_limited', 1, null, later(900)],
    ['rate_limited', 1, later(-60), later(1)],
    ['rate_limited', 1, later(86_401), null],
    ['unauthorized', 1, null, null],
    ['missing_scope', 1, null, null],
    ['gone', 1, null, null],
    ['unsupported', 1, null, null],
    ['misconfigured', 1, null, null],
  ] as const)(
    '%s, attempt %i, named time %s: %s',
    (kind: FailureKind, attempt, retryAt, expected) => {
      const tried = { requestedAt: NOW, attempt, now: NOW }
      const at = decideRetryAt(failureOf(kind, { retryAt }), tried, REFRESH_LIMITS)
      expect(at).toEqual(expected)
    },
  )
})

test.each<[number, number, Date | null]>([
  [0, 1, later(300)],
  [3599, 3, later(300)],
  [3600, 2, later(300)],
  [3600, 3, null],
])(
  'a wish of %i seconds ago, attempt %i, waits for a host that is down: %s',
  (age, attempt, expected) => {
    const down = failureOf('unavailable', { retryAt: later(300), isHostDown: true })
    const tried = { requestedAt: later(-age), attempt, now: NOW }
    expect(decideRetryAt(down, tried, REFRESH_LIMITS)).toEqual(expected)
    expect(isAttempt(down, tried, REFRESH_LIMITS)).toBe(age >= 3600)
  },
)

test('a failure is an attempt, unless it is a limit', () => {
  const tried = { requestedAt: NOW, attempt: 1, now: NOW }
  const isTried = (kind: FailureKind) =>
    isAttempt(failureOf(kind, { retryAt: later(1) }), tried, REFRESH_LIMITS)
  expect(isTried('unavailable')).toBe(true)
  expect(isTried('malformed')).toBe(true)
  expect(isTried('rate_limited')).toBe(false)
})

test('numbers are stale from the very instant on that they were fresh until', () => {
  expect(isStale({ staleAfter: null }, NOW)).toBe(true)
  expect(isStale({ staleAfter: NOW }, NOW)).toBe(true)
  expect(isStale({ staleAfter: later(1) }, NOW)).toBe(false)
})

test('numbers are changed when a value is, or when a metric came or went', () => {
  expect(isChanged({ a: 1, b: 0 }, { b: 0, a: 1 })).toBe(false)
  expect(isChanged({ a: 1 }, { a: 2 })).toBe(true)
  expect(isChanged({ a: 1 }, { a: 1, b: 0 })).toBe(true)
  expect(isChanged({ a: 1, b: 0 }, { a: 1 })).toBe(true)
  expect(isChanged({ a: 1 }, { b: 1 })).toBe(true)
})

test('a wish is wider when it covers anything that another does not', () => {
  const wish = (publicationIds: string[] | null) => ({ publicationIds, origin: 'request' as const })
  expect(isWider(wish(null), wish(['a']))).toBe(true)
  expect(isWider(wish(['b']), wish(['a']))).toBe(true)
  expect(isWider(wish(['a']), wish(['a', 'b']))).toBe(false)
  expect(isWider(wish(['a']), wish(null))).toBe(false)
  expect(isWider(wish(null), wish(null))).toBe(false)
})
