import { sql } from 'kysely'
import type { Db } from './connect.ts'
import { rowSet } from './rows.ts'

/** Something whose data a transaction changed. */
export interface NewChange {
  subject: 'account' | 'publication' | 'video'
  subjectId: string
}

/**
 * Moves the workspace's data version by one, and notes what changed under the new version, which
 * it answers. Call it last in a transaction: it holds the workspace's row until the end, so that
 * versions are in the order of commits.
 */
export async function recordChanges(
  db: Db,
  workspaceId: string,
  at: Date,
  changes: readonly NewChange[],
): Promise<number> {
  const noted = changes.map(({ subject, subjectId }) => ({ subject, subject_id: subjectId, at }))
  const { rows } = await sql<{ data_version: number }>`
    with moved as (
      update workspace set data_version = data_version + 1
      where workspace_id = ${workspaceId} returning data_version
    ), noted as (
      insert into change (workspace_id, version, subject, subject_id, at)
      select ${workspaceId}, moved.data_version, given.subject, given.subject_id, given.at
      from moved, ${rowSet('change', noted)} as given
      on conflict do nothing
    )
    select data_version from moved`.execute(db)
  const [moved] = rows
  if (!moved) throw new Error(`There is no workspace ${workspaceId}.`)
  return moved.data_version
}
