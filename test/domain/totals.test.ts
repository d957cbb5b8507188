import fc from 'fast-check'
import { expect, test } from 'vitest'
import { METRIC_FIELDS, type MetricField, type Metrics } from '../../src/domain/metric.ts'
import { UNKNOWN_METRICS } from '../../src/domain/normalize.ts'
import { totalsOf, UNIQUE_FIELDS } from '../../src/domain/totals.ts'

const row = (known: Partial<Metrics>): Metrics => ({ ...UNKNOWN_METRICS, ...known })
const value = fc.option(fc.integer({ min: 0, max: 1_000_000 }))
const rows = fc.array(
  fc.record(
    Object.fromEntries(METRIC_FIELDS.map((field) => [field, value])),
  ) as fc.Arbitrary<Metrics>,
)

test('totals add up what is known and say out of how many publications', () => {
  const totals = totalsOf([row({ likes: 3, views: 10 }), row({ likes: 0 }), row({})])
  expect(totals.publications).toBe(3)
  expect(totals.values).toEqual(row({ likes: 3, views: 10 }))
  expect(totals.coverage).toMatchObject({ likes: 2, views: 1, clicks: 0 })
})

test('a total of zeros is zero, and a total of nothing known is null', () => {
  const totals = totalsOf([row({ shares: 0 }), row({ shares: 0 })])
  expect(totals.values.shares).toBe(0)
  expect(totals.values.saves).toBeNull()
})

test('no publication has only unknown totals', () => {
  const nothing = Object.fromEntries(METRIC_FIELDS.map((field) => [field, 0]))
  expect(totalsOf([])).toEqual({ values: UNKNOWN_METRICS, coverage: nothing, publications: 0 })
})

test('different people of two publications are never added up', () => {
  expect(totalsOf([row({ videoViewers: 7 }), row({})]).values.videoViewers).toBe(7)
  const two = totalsOf([row({ videoViewers: 7 }), row({ videoViewers: 7 })])
  expect(two.values.videoViewers).toBeNull()
  expect(two.coverage.videoViewers).toBe(2)
})

test('totals are exact up to 2^53 - 1, and null beyond', () => {
  const most = Number.MAX_SAFE_INTEGER
  expect(totalsOf([row({ views: most - 1 }), row({ views: 1 })]).values.views).toBe(most)
  expect(totalsOf([row({ views: most }), row({ views: 1 })]).values.views).toBeNull()
})

test('coverage never exceeds the publications, and a total is known only where it is covered', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const { values, coverage, publications } = totalsOf(all)
      const holds = (field: MetricField) =>
        coverage[field] <= publications &&
        (values[field] !== null) ===
          (UNIQUE_FIELDS.includes(field) ? coverage[field] === 1 : coverage[field] > 0)
      expect(METRIC_FIELDS.filter((field) => !holds(field))).toEqual([])
    }),
  )
})
