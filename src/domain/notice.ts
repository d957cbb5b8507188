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

/** Who hears of every workspace. */
export interface NoticeWatcher {
  /** Called in the order of commits, before whoever hears of the workspace alone. */
  onNotice(notice: Notice): void
  /** Nothing is heard from now on. */
  onLost(): void
  /** It is listened again: everything that is committed from now on is told. */
  onBack(): void
}

/** What every process on the database tells the others, as far as this one listens. */
export interface Notices {
  /** Hears of a workspace until the answer is called. */
  subscribe(workspaceId: string, listener: NoticeListener): () => void
  /** Hears of every workspace until the answer is called. */
  watch(watcher: NoticeWatcher): () => void
  /**
   * Resolves once the database has answered over the connection that listens: what was committed
   * before the call has been told by then. Rejects when nothing answers.
   */
  prove(): Promise<void>
  /** Listens no more. May be called twice. */
  close(): Promise<void>
}
