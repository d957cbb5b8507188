import type { Selectable } from 'kysely'
import type { Refresh } from '../domain/refresh.ts'
import type { Database } from './schema.ts'

/** A refresh from its row. */
export function toRefresh(row: Selectable<Database['refresh']>): Refresh {
  return {
    workspaceId: row.workspace_id,
    id: row.id,
    accountId: row.account_id,
    status: row.status,
    origin: row.origin,
    publicationIds: row.publication_ids,
    requestedAt: row.requested_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    updated: row.updated,
    failed: row.failed,
    upstreamCalls: row.upstream_calls,
    errorMessage: row.error_message,
  }
}

/** A row of `refresh` as JSON writes it: instants are texts. */
export type RefreshJson = { [Column in keyof Selectable<Database['refresh']>]: unknown }

/** A refresh from its row as JSON. */
export function readRefresh(json: RefreshJson): Refresh {
  const cells = Object.entries(json).map(([column, cell]) =>
    column.endsWith('_at') && typeof cell === 'string' ? [column, new Date(cell)] : [column, cell],
  )
  return toRefresh(Object.fromEntries(cells) as Selectable<Database['refresh']>)
}
