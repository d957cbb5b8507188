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
  /** The members that are overwritten, by their names in the rows; left out: all of them. */
  members?: readonly string[]
}

/** What became of the rows of one call. */
export interface ImportResult {
  /** Rows that are new. */
  stored: number
  /** Rows that were overwritten. */
  replaced: number
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

type NamedTable = 'workspace' | 'account' | 'post' | 'publication' | 'video'

// Columns that are not named like the member that fills them.
const SEALED = ['access_token', 'refresh_token']
// What the file says of a row is no reason to read it at another time.
const KEPT = ['workspace_id', 'id', 'due_at']
// A new connection has failed nothing yet, and is read at once.
const RECONNECTED = sql`
  due_at = case when excluded.connection_status = 'connected'
    and account.connection_status <> 'connected' then excluded.due_at else account.due_at end,
  sync_status = case when excluded.connection_status = 'connected'
    and account.sync_status = 'requires_reconnect' then 'pending' else account.sync_status end,
  error_message = case when excluded.connection_status = 'connected'
    and account.sync_status = 'requires_reconnect' then null else account.error_message end`

/** Imports workspaces. As with all imports, the rows of one call name each id once. */
export async function importWorkspaces(
  db: Db,
  workspaces: readonly NewWorkspace[],
  mode: ImportMode,
): Promise<ImportResult> {
  const members = mode.members ?? ['name', 'refreshCooldownHours', 'refreshMonthlyQuota']
  const rules = { mode: { ...mode, members }, place: null }
  return importRows(db, 'workspace', workspaces.map(workspaceCells), rules)
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
  if (rows.length === 0) return { stored: 0, replaced: 0, skipped: 0, clashes: [] }
  const names = Object.keys(rows[0] ?? {})
  const columns = sql.join(names.map((name) => sql.ref(name)))
  const key = table === 'workspace' ? ['workspace_id'] : ['workspace_id', 'id']
  const keys = sql.join(key.map((name) => sql.ref(name)))
  const id = sql.ref(key.at(-1) ?? '')
  const { rows: outcomes } = await sql<RowOutcome>`
    with given as materialized (select ${columns} from ${rowSet(table, rows)}),
    known as (
      select ${id} from ${sql.table(table)} as other
      where (${keys}) in (select ${keys} from given)
    ),
    written as (
      insert into ${sql.table(table)} (${columns})
      select ${columns} from given where not ${isPlaceTaken(table, rules.place)}
      on conflict (${keys}) ${onConflict(table, names, rules.mode)} returning ${id}
    )
    select ${id} as id, ${id} in (select ${id} from written) as is_stored,
      ${id} in (select ${id} from known) as is_known
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
  const replaced = outcomes.filter((row) => row.is_stored && row.is_known).length
  return {
    stored: outcomes.length - left.length - replaced,
    replaced,
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

function onConflict(
  table: NamedTable,
  names: string[],
  { replace, members }: ImportMode,
): RawBuilder<unknown> {
  if (!replace) return sql`do nothing`
  const cells = names.filter((name) => !KEPT.includes(name))
  const given = members?.map(columnOf) ?? cells
  const columns = cells.filter((name) => given.includes(name))
  const replaced = columns.map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`)
  if (columns.includes('connection_status')) replaced.push(RECONNECTED)
  // A row of which nothing is overwritten is one that is there all the same.
  const [kept = ''] = cells
  const same = sql`${sql.ref(kept)} = ${sql.ref(`${table}.${kept}`)}`
  return sql`do update set ${sql.join(replaced.length > 0 ? replaced : [same])}`
}

function columnOf(member: string): string {
  const column = member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return SEALED.includes(column) ? `${column}_sealed` : column
}
