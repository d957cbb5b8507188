import { type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import type { Page, PageRequest } from '../domain/page.ts'
import type { Post } from '../domain/post.ts'
import type { PublicationFilter } from '../domain/publication.ts'
import type { Db } from './connect.ts'
import { keysetPage } from './keyset.ts'
import { mapPage } from './pages.ts'
import { isEmptyFilter, publicationMatches } from './publication-filter.ts'
import { anyOf, columnList, insertRows } from './rows.ts'
import type { Database } from './schema.ts'

const COLUMNS = columnList(['post.workspace_id', 'post.id', 'post.text', 'post.created_at'])

/** The workspace's posts among these ids. */
export async function postsByIds(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
): Promise<Post[]> {
  const rows = await db
    .selectFrom('post')
    .select(COLUMNS)
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', anyOf(ids))
    .execute()
  return rows.map(toPost)
}

/** One page, newest first, of the posts with a publication that matches; no filter: of all. */
export async function postPage(
  db: Db,
  workspaceId: string,
  filter: PublicationFilter,
  page: PageRequest,
): Promise<Page<Post>> {
  const query = matching(db.selectFrom('post').select(COLUMNS), workspaceId, filter)
  const keyset = {
    value: 'post.created_at',
    id: 'post.id',
    kind: 'instant',
    nullable: false,
    direction: 'desc',
  } as const
  return mapPage(await keysetPage(db, { query, keyset }, page), toPost)
}

/** How many posts have a publication that matches; no filter: how many there are. */
export async function postCount(
  db: Db,
  workspaceId: string,
  filter: PublicationFilter,
): Promise<number> {
  const count = db.selectFrom('post').select(sql<number>`count(*)`.as('count'))
  return (await matching(count, workspaceId, filter).executeTakeFirstOrThrow()).count
}

/** Records posts, and answers the ids of those it recorded: one whose id is taken is left out. */
export async function insertPosts(
  db: Db,
  workspaceId: string,
  posts: readonly Omit<Post, 'workspaceId'>[],
): Promise<string[]> {
  if (posts.length === 0) return []
  const cells = posts.map(({ id, text, createdAt }) => ({
    workspace_id: workspaceId,
    id,
    text,
    created_at: createdAt,
  }))
  const { rows } = await sql<{ id: string }>`
    ${insertRows('post', cells)} on conflict do nothing returning id`.execute(db)
  return rows.map((row) => row.id)
}

function matching<Found>(
  query: SelectQueryBuilder<Database, 'post', Found>,
  workspaceId: string,
  filter: PublicationFilter,
): SelectQueryBuilder<Database, 'post', Found> {
  const all = query.where('post.workspace_id', '=', workspaceId)
  if (isEmptyFilter(filter)) return all
  return all.where(sql<boolean>`exists (select from publication
    where publication.post_id = post.id and ${publicationMatches(workspaceId, filter)})`)
}

function toPost(row: Selectable<Database['post']>): Post {
  return { workspaceId: row.workspace_id, id: row.id, text: row.text, createdAt: row.created_at }
}
