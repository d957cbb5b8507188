import type { Page, PageRequest } from '../domain/page.ts'
import type { Refresh } from '../domain/refresh.ts'
import type { Db } from '../store/connect.ts'
import {
  lastCharges,
  refreshCountsOfAccounts,
  refreshesByIds,
  refreshPagesOfAccounts,
} from '../store/refreshes.ts'
import { usedInMonths } from '../store/usage.ts'
import {
  EMPTY_PAGE,
  type ListLoader,
  type Loader,
  loadLists,
  loadOne,
  loadValue,
  primePages,
} from './batch.ts'

/** The reads of refreshes. */
export interface RefreshLoaders {
  /** By id; null: the workspace has none with it. */
  refresh: Loader<Refresh | null>
  /** An account's, by its id, newest first. */
  refreshesOfAccount: {
    page: ListLoader<PageRequest, Page<Refresh>>
    count: ListLoader<null, number>
  }
  /** When an account's last counted refresh was accepted, by its id; null: there was none. */
  lastCharge: Loader<Date | null>
  /** How much of a month's quota is used, by its first day as `YYYY-MM-DD`; null: nothing. */
  usedInMonth: Loader<number | null>
}

/** The reads of refreshes of one workspace, for one request. */
export function createRefreshLoaders(db: Db, workspaceId: string): RefreshLoaders {
  const refresh = loadOne(
    (ids) => refreshesByIds(db, workspaceId, ids),
    (row: Refresh) => row.id,
  )
  return {
    refresh,
    lastCharge: loadValue((ids) => lastCharges(db, workspaceId, ids)),
    usedInMonth: loadValue((months) => usedInMonths(db, workspaceId, months)),
    refreshesOfAccount: {
      page: loadLists(
        (ids, page: PageRequest) =>
          primePages(refreshPagesOfAccounts(db, workspaceId, ids, page), (row) =>
            refresh.prime(row.id, row),
          ),
        EMPTY_PAGE,
      ),
      count: loadLists((ids) => refreshCountsOfAccounts(db, workspaceId, ids), 0),
    },
  }
}
