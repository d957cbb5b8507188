import { type RawBuilder, sql } from 'kysely'
import type { Metrics, NativeNumbers } from '../domain/metric.ts'
import type { Db } from './connect.ts'
import { METRIC_COLUMN_NAMES, metricCells } from './metric-columns.ts'
import { ensurePartitionsOf, type KnownPartitions } from './partitions.ts'
import { insertRows, type Row } from './rows.ts'
import { type WriteTarget, write } from './writes.ts'

/** What a snapshot is of. A video's numbers are its publication's. */
export type SnapshotSubject = 'account' | 'publication'

/** What a reading tells of its subject. */
export const READING_COLUMNS: Record<SnapshotSubject, readonly string[]> = {
  account: ['native'],
  publication: METRIC_COLUMN_NAMES,
}

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

/** How snapshots are kept. */
export interface KeepingSnapshots {
  /** More of them, kept only where the same subject has none since an instant. */
  repeats?: { snapshots: readonly NewSnapshot[]; since: Date }
  /** Where they are written; left out: to the database at once. */
  to?: WriteTarget
  partitions?: KnownPartitions | undefined
}

const NO_REPEATS = { snapshots: [], since: new Date(0) }

/** Keeps readings, whatever months they are of. One of the same instant is there already. */
export async function insertSnapshots(
  db: Db,
  workspaceId: string,
  snapshots: readonly NewSnapshot[],
  { repeats = NO_REPEATS, to = db, partitions }: KeepingSnapshots = {},
): Promise<void> {
  const all = [...snapshots, ...repeats.snapshots]
  if (all.length === 0) return
  await ensurePartitionsOf(
    db,
    all.map((snapshot) => snapshot.capturedAt),
    partitions,
  )
  if (snapshots.length > 0) await write(to, insertOf(workspaceId, snapshots, sql`true`))
  if (repeats.snapshots.length === 0) return
  await write(to, insertOf(workspaceId, repeats.snapshots, isNotCapturedSince(repeats.since)))
}

function insertOf(
  workspaceId: string,
  snapshots: readonly NewSnapshot[],
  isKept: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const cells = snapshots.map((snapshot) => snapshotCells(workspaceId, snapshot))
  return sql`${insertRows('snapshot', cells)} as given where ${isKept} on conflict do nothing`
}

function isNotCapturedSince(since: Date): RawBuilder<unknown> {
  return sql`not exists (
    select from snapshot as other
    where other.workspace_id = given.workspace_id and other.subject = given.subject
      and other.subject_id = given.subject_id and other.captured_at >= ${since})`
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
