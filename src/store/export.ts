import { sql } from 'kysely'
import type { ExportedPublication } from '../domain/export.ts'
import type { Page, PageRequest } from '../domain/page.ts'
import type { PublicationFilter } from '../domain/publication.ts'
import type { Db } from './connect.ts'
import { type Keyset, keysetPage } from './keyset.ts'
import { mapPage } from './pages.ts'
import { publicationMatches } from './publication-filter.ts'
import { PUBLICATION_COLUMNS, toPublication } from './publication-rows.ts'

/**
 * One page of the publications that match, oldest recorded first: when it was recorded changes for
 * none of them, so whoever goes from page to page meets each one once, whatever is written meanwhile.
 */
export async function exportedPublications(
  db: Db,
  workspaceId: string,
  filter: PublicationFilter,
  request: PageRequest,
): Promise<Page<ExportedPublication>> {
  const query = db
    .selectFrom('publication')
    .innerJoin('account', (join) =>
      join
        .onRef('account.workspace_id', '=', 'publication.workspace_id')
        .onRef('account.id', '=', 'publication.account_id'),
    )
    .select([...PUBLICATION_COLUMNS, sql.ref<string | null>('account.handle').as('handle')])
    .where(publicationMatches(workspaceId, filter))
  const page = await keysetPage(db, { query, keyset: BY_CREATION }, request)
  return mapPage(page, ({ handle, ...row }) => ({
    publication: toPublication(row),
    accountHandle: handle,
  }))
}

const BY_CREATION: Keyset = {
  value: 'publication.created_at',
  id: 'publication.id',
  kind: 'instant',
  nullable: false,
  direction: 'asc',
}
