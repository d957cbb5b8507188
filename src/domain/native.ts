import type { MetricDefinition, NativeNumbers } from './metric.ts'

/** A number as a whole one, 2^53 - 1 at most; null where it cannot be told exactly. */
export function exactCount(value: number): number | null {
  // Adding 0 turns a negative zero into a plain one.
  const count = Math.round(value) + 0
  return Number.isSafeInteger(count) ? count : null
}

/**
 * What a platform reported for a metric: a whole number, or any number for a decimal metric.
 * Null when it reported nothing, or nothing that can be told exactly.
 */
export function reportedValue(
  metric: Pick<MetricDefinition, 'name' | 'kind'>,
  native: NativeNumbers,
): number | null {
  const value = native[metric.name]
  if (value === undefined) return null
  if (metric.kind === 'decimal') return Number.isFinite(value) ? value : null
  return exactCount(value)
}
