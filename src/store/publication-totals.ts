import { type RawBuilder, sql } from 'kysely'
import { METRIC_FIELDS, type MetricField } from '../domain/metric.ts'
import { type MetricTotals, UNIQUE_FIELDS } from '../domain/totals.ts'
import { METRIC_COLUMNS } from './metric-columns.ts'

/** What `TOTALS` selects, by column. */
export type TotalsRow = Record<string, number | null>

/** What a statement over `publication` selects to tell of totals. */
export const TOTALS = sql.join([
  sql`count(*) as publications`,
  ...METRIC_FIELDS.flatMap((field) => [sumOf(field), coverageOf(field)]),
])

/** The totals that a row of such a statement tells; those of no publication for an empty row. */
export function toTotals(row: TotalsRow): MetricTotals {
  return {
    values: perField((field) => row[`${METRIC_COLUMNS[field]}_sum`] ?? null),
    coverage: perField((field) => row[`${METRIC_COLUMNS[field]}_coverage`] ?? 0),
    publications: row['publications'] ?? 0,
  }
}

function perField<Value>(pick: (field: MetricField) => Value): Record<MetricField, Value> {
  const entries = METRIC_FIELDS.map((field) => [field, pick(field)])
  return Object.fromEntries(entries)
}

function sumOf(field: MetricField): RawBuilder<unknown> {
  const column = sql.ref(`publication.${METRIC_COLUMNS[field]}`)
  const isExact = UNIQUE_FIELDS.includes(field)
    ? sql`count(${column}) <= 1`
    : sql`abs(sum(${column})) <= ${sql.lit(Number.MAX_SAFE_INTEGER)}`
  return sql`case when ${isExact} then sum(${column})::bigint end
    as ${sql.ref(`${METRIC_COLUMNS[field]}_sum`)}`
}

function coverageOf(field: MetricField): RawBuilder<unknown> {
  const column = METRIC_COLUMNS[field]
  return sql`count(${sql.ref(`publication.${column}`)}) as ${sql.ref(`${column}_coverage`)}`
}
