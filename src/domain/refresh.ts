/** How far a refresh has come. */
export type RefreshStatus = 'queued' | 'running' | 'succeeded' | 'partial' | 'failed'

/** Who wished for a refresh. */
export type RefreshOrigin = 'request' | 'connect' | 'record' | 'schedule' | 'live'

/** Refreshes that people may ask for in a calendar month (UTC). */
export interface RefreshQuota {
  limit: number
  used: number
  /** When the next month begins. */
  resetsAt: Date
}

/** Whether somebody may ask for a refresh of an account. */
export interface RefreshAvailability {
  canRefresh: boolean
  /** From when on; null: from now on, or not before the account is connected again. */
  nextRefreshAt: Date | null
  /** Whole hours until then, rounded up; 0 where there is no such time. */
  hoursRemaining: number
  monthlyQuota: RefreshQuota
}

/** One refresh of one account: asked for once, run by one worker at a time. */
export interface Refresh {
  workspaceId: string
  id: string
  accountId: string
  status: RefreshStatus
  origin: RefreshOrigin
  /**
   * The publications wished for; none: the account's own numbers alone. Null: the account with
   * everything it has, and discovery.
   */
  publicationIds: string[] | null
  requestedAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  /** Rows that got an answer from the platform. */
  updated: number
  /** Rows that the platform failed to answer for. */
  failed: number
  /** Calls made to the platform, retries and token refreshes included. */
  upstreamCalls: number
  errorMessage: string | null
}
