import type { Publication, PublicationFilter } from '../domain/publication.ts'
import type { Db } from './connect.ts'
import { publicationMatches } from './publication-filter.ts'
import { PUBLICATION_COLUMNS, toPublication } from './publication-rows.ts'

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
