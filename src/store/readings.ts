import { type RawBuilder, sql } from 'kysely'
import type { MetricPoint, NativePoint } from '../domain/history.ts'
import type { NativeNumbers } from '../domain/metric.ts'
import type { ReadingQuestion } from '../domain/reading.ts'
import type { Db } from './connect.ts'
import { toMetrics } from './metric-columns.ts'
import type { MetricColumns } from './schema.ts'
import { READING_COLUMNS, type SnapshotSubject } from './snapshots.ts'

/** The readings of accounts that were asked for, in the order of the questions; null: none. */
export async function accountReadings(
  db: Db,
  workspaceId: string,
  questions: readonly ReadingQuestion[],
): Promise<(NativePoint | null)[]> {
  const statement = readingsOf<{ native: NativeNumbers }>(workspaceId, 'account', questions)
  const { rows } = await statement.execute(db)
  return inOrder(questions, rows, ({ at, native }) => ({ at, native }))
}

/** The readings of publications that were asked for, in the order of the questions; null: none. */
export async function publicationReadings(
  db: Db,
  workspaceId: string,
  questions: readonly ReadingQuestion[],
): Promise<(MetricPoint | null)[]> {
  const statement = readingsOf<MetricColumns>(workspaceId, 'publication', questions)
  const { rows } = await statement.execute(db)
  return inOrder(questions, rows, (row) => ({ at: row.at, metrics: toMetrics(row) }))
}

interface ReadingRow {
  /** Which question it answers, from 1 on. */
  number: number
  at: Date
}

/**
 * The statement that reads readings. The primary key finds each by itself, from the latest instant
 * down, in the months between the question's instants only.
 */
export function readingsOf<Numbers>(
  workspaceId: string,
  subject: SnapshotSubject,
  questions: readonly ReadingQuestion[],
): RawBuilder<ReadingRow & Numbers> {
  const ids = questions.map(({ subjectId }) => subjectId)
  const since = questions.map((question) => question.since.toISOString())
  const at = questions.map((question) => question.at.toISOString())
  const columns = sql.join(READING_COLUMNS[subject].map((column) => sql.ref(column)))
  return sql`
    select asked.number, reading.*
    from unnest(
      ${ids}::text[], ${since}::text[]::timestamptz[], ${at}::text[]::timestamptz[]
    ) with ordinality as asked (id, since, at, number)
    cross join lateral (
      select captured_at as at, ${columns} from snapshot
      where snapshot.workspace_id = ${workspaceId} and snapshot.subject = ${sql.lit(subject)}
        and snapshot.subject_id = asked.id
        and snapshot.captured_at between asked.since and asked.at
      order by captured_at desc limit 1
    ) as reading`
}

function inOrder<Row extends ReadingRow, Point>(
  questions: readonly ReadingQuestion[],
  rows: readonly Row[],
  toPoint: (row: Row) => Point,
): (Point | null)[] {
  const points = new Map(rows.map((row) => [row.number, toPoint(row)]))
  return questions.map((_, index) => points.get(index + 1) ?? null)
}
