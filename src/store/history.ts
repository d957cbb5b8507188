import { type RawBuilder, sql } from 'kysely'
import type { HistoryQuery, MetricPoint, NativePoint } from '../domain/history.ts'
import type { NativeNumbers } from '../domain/metric.ts'
import { startOfDate } from './calendar.ts'
import type { Db } from './connect.ts'
import { toMetrics } from './metric-columns.ts'
import type { MetricColumns } from './schema.ts'
import { READING_COLUMNS, type SnapshotSubject } from './snapshots.ts'

/** What the numbers of these publications were, oldest first; one without readings is left out. */
export async function publicationHistories(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
  query: HistoryQuery,
): Promise<Map<string, MetricPoint[]>> {
  const statement = historiesOf<MetricColumns>(workspaceId, 'publication', ids, query)
  const { rows } = await statement.execute(db)
  return bySubject(rows, (row) => ({ at: row.at, metrics: toMetrics(row) }))
}

/** What the numbers of these accounts were, oldest first; one without readings is left out. */
export async function accountHistories(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
  query: HistoryQuery,
): Promise<Map<string, NativePoint[]>> {
  const statement = historiesOf<{ native: NativeNumbers }>(workspaceId, 'account', ids, query)
  const { rows } = await statement.execute(db)
  return bySubject(rows, ({ at, native }) => ({ at, native }))
}

interface PointRow {
  subject_id: string
  at: Date
}

/**
 * The statement that reads histories. The primary key finds each subject's readings by itself, in
 * the months of the window only.
 */
export function historiesOf<Numbers>(
  workspaceId: string,
  subject: SnapshotSubject,
  ids: readonly string[],
  query: HistoryQuery,
): RawBuilder<PointRow & Numbers> {
  const readings = sql`snapshot
    where snapshot.workspace_id = ${workspaceId} and snapshot.subject = ${sql.lit(subject)}
      and snapshot.subject_id = owner.id
      and snapshot.captured_at between ${query.from} and ${query.to}`
  const owners = ids.filter((id) => !id.includes('\0'))
  return sql`
    select owner.id as subject_id, point.* from unnest(${owners}::text[]) as owner (id)
    cross join lateral (${pointsOf(readings, READING_COLUMNS[subject], query)}) as point
    order by owner.id, point.at`
}

/**
 * What readings of one subject come to, in no order, as columns that a statement can select from:
 * `at`, `captured_at` of the reading that a point shows, and the numbers.
 */
export function pointsOf(
  readings: RawBuilder<unknown>,
  columns: readonly string[],
  { interval, timeZone, limit }: HistoryQuery,
): RawBuilder<unknown> {
  const listed = sql.join(columns.map((column) => sql.ref(column)))
  if (interval === null) {
    return sql`select captured_at as at, captured_at, ${listed} from ${readings}
      order by captured_at limit ${limit}`
  }
  const clock = sql`captured_at at time zone ${timeZone}`
  const start =
    interval === 'hour' ? startOfHour(timeZone) : startOfDate(sql.ref('bucket'), timeZone)
  return sql`select ${start} as at, captured_at,
      ${listed} from (
      select distinct on (bucket, shift) bucket, shift, captured_at, ${listed} from (
        select date_trunc(${sql.lit(interval)}, ${clock}) as bucket, captured_at, ${listed},
          ${interval === 'hour' ? sql`${clock} - captured_at at time zone 'UTC'` : NO_SHIFT} as shift
        from ${readings}
      ) as reading
      order by bucket, shift desc, captured_at desc limit ${limit}
    ) as latest`
}

// A clock that is put back shows an hour twice: how far it is ahead tells which. Dates are the same
// whatever happens to the clock on them.
const NO_SHIFT = sql`null::interval`

// An hour in which the clock changed begins with the change, which can be at any of its quarters.
function startOfHour(timeZone: string): RawBuilder<Date> {
  const hour = sql`(bucket - shift) at time zone 'UTC'`
  const quarters = sql`unnest(array[0, 15, 30, 45]) as minutes,
    lateral (select (${hour}) + minutes * interval '1 minute' as quarter) as counted`
  return sql`coalesce((select min(quarter) from ${quarters}
    where quarter at time zone ${timeZone} - quarter at time zone 'UTC' = shift), ${hour})`
}

function bySubject<Row extends PointRow, Point>(
  rows: readonly Row[],
  toPoint: (row: Row) => Point,
): Map<string, Point[]> {
  const groups = Map.groupBy(rows, (row) => row.subject_id)
  return new Map([...groups].map(([id, own]) => [id, own.map(toPoint)]))
}
