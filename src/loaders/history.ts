import type { HistoryQuery, MetricPoint, NativePoint } from '../domain/history.ts'
import type { Db } from '../store/connect.ts'
import { accountHistories, publicationHistories } from '../store/history.ts'
import { type ListLoader, loadLists } from './batch.ts'

/** The reads of what numbers were, oldest first. */
export interface HistoryLoaders {
  /** By account. */
  accountHistory: ListLoader<HistoryQuery, NativePoint[]>
  /** By publication; a video's is its publication's. */
  publicationHistory: ListLoader<HistoryQuery, MetricPoint[]>
}

/** The reads of one workspace's histories, for one request. */
export function createHistoryLoaders(db: Db, workspaceId: string): HistoryLoaders {
  return {
    accountHistory: loadLists((ids, query) => accountHistories(db, workspaceId, ids, query), []),
    publicationHistory: loadLists(
      (ids, query) => publicationHistories(db, workspaceId, ids, query),
      [],
    ),
  }
}
