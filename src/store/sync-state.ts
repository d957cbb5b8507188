import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { JsonValue } from '../domain/json.ts'
import type { MissingReason, NativeNumbers } from '../domain/metric.ts'
import type { SyncState, SyncStatus } from '../domain/sync.ts'
import type { Row } from './rows.ts'
import type { SyncColumns } from './schema.ts'

/**
 * How a refresh of an account or a publication ended, as its row should keep it. Null keeps what
 * the row has: numbers of an earlier reading outlive a failed one.
 */
export interface SyncOutcome {
  id: string
  syncStatus: SyncStatus
  warnings: readonly string[]
  errorMessage: string | null
  lastUpdatedAt: Date | null
  staleAfter: Date | null
  missing: Readonly<Record<string, MissingReason>> | null
  native: NativeNumbers | null
  /** The platform's own answer; left out or null: the earlier one stays. */
  payload?: JsonValue
  /** The catalogue that the numbers were normalized by; without numbers it is not written. */
  catalogVersion: number
}

/** The columns of the sync state. The payload is no part of it: it is large, and read by itself. */
export const SYNC_COLUMNS = [
  'sync_status',
  'warnings',
  'error_message',
  'last_updated_at',
  'stale_after',
  'missing',
  'native',
] as const

/** The sync state of a row. */
export function toSyncState(
  row: Pick<Selectable<SyncColumns>, (typeof SYNC_COLUMNS)[number]>,
): SyncState {
  return {
    syncStatus: row.sync_status,
    warnings: row.warnings,
    errorMessage: row.error_message,
    lastUpdatedAt: row.last_updated_at,
    staleAfter: row.stale_after,
    missing: row.missing,
    native: row.native,
  }
}

/** An outcome as cells of a row that `syncAssignments` takes over. */
export function syncCells(outcome: SyncOutcome): Row<'account'> & Row<'publication'> {
  return {
    id: outcome.id,
    sync_status: outcome.syncStatus,
    warnings: [...outcome.warnings],
    error_message: outcome.errorMessage,
    last_updated_at: outcome.lastUpdatedAt,
    stale_after: outcome.staleAfter,
    missing: outcome.missing ?? undefined,
    native: outcome.native ?? undefined,
    payload: outcome.payload,
    catalog_version: outcome.native === null ? null : outcome.catalogVersion,
  }
}

/** The part of `update … as kept set … from … as given` that the sync state takes. */
export function syncAssignments(): RawBuilder<unknown>[] {
  const replaced = ['sync_status', 'warnings', 'error_message']
  const filled = ['last_updated_at', 'stale_after', 'missing', 'native', 'payload']
  return [
    ...replaced.map((column) => sql`${sql.ref(column)} = ${sql.ref(`given.${column}`)}`),
    ...[...filled, 'catalog_version'].map(replacedWhenGiven),
  ]
}

/** Takes the given value, and keeps the row's where none is given. */
export function replacedWhenGiven(column: string): RawBuilder<unknown> {
  return sql`${sql.ref(column)} = coalesce(${sql.ref(`given.${column}`)}, ${sql.ref(`kept.${column}`)})`
}

/** Takes the given value only where the row has none. */
export function filledWhenEmpty(column: string): RawBuilder<unknown> {
  return sql`${sql.ref(column)} = coalesce(${sql.ref(`kept.${column}`)}, ${sql.ref(`given.${column}`)})`
}
