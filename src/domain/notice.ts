import type { Refresh } from './refresh.ts'

/** A refresh as one step left it. Which publications it covers is not told. */
export type RefreshStep = Omit<Refresh, 'publicationIds'>

/** What a transaction has changed in a workspace, as every process is told once it committed. */
export interface Notice {
  workspaceId: string
  /** The workspace's data version since then. */
  version: number
  /** The refreshes that came a step further. */
  refreshes: RefreshStep[]
}

/** Who hears of a workspace. */
export interface NoticeListener {
  /** Called in the order of commits. */
  onNotice(notice: Notice): void
  /** Some notices may have been missed: what they would have told must be read. */
  onGap(): void
}

/** What every process on the database tells the others, as far as this one listens. */
export interface Notices {
  /** Hears of a workspace until the answer is called. */
  subscribe(workspaceId: string, listener: NoticeListener): () => void
  /** Listens no more. May be called twice. */
  close(): Promise<void>
}
