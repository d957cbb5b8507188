import type { Page, PageRequest } from '../domain/page.ts'
import type { Refresh } from '../domain/refresh.ts'
import type { Db } from '../store/connect.ts'
import { refreshCount, refreshesByIds, refreshPage } from '../store/refreshes.ts'
import { type Loader, loadOne, primePage } from './batch.ts'

/** The reads of refreshes. */
export interface RefreshLoaders {
  /** By id; null: the workspace has none with it. */
  refresh: Loader<Refresh | null>
  refreshes: {
    /** An account's, newest first. */
    page(accountId: string, page: PageRequest): Promise<Page<Refresh>>
    count(accountId: string): Promise<number>
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
    refreshes: {
      page: (accountId, page) =>
        primePage(refreshPage(db, workspaceId, accountId, page), (row) =>
          refresh.prime(row.id, row),
        ),
      count: (accountId) => refreshCount(db, workspaceId, accountId),
    },
  }
}
