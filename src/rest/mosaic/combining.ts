import { METRIC_FIELDS, type Metrics } from '../../domain/metric.ts'
import { exactCount } from '../../domain/native.ts'
import type { SyncStatus } from '../../domain/sync.ts'

/** How the entries of an answer stand together. */
export type AnalyticsStatus = 'success' | 'partial' | 'pending' | 'error'

const TOGETHER: readonly [AnalyticsStatus, readonly SyncStatus[]][] = [
  ['success', ['synced']],
  ['pending', ['pending']],
  ['error', ['failed', 'requires_reconnect']],
]

/** One word for the rows of a post; null: there is none. Whatever is mixed is `partial`. */
export function statusOf(rows: readonly SyncStatus[]): AnalyticsStatus | null {
  if (rows.length === 0) return null
  const common = TOGETHER.find(([, states]) => rows.every((row) => states.includes(row)))
  return common?.[0] ?? 'partial'
}

/**
 * Each number summed over the rows that report it, unique counts included: the document's totals
 * are sums. Null where no row reports it, or where the sum cannot be told exactly.
 */
export function sumsOf(rows: readonly Metrics[]): Metrics {
  const sums = METRIC_FIELDS.map((field) => {
    const known = rows.map((row) => row[field]).filter((value) => value !== null)
    const sum = known.reduce((total, value) => total + value, 0)
    return [field, known.length === 0 ? null : exactCount(sum)]
  })
  return Object.fromEntries(sums) as Metrics
}
