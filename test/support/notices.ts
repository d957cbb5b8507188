import type { Notice, Notices } from '../../src/domain/notice.ts'

/** What a listener was told, in order: notices, and gaps. */
export interface Told {
  told: (Notice | 'gap')[]
  /** Resolves once something told is as wanted. */
  until(isWanted: (told: readonly (Notice | 'gap')[]) => boolean): Promise<void>
  stop(): void
}

/** Listens to a workspace, and keeps what it is told. */
export function listenTo(notices: Notices, workspaceId: string): Told {
  const told: (Notice | 'gap')[] = []
  let look = () => {}
  const hear = (what: Notice | 'gap') => {
    told.push(what)
    look()
  }
  const listener = { onNotice: hear, onGap: () => hear('gap') }
  const stop = notices.subscribe(workspaceId, listener)
  const until: Told['until'] = (isWanted) =>
    new Promise((resolve) => {
      look = () => {
        if (isWanted(told)) resolve()
      }
      look()
    })
  return { told, until, stop }
}
