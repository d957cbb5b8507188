import { type RawBuilder, sql } from 'kysely'
import type { Order } from '../domain/page.ts'
import type { Publication, PublicationFilter } from '../domain/publication.ts'
import type { Video, VideoOrderField } from '../domain/video.ts'
import type { Db } from './connect.ts'
import { publicationMatches } from './publication-filter.ts'
import { PUBLICATION_COLUMNS, toPublication } from './publication-rows.ts'
import { WATCHED } from './video-summaries.ts'
import { toVideo, videosOf } from './videos.ts'

/** A page by its place in a list: so many rows after so many. */
export interface NumberedPage {
  offset: number
  limit: number
}

/** The publications that match at a place of the list, the newest recorded first, then by id. */
export async function publicationsAt(
  db: Db,
  workspaceId: string,
  filter: PublicationFilter,
  { offset, limit }: NumberedPage,
): Promise<Publication[]> {
  const rows = await db
    .selectFrom('publication')
    .select(PUBLICATION_COLUMNS)
    .where(publicationMatches(workspaceId, filter))
    .orderBy('publication.created_at', 'desc')
    .orderBy('publication.id')
    .offset(offset)
    .limit(limit)
    .execute()
  return rows.map(toPublication)
}

/** A page of an account's videos by its place in their list. */
export interface VideosWanted extends NumberedPage {
  accountId: string
  order: Order<VideoOrderField>
}

// By what counts as views, and as bookmarks, whatever the platform calls it.
const COUNTED: Record<VideoOrderField, RawBuilder<unknown>> = {
  uploadDate: sql`publication.published_at`,
  views: WATCHED,
  likes: sql`publication.likes`,
  engagementRate: sql`case
    when coalesce(likes, comments, shares, bookmarks, saves) is null then null
    else (coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0)
      + coalesce(bookmarks, saves, 0))::double precision * 100 / nullif(${WATCHED}, 0) end`,
}

/**
 * The videos at a place of an account's list, where video views count as views when the platform
 * has none, and saves as bookmarks. Those without a value come last, and ties by ascending id.
 */
export async function videosAt(
  db: Db,
  workspaceId: string,
  { accountId, order: { field, direction }, offset, limit }: VideosWanted,
): Promise<Video[]> {
  const rows = await videosOf(db, workspaceId)
    .where('publication.account_id', '=', accountId)
    .orderBy(COUNTED[field], (by) => by[direction]().nullsLast())
    .orderBy('video.id')
    .offset(offset)
    .limit(limit)
    .execute()
  return rows.map(toVideo)
}
