import type { Page, PageRequest } from '../domain/page.ts'
import type { Refresh } from '../domain/refresh.ts'
import type { Db } from '../store/connect.ts'
import {
  refreshCountsOfAccounts,
  refreshesByIds,
  refreshPagesOfAccounts,
} from '../store/refreshes.ts'
import {
  EMPTY_PAGE,
  type ListLoader,
  type Loader,
  loadLists,
  loadOne,
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
}

/** The reads of refreshes of one workspace, for one request. */
export function createRefreshLoaders(db: Db, workspaceId: string): RefreshLoaders {
  const refresh = loadOne(
    (ids) => refreshesByIds(db, workspaceId, ids),
    (row: Refresh) => row.id,
  )
  return {
    refresh,
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
