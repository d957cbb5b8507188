import type { UpstreamBudget } from '../domain/budget.ts'
import type { Workspace } from '../domain/workspace.ts'
import { budgetsOfWorkspace } from '../store/budgets.ts'
import type { Db } from '../store/connect.ts'
import { workspaceById } from '../store/workspaces.ts'
import { type AccountLoaders, createAccountLoaders } from './accounts.ts'
import { loadOne } from './batch.ts'
import { type ChangeLoaders, createChangeLoaders } from './changes.ts'
import { createExportLoaders, type ExportLoaders } from './export.ts'
import { createHistoryLoaders, type HistoryLoaders } from './history.ts'
import { createOverviewLoaders, type OverviewLoaders } from './overview.ts'
import { createPostLoaders, type PostLoaders } from './posts.ts'
import { createPublicationLoaders, type PublicationLoaders } from './publications.ts'
import { createReadingLoaders, type ReadingLoaders } from './readings.ts'
import { createRefreshLoaders, type RefreshLoaders } from './refreshes.ts'
import { createVideoLoaders, type VideoLoaders } from './videos.ts'

/** Everything that a request may read of its workspace. Lists prime the loaders by id. */
export interface Loaders
  extends AccountLoaders,
    PostLoaders,
    PublicationLoaders,
    VideoLoaders,
    RefreshLoaders,
    HistoryLoaders,
    ReadingLoaders,
    OverviewLoaders,
    ChangeLoaders,
    ExportLoaders {
  /** The workspace itself; null when it is gone. */
  workspace(): Promise<Workspace | null>
  /** What the platforms still allow, the applications' budgets first; at most `limit` of them. */
  upstreamBudgets(limit: number): Promise<UpstreamBudget[]>
  /** Forgets every row, so that what follows a change reads it anew. */
  clear(): void
}

/** The reads of one workspace, for one request: rows are read once and kept until it ends. */
export function createLoaders(db: Db, workspaceId: string): Loaders {
  const accounts = createAccountLoaders(db, workspaceId)
  const posts = createPostLoaders(db, workspaceId)
  const publications = createPublicationLoaders(db, workspaceId)
  const videos = createVideoLoaders(db, workspaceId, publications.primePublication)
  const refreshes = createRefreshLoaders(db, workspaceId)
  const histories = createHistoryLoaders(db, workspaceId)
  const readings = createReadingLoaders(db, workspaceId)
  const { overview } = createOverviewLoaders(db, workspaceId)
  const workspace = loadOne(
    async () => [await workspaceById(db, workspaceId)].filter((row) => row !== null),
    (row: Workspace) => row.id,
  )
  const kept = [
    accounts.account,
    accounts.accountPayload,
    posts.post,
    publications.publication,
    publications.publicationsOnPlatform,
    publications.publicationsOfPost,
    publications.publicationPayload,
    ...Object.values(publications.publicationsOfAccount),
    videos.video,
    videos.videoOfPublication,
    videos.videosOfAccount.page,
    videos.videosOfAccount.count,
    videos.videoSummary,
    refreshes.refresh,
    ...Object.values(refreshes.refreshesOfAccount),
    refreshes.lastCharge,
    refreshes.usedInMonth,
    ...Object.values(histories),
    ...Object.values(readings),
    overview,
    workspace,
  ]
  return {
    ...accounts,
    ...posts,
    ...publications,
    ...videos,
    ...refreshes,
    ...histories,
    ...readings,
    overview,
    ...createChangeLoaders(db, workspaceId),
    ...createExportLoaders(db, workspaceId),
    workspace: () => workspace.load(workspaceId),
    upstreamBudgets: (limit) => budgetsOfWorkspace(db, workspaceId, limit),
    clear: () => {
      for (const loader of kept) loader.clearAll()
    },
  }
}
