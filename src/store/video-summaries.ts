import { type RawBuilder, sql } from 'kysely'
import type { VideoSummary } from '../domain/video-summary.ts'
import type { Db } from './connect.ts'
import { anyOf } from './rows.ts'

/** The views of a video; video views where its platform has no views. */
export const WATCHED = sql<number | null>`coalesce(publication.views, publication.video_views)`

/** What is known of each of these accounts' videos together; an account without any is left out. */
export async function videoSummariesOfAccounts(
  db: Db,
  workspaceId: string,
  accountIds: readonly string[],
): Promise<Map<string, VideoSummary>> {
  const { rows } = await sql<VideoSummary & { accountId: string }>`
    select publication.account_id as "accountId",
      count(*) as videos,
      count(${WATCHED}) as viewed,
      ${exactSum(WATCHED)} as views,
      ${exactSum(sql`publication.likes`)} as likes,
      ${exactSum(sql`publication.comments`)} as comments,
      ${exactSum(sql`publication.shares`)} as shares,
      ${exactSum(sql`publication.bookmarks`)} as bookmarks,
      ${exactSum(sql`publication.saves`)} as saves,
      count(publication.published_at) as dated,
      min(publication.published_at) as "firstUploadAt",
      max(publication.published_at) as "lastUploadAt",
      max(publication.last_updated_at) as "lastUpdatedAt"
    from video
    join publication on publication.workspace_id = video.workspace_id
      and publication.id = video.publication_id
    where video.workspace_id = ${workspaceId}
      and publication.account_id = ${anyOf(accountIds)}
    group by publication.account_id`.execute(db)
  return new Map(rows.map(({ accountId, ...summary }) => [accountId, summary]))
}

// Unknown where nothing is added up, and where the sum is no exact number any more.
function exactSum(value: RawBuilder<unknown>): RawBuilder<number | null> {
  const limit = sql.lit(Number.MAX_SAFE_INTEGER)
  return sql`case when abs(sum(${value})) <= ${limit} then sum(${value})::bigint end`
}
