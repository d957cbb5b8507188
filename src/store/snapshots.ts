import { sql } from 'kysely'
import type { Metrics, NativeNumbers } from '../domain/metric.ts'
import type { Db } from './connect.ts'
import { metricCells } from './metric-columns.ts'
import { ensurePartitionsOf } from './partitions.ts'
import { anyOf, insertRows, type Row } from './rows.ts'

/** What a snapshot is of. A video's numbers are its publication's. */
export type SnapshotSubject = 'account' | 'publication'

/** A reading as it is kept for ever. */
export interface NewSnapshot {
  subject: SnapshotSubject
  subjectId: string
  capturedAt: Date
  native: NativeNumbers
  /** Null for an account, which has none of the thirteen numbers. */
  metrics: Metrics | null
  catalogVersion: number
}

/** When each subject was last captured, by its id. One not captured since `since` is left out. */
export async function lastCapturedAt(
  db: Db,
  workspaceId: string,
  of: { subject: SnapshotSubject; ids: readonly string[] },
  since: Date,
): Promise<Map<string, Date>> {
  const rows = await db
    .selectFrom('snapshot')
    .select(['subject_id', sql<Date>`max(captured_at)`.as('captured_at')])
    .where('workspace_id', '=', workspaceId)
    .where('subject', '=', of.subject)
    .where('subject_id', '=', anyOf(of.ids))
    .where('captured_at', '>=', since)
    .groupBy('subject_id')
    .execute()
  return new Map(rows.map((row) => [row.subject_id, row.captured_at]))
}

/** Keeps readings, whatever months they are of. One of the same instant is there already. */
export async function insertSnapshots(
  db: Db,
  workspaceId: string,
  snapshots: readonly NewSnapshot[],
): Promise<void> {
  if (snapshots.length === 0) return
  await ensurePartitionsOf(
    db,
    snapshots.map((snapshot) => snapshot.capturedAt),
  )
  const cells = snapshots.map((snapshot) => snapshotCells(workspaceId, snapshot))
  await sql`${insertRows('snapshot', cells)} on conflict do nothing`.execute(db)
}

/** A snapshot as the columns of its row. */
export function snapshotCells(workspaceId: string, snapshot: NewSnapshot): Row<'snapshot'> {
  return {
    workspace_id: workspaceId,
    subject: snapshot.subject,
    subject_id: snapshot.subjectId,
    captured_at: snapshot.capturedAt,
    native: snapshot.native,
    ...metricCells(snapshot.metrics),
    catalog_version: snapshot.catalogVersion,
  }
}
