import { sql } from 'kysely'
import type { Change, ChangePlace } from '../domain/change.ts'
import type { Refresh } from '../domain/refresh.ts'
import type { Db } from './connect.ts'
import { noticeOf } from './notice-texts.ts'
import { anyOf, rowSet } from './rows.ts'

/** Something whose data a transaction changed. */
export type NewChange = Pick<Change, 'subject' | 'subjectId'>

/** What a transaction has done that others are to know. */
export interface NewChanges {
  /** For the feed of changes. */
  changes?: readonly NewChange[]
  /** Publications whose videos, where they are some, changed with them. */
  videosOf?: readonly string[]
  /** Those that came a step further: queued, queued again or ended. */
  refreshes?: readonly Pick<Refresh, 'id'>[]
}

/**
 * Moves the workspace's data version by one, notes what changed under the new version, which it
 * answers, and has every process told of it at the commit. Call it last in a transaction: it holds
 * the workspace's row until the end, so that versions and notices are in the order of commits.
 */
export async function recordChanges(
  db: Db,
  workspaceId: string,
  at: Date,
  { changes = [], videosOf = [], refreshes = [] }: NewChanges,
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
      union all
      select ${workspaceId}, moved.data_version, 'video', video.id, ${at}
      from moved join video
        on video.workspace_id = ${workspaceId} and video.publication_id = ${anyOf(videosOf)}
      on conflict do nothing
    )
    select moved.data_version, ${noticeOf(workspaceId, sql`moved.data_version`)}
    from moved left join refresh as told
    on told.workspace_id = ${workspaceId} and told.id = ${anyOf(refreshes.map(({ id }) => id))}
    `.execute(db)
  const [moved] = rows
  if (!moved) throw new Error(`There is no workspace ${workspaceId}.`)
  return moved.data_version
}

/**
 * The workspace's changes after a place, or with null from the first one on, at most `limit`. What
 * is committed later comes after all that could be read before, so that nobody misses any.
 */
export async function changesAfter(
  db: Db,
  workspaceId: string,
  place: ChangePlace | null,
  limit: number,
): Promise<Change[]> {
  const feed = db
    .selectFrom('change')
    .select(['version', 'subject', 'subject_id as subjectId', 'at'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('version')
    .orderBy('subject')
    .orderBy('subject_id')
    .limit(limit)
  if (place === null) return feed.execute()
  const { version, subject, subjectId } = place
  const isLater = sql<boolean>`(version, subject, subject_id) > (${version}, ${subject}, ${subjectId})`
  return feed.where(isLater).execute()
}
