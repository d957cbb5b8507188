import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { PublicationFilter } from '../domain/publication.ts'
import type { Database } from './schema.ts'

type IdColumn = 'publication.post_id' | 'publication.platform_post_id' | 'publication.account_id'

/** The publications of a workspace that match every field that the filter gives. */
export function publicationMatches(
  workspaceId: string,
  filter: PublicationFilter,
): Expression<SqlBool> {
  const eb = expressionBuilder<Database, 'publication'>()
  const wanted: Expression<SqlBool>[] = [eb('publication.workspace_id', '=', workspaceId)]
  const { from, to, publishedFrom, publishedTo } = filter
  if (given(filter.postId)) wanted.push(is('publication.post_id', filter.postId))
  if (given(filter.accountId)) wanted.push(is('publication.account_id', filter.accountId))
  if (given(filter.anyPostId)) {
    const either = ['publication.post_id', 'publication.platform_post_id'] as const
    const { anyPostId } = filter
    wanted.push(eb.or(either.map((column) => is(column, anyPostId))))
  }
  if (filter.isRecorded) wanted.push(eb('publication.post_id', 'is not', null))
  if (given(filter.platform)) wanted.push(eb('publication.platform', '=', filter.platform))
  if (given(filter.contentType)) {
    wanted.push(eb('publication.content_type', '=', filter.contentType))
  }
  if (given(filter.syncStatus)) wanted.push(eb('publication.sync_status', '=', filter.syncStatus))
  if (given(from)) wanted.push(eb('publication.created_at', '>=', from))
  if (given(to)) wanted.push(eb('publication.created_at', '<=', to))
  if (given(publishedFrom)) wanted.push(eb('publication.published_at', '>=', publishedFrom))
  if (given(publishedTo)) wanted.push(eb('publication.published_at', '<=', publishedTo))
  return eb.and(wanted)
}

// PostgreSQL's text holds no U+0000, so an id with one is nowhere.
function is(column: IdColumn, id: string): Expression<SqlBool> {
  const eb = expressionBuilder<Database, 'publication'>()
  return id.includes('\0') ? eb.lit(false) : eb(column, '=', id)
}

/** Whether the filter narrows anything. */
export function isEmptyFilter(filter: PublicationFilter): boolean {
  return !Object.values(filter).some(given)
}

function given<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined
}
