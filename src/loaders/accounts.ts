import type { Account, AccountFilter } from '../domain/account.ts'
import type { JsonValue } from '../domain/json.ts'
import type { Page, PageRequest } from '../domain/page.ts'
import { accountCount, accountPage, accountPayloads, accountsByIds } from '../store/accounts.ts'
import type { Db } from '../store/connect.ts'
import { type Loader, loadOne, loadValue, primePage } from './batch.ts'

/** The reads of accounts. */
export interface AccountLoaders {
  /** By id; null: the workspace has none with it. */
  account: Loader<Account | null>
  /** The platform's own answer about an account, by its id; null: it never answered. */
  accountPayload: Loader<JsonValue | null>
  accounts: {
    /** Oldest connection first. */
    page(filter: AccountFilter, page: PageRequest): Promise<Page<Account>>
    count(filter: AccountFilter): Promise<number>
  }
}

/** The reads of accounts of one workspace, for one request. */
export function createAccountLoaders(db: Db, workspaceId: string): AccountLoaders {
  const account = loadOne(
    (ids) => accountsByIds(db, workspaceId, ids),
    (row: Account) => row.id,
  )
  return {
    account,
    accountPayload: loadValue((ids) => accountPayloads(db, workspaceId, ids)),
    accounts: {
      page: (filter, page) =>
        primePage(accountPage(db, workspaceId, filter, page), (row) => account.prime(row.id, row)),
      count: (filter) => accountCount(db, workspaceId, filter),
    },
  }
}
