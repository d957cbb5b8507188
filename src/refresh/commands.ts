import {
  type ConnectAccountAnswer,
  type ConnectAccountInput,
  connectAccount,
  type DisconnectAccountAnswer,
  disconnectAccount,
} from './connections.ts'
import { createLiveReads, type ReadAccountLive } from './live.ts'
import { type OnReadDependencies, type ReadWish, refreshOnRead } from './on-read.ts'
import { type RecordPostAnswer, type RecordPostInput, recordPost } from './posts.ts'
import {
  type AccountRefreshAnswer,
  type AccountRefreshRequest,
  type PostRefreshAnswer,
  type PostRefreshRequest,
  requestAccountRefresh,
  requestPostRefresh,
} from './requests.ts'

/** Everything that a transport can ask to be done, each verb on its own. */
export interface Commands {
  requestAccountRefresh(
    workspaceId: string,
    request: AccountRefreshRequest,
  ): Promise<AccountRefreshAnswer>
  requestPostRefresh(workspaceId: string, request: PostRefreshRequest): Promise<PostRefreshAnswer>
  connectAccount(workspaceId: string, input: ConnectAccountInput): Promise<ConnectAccountAnswer>
  disconnectAccount(workspaceId: string, accountId: string): Promise<DisconnectAccountAnswer>
  recordPost(workspaceId: string, input: RecordPostInput): Promise<RecordPostAnswer>
  refreshOnRead(workspaceId: string, wish: ReadWish, budgetMs: number): Promise<boolean>
  readAccountLive: ReadAccountLive
}

/** The verbs, bound to what they need. */
export function createCommands(deps: OnReadDependencies): Commands {
  return {
    requestAccountRefresh: (workspaceId, request) =>
      requestAccountRefresh(deps, workspaceId, request),
    requestPostRefresh: (workspaceId, request) => requestPostRefresh(deps, workspaceId, request),
    connectAccount: (workspaceId, input) => connectAccount(deps, workspaceId, input),
    disconnectAccount: (workspaceId, accountId) => disconnectAccount(deps, workspaceId, accountId),
    recordPost: (workspaceId, input) => recordPost(deps, workspaceId, input),
    refreshOnRead: (workspaceId, wish, budgetMs) =>
      refreshOnRead(deps, workspaceId, wish, budgetMs),
    readAccountLive: createLiveReads(deps),
  }
}
