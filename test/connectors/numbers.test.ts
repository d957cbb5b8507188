import { expect, test } from 'vitest'
import { mergeNumbers, pickNumbers } from '../../src/connectors/numbers.ts'
import { metricsOf } from '../../src/domain/catalog/catalog.ts'
import type { MetricDefinition } from '../../src/domain/metric.ts'
import { isWithinLag } from '../../src/domain/metric-age.ts'
import { NOW } from './support.ts'

const [count] = metricsOf('tiktok', 'post')
if (count === undefined) throw new Error('The catalogue is empty.')
const decimal: MetricDefinition = { ...count, name: 'rate', kind: 'decimal' }
const flag: MetricDefinition = { ...count, name: 'shown', kind: 'flag' }

const pick = (metric: MetricDefinition, value: Parameters<typeof mergeNumbers>[0] | unknown) =>
  pickNumbers({ metrics: [metric], valueOf: () => value as never })

test.each([0, 1, 3_412_345_678, 9_007_199_254_740_991])('a count of %d is exact', (value) => {
  expect(pick(count, value)).toEqual({ native: { view_count: value }, missing: {}, warnings: [] })
})

test.each(['9007199254740993', 9_007_199_254_740_992])(
  'a count of %j is too large to be exact: it has no value, and a warning says so',
  (value) => {
    expect(pick(count, value)).toEqual({
      native: {},
      missing: { view_count: 'not_reported' },
      warnings: ['TikTok reported a view_count that is larger than 2^53 - 1.'],
    })
  },
)

test.each([
  ['12', 'is not a count'],
  [12.5, 'is not a count'],
  [-3, 'is not a count'],
  [{ value: 1 }, 'is not a count'],
  [true, 'is not a count'],
])('a count given as %j could not be read, so the earlier one stays', (value, problem) => {
  expect(pick(count, value)).toEqual({
    native: {},
    missing: { view_count: 'fetch_failed' },
    warnings: [`TikTok reported a view_count that ${problem}.`],
  })
})

test.each([null, undefined])('a metric that is %s is absent, never zero', (value) => {
  expect(pick(count, value)).toEqual({
    native: {},
    missing: { view_count: 'not_reported' },
    warnings: ['TikTok did not report view_count.'],
  })
})

test('a metric with a reason for its absence has that reason and no warning', () => {
  const source = { metrics: [count], valueOf: () => undefined }
  expect(pickNumbers({ ...source, reasonOf: () => 'not_yet_available' })).toEqual({
    native: {},
    missing: { view_count: 'not_yet_available' },
    warnings: [],
  })
  const optional = [{ ...count, optional: true }]
  expect(pickNumbers({ ...source, metrics: optional }).warnings).toEqual([])
})

test('everything that was left out is named in one warning', () => {
  const { warnings } = pickNumbers({ metrics: [count, decimal], valueOf: () => undefined })
  expect(warnings).toEqual(['TikTok did not report view_count, rate.'])
})

test('decimals keep their fraction and flags become 1 or 0', () => {
  expect(pick(decimal, 0.31).native).toEqual({ rate: 0.31 })
  expect(pick(flag, true).native).toEqual({ shown: 1 })
  expect(pick(flag, false).native).toEqual({ shown: 0 })
})

test('a number that any part reported is missing in none', () => {
  const reported = { native: { a: 1 }, missing: { b: 'not_reported' as const }, warnings: ['one'] }
  const missing = { native: {}, missing: { a: 'fetch_failed' as const }, warnings: ['one', 'two'] }
  expect(mergeNumbers(reported, missing)).toEqual({
    native: { a: 1 },
    missing: { b: 'not_reported' },
    warnings: ['one', 'two'],
  })
})

test('a metric is still being counted until its lag has passed', () => {
  const lagging = { ...count, lag: 'P2D' }
  const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000)
  expect(isWithinLag(lagging, hoursAgo(47), NOW)).toBe(true)
  expect(isWithinLag(lagging, hoursAgo(49), NOW)).toBe(false)
  expect(isWithinLag(lagging, null, NOW)).toBe(false)
  expect(isWithinLag(count, hoursAgo(0), NOW)).toBe(false)
})
