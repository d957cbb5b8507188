import { type SelectQueryBuilder, sql } from 'kysely'
import type { Order, Page, PageRequest } from '../domain/page.ts'
import type { Video, VideoFilter, VideoOrderField } from '../domain/video.ts'
import type { Db } from './connect.ts'
import { type Keyset, keysetPage, keysetPages, OWNER_ID } from './keyset.ts'
import { mapPage, mapPages } from './pages.ts'
import { publicationMatches } from './publication-filter.ts'
import { PUBLICATION_COLUMNS, type PublicationRow, toPublication } from './publication-rows.ts'
import { anyOf, columnList, insertRows, type Row } from './rows.ts'
import type { Database } from './schema.ts'
import { type WriteTarget, write } from './writes.ts'

/** A slice of the list in the order that was asked for. */
export interface VideoPageRequest extends PageRequest {
  order: Order<VideoOrderField>
}

/** A video's record as it is made. */
export interface NewVideo extends Pick<Video, 'id' | 'videoId'> {
  publicationId: string
}

const COLUMNS = [
  ...PUBLICATION_COLUMNS,
  ...columnList(['publication.video_engagement_rate', 'video.id as record_id', 'video.video_id']),
] as const

const ORDER_COLUMNS: Record<VideoOrderField, Pick<Keyset, 'value' | 'kind'>> = {
  uploadDate: { value: 'publication.published_at', kind: 'instant' },
  views: { value: 'publication.views', kind: 'count' },
  likes: { value: 'publication.likes', kind: 'count' },
  engagementRate: { value: 'publication.video_engagement_rate', kind: 'rate' },
}

/** The workspace's videos among these ids of records. */
export async function videosByIds(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
): Promise<Video[]> {
  const rows = await videosOf(db, workspaceId).where('video.id', '=', anyOf(ids)).execute()
  return rows.map(toVideo)
}

/** The videos of these publications; one that is no video has none. */
export async function videosOfPublications(
  db: Db,
  workspaceId: string,
  publicationIds: readonly string[],
): Promise<Video[]> {
  const rows = await videosOf(db, workspaceId)
    .where('video.publication_id', '=', anyOf(publicationIds))
    .execute()
  return rows.map(toVideo)
}

/** One page of the videos that match, in the order that the request names. */
export async function videoPage(
  db: Db,
  workspaceId: string,
  filter: VideoFilter,
  request: VideoPageRequest,
): Promise<Page<Video>> {
  return mapPage(await keysetPage(db, listOf(db, workspaceId, filter, request), request), toVideo)
}

/** One page of each of these accounts' videos that match, by account. */
export async function videoPagesOfAccounts(
  db: Db,
  workspaceId: string,
  accountIds: readonly string[],
  { filter, ...request }: VideoPageRequest & { filter: VideoFilter },
): Promise<Map<string, Page<Video>>> {
  const { query, keyset } = listOf(db, workspaceId, filter, request)
  const list = { query: query.where('publication.account_id', '=', OWNER_ID), keyset }
  return mapPages(await keysetPages(db, list, request, accountIds), toVideo)
}

/** How many videos match. */
export async function videoCount(
  db: Db,
  workspaceId: string,
  filter: VideoFilter,
): Promise<number> {
  const { count } = await joined(db, workspaceId)
    .select(sql<number>`count(*)`.as('count'))
    .where(matches(workspaceId, filter))
    .executeTakeFirstOrThrow()
  return count
}

/** How many videos of each of these accounts match; an account that has none is left out. */
export async function videoCountsOfAccounts(
  db: Db,
  workspaceId: string,
  accountIds: readonly string[],
  filter: VideoFilter,
): Promise<Map<string, number>> {
  const rows = await joined(db, workspaceId)
    .select(['publication.account_id', sql<number>`count(*)`.as('count')])
    .where(matches(workspaceId, filter))
    .where('publication.account_id', '=', anyOf(accountIds))
    .groupBy('publication.account_id')
    .execute()
  return new Map(rows.map(({ account_id, count }) => [account_id, count]))
}

/** Makes records for videos. A publication that has one keeps it, and the new one is left out. */
export async function insertVideos(
  to: WriteTarget,
  workspaceId: string,
  videos: readonly NewVideo[],
): Promise<void> {
  if (videos.length === 0) return
  const cells = videos.map((video) => videoCells(workspaceId, video))
  await write(
    to,
    sql`${insertRows('video', cells)} on conflict (workspace_id, publication_id) do nothing`,
  )
}

/** A video's record as the columns of its row. */
export function videoCells(workspaceId: string, video: NewVideo): Row<'video'> {
  return {
    workspace_id: workspaceId,
    id: video.id,
    video_id: video.videoId,
    publication_id: video.publicationId,
  }
}

function listOf(
  db: Db,
  workspaceId: string,
  filter: VideoFilter,
  { order: { field, direction } }: VideoPageRequest,
) {
  const query = videosOf(db, workspaceId).where(matches(workspaceId, filter))
  return { query, keyset: { ...ORDER_COLUMNS[field], id: 'video.id', nullable: true, direction } }
}

/** Reads of a workspace's videos, each with its publication, to be narrowed. */
export function videosOf(db: Db, workspaceId: string) {
  return joined(db, workspaceId).select(COLUMNS)
}

function joined(
  db: Db,
  workspaceId: string,
): SelectQueryBuilder<Database, 'video' | 'publication', object> {
  return db
    .selectFrom('video')
    .innerJoin('publication', (join) =>
      join
        .onRef('publication.workspace_id', '=', 'video.workspace_id')
        .onRef('publication.id', '=', 'video.publication_id'),
    )
    .where('video.workspace_id', '=', workspaceId)
}

function matches(workspaceId: string, filter: VideoFilter) {
  return publicationMatches(workspaceId, {
    accountId: filter.accountId ?? null,
    platform: filter.platform ?? null,
    publishedFrom: filter.uploadedFrom ?? null,
    publishedTo: filter.uploadedTo ?? null,
  })
}

interface VideoRow extends PublicationRow {
  record_id: string
  video_id: string
  video_engagement_rate: number | null
}

/** The video that a row of `videosOf` holds. */
export function toVideo(row: VideoRow): Video {
  return {
    workspaceId: row.workspace_id,
    id: row.record_id,
    videoId: row.video_id,
    publication: toPublication(row),
    engagementRate: row.video_engagement_rate,
  }
}
