import { METRIC_FIELDS, type MetricField, type Metrics } from './metric.ts'
import { exactCount } from './native.ts'

/** Sums, and out of how many publications each was made. */
export interface MetricTotals {
  /** Null where no publication reports the metric, or where what they report cannot be added. */
  values: Metrics
  /** How many publications report each metric. */
  coverage: Record<MetricField, number>
  publications: number
}

/** Counts of different people: those of two publications overlap, so they are never added up. */
export const UNIQUE_FIELDS: readonly MetricField[] = ['videoViewers']

/** The totals of some publications' numbers. Sums beyond 2^53 - 1 are null. Throws nothing. */
export function totalsOf(rows: readonly Metrics[]): MetricTotals {
  const columns = METRIC_FIELDS.map((field) => {
    const known = rows.map((row) => row[field]).filter((value) => value !== null)
    return { field, total: totalOf(field, known), count: known.length }
  })
  return {
    values: byField(columns.map(({ field, total }) => [field, total])),
    coverage: byField(columns.map(({ field, count }) => [field, count])),
    publications: rows.length,
  }
}

function totalOf(field: MetricField, known: readonly number[]): number | null {
  if (known.length === 0) return null
  if (known.length > 1 && UNIQUE_FIELDS.includes(field)) return null
  return exactCount(known.reduce((sum, value) => sum + value, 0))
}

function byField<Value>(entries: [MetricField, Value][]): Record<MetricField, Value> {
  return Object.fromEntries(entries) as Record<MetricField, Value>
}
