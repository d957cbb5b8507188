import type { Change, ChangePlace } from '../domain/change.ts'
import { changesAfter } from '../store/changes.ts'
import type { Db } from '../store/connect.ts'

/** The reads of the feed of changes. */
export interface ChangeLoaders {
  /** What comes after a place, or with null from the beginning on, oldest first. */
  changesAfter(place: ChangePlace | null, limit: number): Promise<Change[]>
}

/** The reads of one workspace's feed, for one request. */
export function createChangeLoaders(db: Db, workspaceId: string): ChangeLoaders {
  return { changesAfter: (place, limit) => changesAfter(db, workspaceId, place, limit) }
}
