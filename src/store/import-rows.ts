import { type RawBuilder, sql } from 'kysely'
import type { Post } from '../domain/post.ts'
import type { ConnectionStatus } from '../domain/sync.ts'
import type { Db } from './connect.ts'
import { connectionCells, type NewConnection } from './connections.ts'
import { type NewPublication, newPublicationCells } from './publication-writes.ts'
import { type Row, rowSet } from './rows.ts'
import { type NewVideo, videoCells } from './videos.ts'
import { type NewWorkspace, workspaceCells } from './workspaces.ts'

/** What happens to a row whose id exists already: it is overwritten, or it stays as it is. */
export interface ImportMode {
  replace: boolean
}

/** What became of the rows of one call. */
export interface ImportResult {
  /** Rows that were written. */
  stored: number
  /** Rows that were left as they are, because their ids exist. */
  skipped: number
  /** Ids of rows that were not written because a row with another id stands in their place. */
  clashes: string[]
}

/** An account as it is imported: with tokens already sealed, or without any. */
export interface ImportedAccount extends Omit<NewConnection, 'accessToken'> {
  accessToken: string | null
  connectionStatus: ConnectionStatus
}

type NamedTable = 'account' | 'post' | 'publication' | 'video'

/** Imports workspaces. As with all imports, the rows of one call name each id once. */
export async function importWorkspaces(
  db: Db,
  workspaces: readonly NewWorkspace[],
  mode: ImportMode,
): Promise<ImportResult> {
  if (workspaces.length === 0) return { stored: 0, skipped: 0, clashes: [] }
  const { rows } = await sql`
    insert into workspace
      (workspace_id, name, refresh_cooldown_hours, refresh_monthly_quota, created_at)
    select workspace_id, name, refresh_cooldown_hours, refresh_monthly_quota, created_at
    from ${rowSet('workspace', workspaces.map(workspaceCells))}
    on conflict (workspace_id) ${
      mode.replace
        ? sql`do update set name = excluded.name,
            refresh_cooldown_hours = excluded.refresh_cooldown_hours,
            refresh_monthly_quota = excluded.refresh_monthly_quota`
        : sql`do nothing`
    } returning workspace_id`.execute(db)
  return { stored: rows.length, skipped: workspaces.length - rows.length, clashes: [] }
}

/** Imports accounts of a workspace. One clashes when the platform's account has another id here. */
export async function importAccounts(
  db: Db,
  workspaceId: string,
  accounts: readonly ImportedAccount[],
  mode: ImportMode,
): Promise<ImportResult> {
  const rows = accounts.map((account) => ({
    ...connectionCells(workspaceId, { ...account, accessToken: account.accessToken ?? '' }),
    access_token_sealed: account.accessToken,
    connection_status: account.connectionStatus,
  }))
  return importRows(db, 'account', rows, { mode, place: ['platform', 'platform_account_id'] })
}

/** Imports posts of a workspace. */
export async function importPosts(
  db: Db,
  workspaceId: string,
  posts: readonly Omit<Post, 'workspaceId'>[],
  mode: ImportMode,
): Promise<ImportResult> {
  const rows = posts.map(({ id, text, createdAt }) => ({
    workspace_id: workspaceId,
    id,
    text,
    created_at: createdAt,
  }))
  return importRows(db, 'post', rows, { mode, place: null })
}

/** Imports publications. One clashes when its account has that post of the platform already. */
export async function importPublications(
  db: Db,
  workspaceId: string,
  publications: readonly NewPublication[],
  mode: ImportMode,
): Promise<ImportResult> {
  const rows = publications.map((publication) => newPublicationCells(workspaceId, publication))
  return importRows(db, 'publication', rows, { mode, place: ['account_id', 'platform_post_id'] })
}

/** Imports records of videos. One clashes when its publication has a record already. */
export async function importVideos(
  db: Db,
  workspaceId: string,
  videos: readonly NewVideo[],
  mode: ImportMode,
): Promise<ImportResult> {
  const rows = videos.map((video) => videoCells(workspaceId, video))
  return importRows(db, 'video', rows, { mode, place: ['publication_id'] })
}

interface ImportRules {
  mode: ImportMode
  /** The columns that, beside the id, only one row of a workspace can have; null: none. */
  place: string[] | null
}

async function importRows<Table extends NamedTable>(
  db: Db,
  table: Table,
  rows: readonly Row<Table>[],
  rules: ImportRules,
): Promise<ImportResult> {
  if (rows.length === 0) return { stored: 0, skipped: 0, clashes: [] }
  const names = Object.keys(rows[0] ?? {})
  const columns = sql.join(names.map((name) => sql.ref(name)))
  const { rows: outcomes } = await sql<RowOutcome>`
    with given as materialized (select ${columns} from ${rowSet(table, rows)}),
    known as (
      select id from ${sql.table(table)} as other
      where (workspace_id, id) in (select workspace_id, id from given)
    ),
    written as (
      insert into ${sql.table(table)} (${columns})
      select ${columns} from given where not ${isPlaceTaken(table, rules.place)}
      on conflict (workspace_id, id) ${onConflict(names, rules.mode)} returning id
    )
    select id, id in (select id from written) as is_stored, id in (select id from known) as is_known
    from given`.execute(db)
  return resultOf(outcomes, rules.mode)
}

interface RowOutcome {
  id: string
  is_stored: boolean
  is_known: boolean
}

function resultOf(outcomes: RowOutcome[], { replace }: ImportMode): ImportResult {
  const left = outcomes.filter((row) => !row.is_stored)
  // A row that may overwrite itself was kept from it by another.
  const clashes = left.filter((row) => replace || !row.is_known).map((row) => row.id)
  return {
    stored: outcomes.length - left.length,
    skipped: left.length - clashes.length,
    clashes,
  }
}

function isPlaceTaken(table: NamedTable, place: string[] | null): RawBuilder<unknown> {
  if (place === null) return sql`false`
  const same = ['workspace_id', ...place].map(
    (column) => sql`${sql.ref(`other.${column}`)} = ${sql.ref(`given.${column}`)}`,
  )
  return sql`exists (select from ${sql.table(table)} as other
    where ${sql.join(same, sql` and `)} and other.id <> given.id)`
}

function onConflict(names: string[], { replace }: ImportMode): RawBuilder<unknown> {
  if (!replace) return sql`do nothing`
  const replaced = names
    .filter((name) => name !== 'workspace_id' && name !== 'id')
    .map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`)
  return sql`do update set ${sql.join(replaced)}`
}
