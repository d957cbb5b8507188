import type { MissingReason, NativeNumbers } from './metric.ts'

/** How the last refresh of an account or a publication ended. */
export type SyncStatus = 'synced' | 'partial' | 'pending' | 'failed' | 'requires_reconnect'

/** Whether an account's tokens can be used. */
export type ConnectionStatus = 'connected' | 'requires_reconnect' | 'disconnected'

/** The latest reading of an account or a publication, and how it came to be. */
export interface SyncState {
  syncStatus: SyncStatus
  /** Sentences about what is incomplete or soon will be, in the order in which they were raised. */
  warnings: string[]
  /** Why the last refresh failed; null when it did not. */
  errorMessage: string | null
  /** When the platform last answered for this row; null when it never did. */
  lastUpdatedAt: Date | null
  /** When the numbers become stale; null when they never were fetched. */
  staleAfter: Date | null
  /** Why metrics have no value, by native name. */
  missing: Record<string, MissingReason>
  /** The platform's numbers under their native names. An absent key is unknown. */
  native: NativeNumbers
}
