import type { Platform } from './platform.ts'
import type { ConnectionStatus, SyncState } from './sync.ts'

/** A profile, page or channel on one platform, connected to a workspace. Holds no token. */
export interface Account extends SyncState {
  workspaceId: string
  id: string
  platform: Platform
  platformAccountId: string
  handle: string | null
  displayName: string | null
  avatarUrl: string | null
  connectionStatus: ConnectionStatus
  /** The granted scopes; null when whoever connected the account did not say. */
  scopes: string[] | null
  tokenExpiresAt: Date | null
  connectedAt: Date
  /** When the schedule reads its numbers and lists its content again; null: it does not. */
  dueAt: Date | null
}

/** What a list of accounts may be narrowed to. */
export interface AccountFilter {
  platform?: Platform | null
  connection?: ConnectionStatus | null
}
