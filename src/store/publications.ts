import { sql } from 'kysely'
import type { JsonValue } from '../domain/json.ts'
import type { Order, Page, PageRequest } from '../domain/page.ts'
import type {
  Publication,
  PublicationFilter,
  PublicationOrderField,
} from '../domain/publication.ts'
import type { MetricTotals } from '../domain/totals.ts'
import type { Db } from './connect.ts'
import { type Keyset, keysetPage, keysetPages, OWNER_ID } from './keyset.ts'
import { mapPage, mapPages } from './pages.ts'
import { publicationMatches } from './publication-filter.ts'
import { PUBLICATION_COLUMNS, toPublication } from './publication-rows.ts'
import { TOTALS, type TotalsRow, toTotals } from './publication-totals.ts'
import { anyOf } from './rows.ts'

/** A slice of the list in the order that was asked for. */
export interface PublicationPageRequest extends PageRequest {
  order: Order<PublicationOrderField>
}

const ORDER_COLUMNS: Record<PublicationOrderField, Pick<Keyset, 'value' | 'kind' | 'nullable'>> = {
  createdAt: { value: 'publication.created_at', kind: 'instant', nullable: false },
  publishedAt: { value: 'publication.published_at', kind: 'instant', nullable: true },
  views: { value: 'publication.views', kind: 'count', nullable: true },
  impressions: { value: 'publication.impressions', kind: 'count', nullable: true },
  likes: { value: 'publication.likes', kind: 'count', nullable: true },
  comments: { value: 'publication.comments', kind: 'count', nullable: true },
  shares: { value: 'publication.shares', kind: 'count', nullable: true },
  engagement: { value: 'publication.engagement', kind: 'count', nullable: true },
  engagementRate: { value: 'publication.engagement_rate', kind: 'rate', nullable: true },
}

/** The workspace's publications among these ids. */
export async function publicationsByIds(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
): Promise<Publication[]> {
  const rows = await publicationsOf(db, workspaceId)
    .where('publication.id', '=', anyOf(ids))
    .execute()
  return rows.map(toPublication)
}

/** The publications with these ids of their platforms. Several accounts can share one. */
export async function publicationsByPlatformPostIds(
  db: Db,
  workspaceId: string,
  platformPostIds: readonly string[],
): Promise<Publication[]> {
  const rows = await publicationsOf(db, workspaceId)
    .where('publication.platform_post_id', '=', anyOf(platformPostIds))
    .execute()
  return rows.map(toPublication)
}

/** The publications of these posts, oldest first. */
export async function publicationsOfPosts(
  db: Db,
  workspaceId: string,
  postIds: readonly string[],
): Promise<Publication[]> {
  const rows = await publicationsOf(db, workspaceId)
    .where('publication.post_id', '=', anyOf(postIds))
    .orderBy('publication.created_at')
    .orderBy('publication.id')
    .execute()
  return rows.map(toPublication)
}

/** An account's publications, at most `limit`: first those never read, then the stalest. */
export async function publicationsOfAccount(
  db: Db,
  workspaceId: string,
  accountId: string,
  limit: number,
): Promise<Publication[]> {
  const rows = await publicationsOf(db, workspaceId)
    .where('publication.account_id', '=', accountId)
    .orderBy('publication.stale_after', (order) => order.asc().nullsFirst())
    .orderBy('publication.id')
    .limit(limit)
    .execute()
  return rows.map(toPublication)
}

/** The ids of the never read ones that `publicationsOfAccount` answers for the same limit. */
export async function unreadPublications(
  db: Db,
  workspaceId: string,
  accountId: string,
  limit: number,
): Promise<Pick<Publication, 'id' | 'platformPostId'>[]> {
  return db
    .selectFrom('publication')
    .select(['id', 'platform_post_id as platformPostId'])
    .where('workspace_id', '=', workspaceId)
    .where('account_id', '=', accountId)
    .where('stale_after', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Whether an account has a publication whose numbers are stale, or were never fetched. */
export async function hasStalePublication(
  db: Db,
  workspaceId: string,
  accountId: string,
  now: Date,
): Promise<boolean> {
  const row = await db
    .selectFrom('publication')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('account_id', '=', accountId)
    .where((eb) => eb.or([eb('stale_after', 'is', null), eb('stale_after', '<=', now)]))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** One page of the publications that match, in the order that the request names. */
export async function publicationPage(
  db: Db,
  workspaceId: string,
  filter: PublicationFilter,
  request: PublicationPageRequest,
): Promise<Page<Publication>> {
  const list = listOf(db, workspaceId, filter, request)
  return mapPage(await keysetPage(db, list, request), toPublication)
}

/** One page of each of these accounts' publications that match, by account. */
export async function publicationPagesOfAccounts(
  db: Db,
  workspaceId: string,
  accountIds: readonly string[],
  { filter, ...request }: PublicationPageRequest & { filter: PublicationFilter },
): Promise<Map<string, Page<Publication>>> {
  const { query, keyset } = listOf(db, workspaceId, filter, request)
  const list = { query: query.where('publication.account_id', '=', OWNER_ID), keyset }
  return mapPages(await keysetPages(db, list, request, accountIds), toPublication)
}

/** How many publications match. */
export async function publicationCount(
  db: Db,
  workspaceId: string,
  filter: PublicationFilter,
): Promise<number> {
  const { count } = await db
    .selectFrom('publication')
    .select(sql<number>`count(*)`.as('count'))
    .where(publicationMatches(workspaceId, filter))
    .executeTakeFirstOrThrow()
  return count
}

/** How many publications of each of these accounts match; an account that has none is left out. */
export async function publicationCountsOfAccounts(
  db: Db,
  workspaceId: string,
  accountIds: readonly string[],
  filter: PublicationFilter,
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('publication')
    .select(['account_id', sql<number>`count(*)`.as('count')])
    .where(publicationMatches(workspaceId, filter))
    .where('publication.account_id', '=', anyOf(accountIds))
    .groupBy('account_id')
    .execute()
  return new Map(rows.map(({ account_id, count }) => [account_id, count]))
}

/**
 * Sums over every publication that matches, and how many of them report each number. Null is
 * unknown: no row reports it, several report a unique count, or the sum is no exact number.
 */
export async function publicationTotals(
  db: Db,
  workspaceId: string,
  filter: PublicationFilter,
): Promise<MetricTotals> {
  const { rows } = await sql<TotalsRow>`
    select ${TOTALS} from publication
    where ${publicationMatches(workspaceId, filter)}`.execute(db)
  return toTotals(rows[0] ?? {})
}

/** The same totals of each of these accounts; an account without a match is left out. */
export async function publicationTotalsOfAccounts(
  db: Db,
  workspaceId: string,
  accountIds: readonly string[],
  filter: PublicationFilter,
): Promise<Map<string, MetricTotals>> {
  const { rows } = await sql<TotalsRow & { account_id: string }>`
    select account_id, ${TOTALS} from publication
    where ${publicationMatches(workspaceId, filter)} and account_id = ${anyOf(accountIds)}
    group by account_id`.execute(db)
  return new Map(rows.map(({ account_id, ...row }) => [account_id, toTotals(row)]))
}

/** The platforms' own answers by publication id; a publication that has none is left out. */
export async function publicationPayloads(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
): Promise<Map<string, JsonValue>> {
  const rows = await db
    .selectFrom('publication')
    .select(['id', 'payload'])
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', anyOf(ids))
    .where('payload', 'is not', null)
    .execute()
  return new Map(rows.map(({ id, payload }) => [id, payload]))
}

function listOf(
  db: Db,
  workspaceId: string,
  filter: PublicationFilter,
  { order: { field, direction } }: PublicationPageRequest,
) {
  const query = db
    .selectFrom('publication')
    .select(PUBLICATION_COLUMNS)
    .where(publicationMatches(workspaceId, filter))
  return { query, keyset: { ...ORDER_COLUMNS[field], id: 'publication.id', direction } }
}

function publicationsOf(db: Db, workspaceId: string) {
  return db
    .selectFrom('publication')
    .select(PUBLICATION_COLUMNS)
    .where('publication.workspace_id', '=', workspaceId)
}
