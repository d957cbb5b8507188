import { type Selectable, sql } from 'kysely'
import type { Account } from '../domain/account.ts'
import type { Refresh } from '../domain/refresh.ts'
import { ACCOUNT_COLUMN_NAMES, toAccount } from './accounts.ts'
import type { Db } from './connect.ts'
import { type SealedTokens, TOKEN_COLUMNS, toSealedTokens } from './connections.ts'
import { noticeOf } from './notice-texts.ts'
import { type RefreshJson, readRefresh } from './refresh-rows.ts'
import type { AccountTable } from './schema.ts'

/** A refresh that a worker has begun, with the account that it is of. */
export interface StartedRefresh {
  refresh: Refresh
  account: Account
  /** Null: the account is not connected. */
  tokens: SealedTokens | null
}

/** An account whose refresh is to be stored, with its active refresh. */
export interface LockedRun extends Omit<StartedRefresh, 'refresh'> {
  /** Null: none is active. */
  refresh: Refresh | null
}

const COLUMNS = [...ACCOUNT_COLUMN_NAMES, ...TOKEN_COLUMNS] as const
const ACCOUNT = sql.join(COLUMNS.map((column) => sql.ref(`account.${column}`)))

interface Row extends Pick<Selectable<AccountTable>, (typeof COLUMNS)[number]> {
  refresh: RefreshJson | null
}

/**
 * A worker begins, or begins again after another was killed, and every process is told. Null: it is
 * not active any more. Belongs outside of transactions: it moves the workspace's data version.
 */
export async function startRefresh(
  db: Db,
  workspaceId: string,
  id: string,
  startedAt: Date,
): Promise<StartedRefresh | null> {
  const { rows } = await sql<Row & { refresh: RefreshJson }>`
    with told as (
      update refresh set status = 'running', started_at = ${startedAt}
      where workspace_id = ${workspaceId} and id = ${id} and status in ('queued', 'running')
      returning *
    ), moved as (
      update workspace set data_version = data_version + 1
      where workspace_id = ${workspaceId} and exists (select from told)
      returning data_version
    )
    select ${ACCOUNT}, to_json(told) as refresh,
      ${noticeOf(workspaceId, sql`moved.data_version`)}
    from told join account
      on account.workspace_id = told.workspace_id and account.id = told.account_id,
    moved`.execute(db)
  const [row] = rows
  return row ? { ...toSubject(row), refresh: readRefresh(row.refresh) } : null
}

/**
 * An account and its active refresh, both locked until the transaction ends, the account first.
 * Null: there is no such account.
 */
export async function lockedRun(
  db: Db,
  workspaceId: string,
  accountId: string,
): Promise<LockedRun | null> {
  const { rows } = await sql<Row>`
    with account as (
      select ${ACCOUNT} from account
      where workspace_id = ${workspaceId} and id = ${accountId}
      for no key update
    ), active as (
      select * from refresh
      where workspace_id = ${workspaceId} and account_id = (select id from account)
        and status in ('queued', 'running')
      for update
    )
    select ${ACCOUNT}, to_json(active) as refresh
    from account left join active on true`.execute(db)
  const [row] = rows
  return row ? { ...toSubject(row), refresh: row.refresh && readRefresh(row.refresh) } : null
}

function toSubject(row: Row): Pick<StartedRefresh, 'account' | 'tokens'> {
  return { account: toAccount(row), tokens: toSealedTokens(row) }
}
