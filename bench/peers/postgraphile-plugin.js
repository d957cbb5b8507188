import { context, lambda, object } from 'postgraphile/grafast'
import { extendSchema } from 'postgraphile/utils'
import { entriesFor } from './publications.js'

const ENTRY_COLUMNS = [
  ...['platform', 'content_type', 'published_at', 'sync_status', 'last_updated_at'],
  ...['missing', 'native'],
]

/** What a publication shows beside its columns: the entries of its metrics, and its staleness. */
export const PublicationPlugin = extendSchema(({ pgResources: { account } }) => ({
  typeDefs: `
    type MetricEntry { name: String! value: Float availability: String! }
    extend type Publication { entries: [MetricEntry!]! isStale: Boolean! }`,
  objects: {
    Publication: {
      plans: {
        entries($publication) {
          const columns = ENTRY_COLUMNS.map((column) => [column, $publication.get(column)])
          const $row = object(Object.fromEntries(columns))
          const $account = account.get({
            workspace_id: $publication.get('workspace_id'),
            id: $publication.get('account_id'),
          })
          return lambda(
            [$row, $account.get('scopes'), context().get('now')],
            ([row, scopes, now]) => entriesFor(dated(row), scopes, now),
          )
        },
        isStale($publication) {
          return lambda(
            [$publication.get('stale_after'), context().get('now')],
            ([staleAfter, now]) => staleAfter === null || new Date(staleAfter) <= now,
          )
        },
      },
    },
  },
}))

// Instants come as text.
function dated(row) {
  return {
    ...row,
    published_at: row.published_at && new Date(row.published_at),
    last_updated_at: row.last_updated_at && new Date(row.last_updated_at),
  }
}
