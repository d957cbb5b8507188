import { type RawBuilder, sql } from 'kysely'
import type { JsonValue } from '../domain/json.ts'
import type { SyncState } from '../domain/sync.ts'
import type { Db } from './connect.ts'
import type { ImportMode, ImportResult } from './import-rows.ts'
import { metricAssignments, metricCells } from './metric-columns.ts'
import { ensurePartitionsOf } from './partitions.ts'
import { insertRows, rowSet } from './rows.ts'
import { type NewSnapshot, snapshotCells } from './snapshots.ts'
import { syncAssignments, syncCells } from './sync-state.ts'

/** A snapshot as it is imported, with the state that its subject was in. */
export interface ImportedSnapshot
  extends NewSnapshot,
    Pick<SyncState, 'syncStatus' | 'warnings' | 'errorMessage' | 'staleAfter' | 'missing'> {
  /** The platform's own answer; null: there is none, undefined: the one that is kept stays. */
  payload: JsonValue | undefined
  /** When the schedule reads the subject after it. */
  dueAt: Date
}

/** How many snapshots are new, were overwritten, and were left as they are. */
export type SnapshotImportResult = Omit<ImportResult, 'clashes'>

/**
 * Imports snapshots, whatever months they are of. The newest of a subject becomes its latest state
 * unless the subject has a later one. The rows of one call name each subject and instant once.
 */
export async function importSnapshots(
  db: Db,
  workspaceId: string,
  snapshots: readonly ImportedSnapshot[],
  mode: ImportMode,
): Promise<SnapshotImportResult> {
  if (snapshots.length === 0) return { stored: 0, replaced: 0, skipped: 0 }
  await ensurePartitionsOf(
    db,
    snapshots.map((snapshot) => snapshot.capturedAt),
  )
  const stored = await writeSnapshots(db, workspaceId, snapshots, mode)
  for (const subject of ['account', 'publication'] as const) {
    const ofSubject = snapshots.filter((snapshot) => snapshot.subject === subject)
    await storeLatest(db, workspaceId, newestOfEach(ofSubject), mode)
  }
  const there = snapshots.length - stored
  return { stored, replaced: mode.replace ? there : 0, skipped: mode.replace ? 0 : there }
}

async function writeSnapshots(
  db: Db,
  workspaceId: string,
  snapshots: readonly ImportedSnapshot[],
  { replace }: ImportMode,
): Promise<number> {
  const cells = snapshots.map((snapshot) => snapshotCells(workspaceId, snapshot))
  const columns = Object.keys(cells[0] ?? {})
  const replaced = columns.map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`)
  const key = sql.raw('workspace_id, subject, subject_id, captured_at')
  const { rows } = await sql<{ stored: number }>`
    with known as (
      select 1 from snapshot where (${key}) in (select ${key} from ${rowSet('snapshot', cells)})
    ),
    written as (
      ${insertRows('snapshot', cells)} on conflict (${key})
      ${replace ? sql`do update set ${sql.join(replaced)}` : sql`do nothing`} returning 1
    )
    select (select count(*) from written) - ${
      replace ? sql`(select count(*) from known)` : sql`0`
    } as stored`.execute(db)
  return rows[0]?.stored ?? 0
}

function newestOfEach(snapshots: readonly ImportedSnapshot[]): ImportedSnapshot[] {
  const newest = new Map<string, ImportedSnapshot>()
  for (const snapshot of snapshots) {
    const other = newest.get(snapshot.subjectId)
    if (!other || other.capturedAt < snapshot.capturedAt) newest.set(snapshot.subjectId, snapshot)
  }
  return [...newest.values()]
}

async function storeLatest(
  db: Db,
  workspaceId: string,
  newest: readonly ImportedSnapshot[],
  { replace }: ImportMode,
): Promise<void> {
  const [first] = newest
  if (!first) return
  const isLater = sql.raw(replace ? '>=' : '>')
  await sql`
    update ${sql.table(first.subject)} as kept
    set ${sql.join([...syncAssignments(), ...alsoAssigned(first)])}, due_at = given.due_at
    from ${rowSet(first.subject, newest.map(stateCells))} as given
    where kept.workspace_id = ${workspaceId} and kept.id = given.id
      and given.last_updated_at ${isLater} coalesce(kept.last_updated_at, '-infinity')`.execute(db)
  const bare = newest.filter(({ payload }) => payload === null)
  if (bare.length === 0) return
  await sql`
    update ${sql.table(first.subject)} as kept set payload = null
    from ${rowSet(first.subject, bare.map(stateCells))} as given
    where kept.workspace_id = ${workspaceId} and kept.id = given.id
      and given.last_updated_at = kept.last_updated_at`.execute(db)
}

function alsoAssigned({ subject }: NewSnapshot): RawBuilder<unknown>[] {
  if (subject === 'publication') return [...metricAssignments(), sql`times_gone = 0`]
  // Tokens that its platform did not take any more do not come back to life by an import.
  const isLost = sql`given.sync_status = 'requires_reconnect' and kept.connection_status = 'connected'`
  return [
    sql`connection_status = case when ${isLost} then 'requires_reconnect' else kept.connection_status end`,
  ]
}

function stateCells(snapshot: ImportedSnapshot) {
  const state = { ...snapshot, id: snapshot.subjectId, lastUpdatedAt: snapshot.capturedAt }
  const numbers = snapshot.subject === 'publication' ? metricCells(snapshot.metrics) : {}
  return { ...syncCells(state), ...numbers, due_at: snapshot.dueAt }
}
