import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { PublicationFilter } from '../domain/publication.ts'
import type { Database } from './schema.ts'

/** The publications of a workspace that match every field that the filter gives. */
export function publicationMatches(
  workspaceId: string,
  filter: PublicationFilter,
): Expression<SqlBool> {
  const eb = expressionBuilder<Database, 'publication'>()
  const wanted: Expression<SqlBool>[] = [eb('publication.workspace_id', '=', workspaceId)]
  const { from, to, publishedFrom, publishedTo } = filter
  if (given(filter.postId)) wanted.push(eb('publication.post_id', '=', filter.postId))
  if (given(filter.accountId)) wanted.push(eb('publication.account_id', '=', filter.accountId))
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

/** Whether the filter narrows anything. */
export function isEmptyFilter(filter: PublicationFilter): boolean {
  return !Object.values(filter).some(given)
}

function given<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined
}
