import { sql } from 'kysely'
import type { ContentType } from '../domain/content.ts'
import type { Metrics } from '../domain/metric.ts'
import type { Publication } from '../domain/publication.ts'
import type { Db } from './connect.ts'
import { metricAssignments, metricCells } from './metric-columns.ts'
import { anyOf, insertRows, type Row, rowSet } from './rows.ts'
import {
  filledWhenEmpty,
  replacedWhenGiven,
  type SyncOutcome,
  syncAssignments,
  syncCells,
} from './sync-state.ts'
import { type WriteTarget, write } from './writes.ts'

/** A publication as it is recorded or discovered, before its first reading. */
export interface NewPublication
  extends Pick<
    Publication,
    | 'id'
    | 'postId'
    | 'accountId'
    | 'platform'
    | 'platformPostId'
    | 'url'
    | 'text'
    | 'contentType'
    | 'thumbnailUrl'
    | 'durationSeconds'
    | 'createdAt'
    | 'publishedAt'
  > {
  /** When the schedule reads it first; left out: from its creation on. */
  dueAt?: Date
}

/** What a platform said of a publication's content; null where it said nothing. */
export interface ContentPatch {
  /** Taken only where the row has none. */
  url: string | null
  /** Taken only where the row has none. */
  text: string | null
  /** Taken only where the row's kind is `other`. */
  contentType: ContentType | null
  thumbnailUrl: string | null
  durationSeconds: number | null
  /** Taken only where the row has none. */
  publishedAt: Date | null
}

/** How a refresh of a publication ended. */
export interface PublicationSyncOutcome extends SyncOutcome {
  /** What `native` normalizes to; not looked at when `native` is null. */
  metrics: Metrics | null
  /** Null: the answer held no content. */
  content: ContentPatch | null
  /** When the schedule reads it again; null or left out: as before. */
  due?: Pick<Publication, 'dueAt' | 'timesGone'> | null
}

/**
 * Records publications, and answers the ids of those it recorded. One whose account already has
 * that post of the platform, or whose id is taken, is left out and changes nothing.
 */
export async function insertPublications(
  db: Db,
  workspaceId: string,
  publications: readonly NewPublication[],
): Promise<string[]> {
  if (publications.length === 0) return []
  const cells = publications.map((publication) => newPublicationCells(workspaceId, publication))
  const { rows } = await sql<{ id: string }>`
    ${insertRows('publication', cells)} on conflict do nothing returning id`.execute(db)
  return rows.map((row) => row.id)
}

/** Makes publications that were discovered part of a post. Those of another post stay with it. */
export async function attachPublications(
  db: Db,
  workspaceId: string,
  postId: string,
  publicationIds: readonly string[],
): Promise<void> {
  await db
    .updateTable('publication')
    .set({ post_id: postId })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', anyOf(publicationIds))
    .where('post_id', 'is', null)
    .execute()
}

/** Stores how a refresh ended for each of these publications, in one statement. */
export async function storePublicationOutcomes(
  to: WriteTarget,
  workspaceId: string,
  outcomes: readonly PublicationSyncOutcome[],
): Promise<void> {
  if (outcomes.length === 0) return
  const numbers = [...syncAssignments(), ...metricAssignments()]
  await write(
    to,
    sql`update publication as kept
      set ${sql.join([...numbers, ...CONTENT_ASSIGNMENTS, ...DUE_ASSIGNMENTS])}
      from ${rowSet('publication', outcomes.map(outcomeCells))} as given
      where kept.workspace_id = ${workspaceId} and kept.id = given.id`,
  )
}

const DUE_ASSIGNMENTS = [
  sql`due_at = case when given.times_gone is null then kept.due_at else given.due_at end`,
  replacedWhenGiven('times_gone'),
]

const CONTENT_ASSIGNMENTS = [
  ...['url', 'text', 'published_at'].map(filledWhenEmpty),
  ...['thumbnail_url', 'duration_seconds'].map(replacedWhenGiven),
  sql`content_type = case when kept.content_type = 'other'
    then coalesce(given.content_type, kept.content_type) else kept.content_type end`,
]

function outcomeCells(outcome: PublicationSyncOutcome): Row<'publication'> {
  return {
    ...syncCells(outcome),
    ...metricCells(outcome.metrics),
    due_at: outcome.due?.dueAt,
    times_gone: outcome.due?.timesGone,
    ...(outcome.content ? contentCells(outcome.content) : {}),
  }
}

/** A publication as the columns of its row. */
export function newPublicationCells(
  workspaceId: string,
  publication: NewPublication,
): Row<'publication'> {
  return {
    workspace_id: workspaceId,
    id: publication.id,
    post_id: publication.postId,
    account_id: publication.accountId,
    platform: publication.platform,
    platform_post_id: publication.platformPostId,
    created_at: publication.createdAt,
    due_at: publication.dueAt ?? publication.createdAt,
    ...contentCells(publication),
  }
}

function contentCells(content: ContentPatch): Row<'publication'> {
  return {
    url: content.url,
    text: content.text,
    content_type: content.contentType,
    thumbnail_url: content.thumbnailUrl,
    duration_seconds: content.durationSeconds,
    published_at: content.publishedAt,
  }
}
