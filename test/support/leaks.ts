import { createHook } from 'node:async_hooks'

const WATCHED = ['Timeout', 'TCPSERVERWRAP', 'TCPWRAP', 'PIPEWRAP', 'WORKER']
const PATIENCE_MS = 2000
const LOOK_AGAIN_MS = 20

/** What keeps a process alive: timers and handles say so themselves. */
interface Resource {
  hasRef?(): boolean
}

/** What was opened since the watch began, to be compared with nothing at its end. */
export interface LeakWatch {
  /** Throws when something is still open, after a moment for what is about to end. */
  assertNone(): Promise<void>
}

/** Watches the timers, servers and connections that are opened from now on. */
export function watchLeaks(): LeakWatch {
  const open = new Map<number, { type: string; resource: WeakRef<Resource> }>()
  const hook = createHook({
    init(id, type, _trigger, resource) {
      if (!WATCHED.includes(type) || isOfDatabase()) return
      open.set(id, { type, resource: new WeakRef(resource) })
    },
    destroy(id) {
      open.delete(id)
    },
  }).enable()
  const leaked = () =>
    [...open.values()].filter(({ resource }) => resource.deref()?.hasRef?.() === true)
  return {
    async assertNone() {
      const giveUpAt = Date.now() + PATIENCE_MS
      // The watch does not count its own timers, which keep nothing alive.
      while (leaked().length > 0) {
        if (Date.now() > giveUpAt) break
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS).unref())
      }
      hook.disable()
      const types = leaked().map(({ type }) => type)
      if (types.length > 0) throw new Error(`Left behind: ${types.join(', ')}.`)
    },
  }
}

// The embedded database sets timers of its own, and outlives whoever it was opened for.
function isOfDatabase(): boolean {
  return new Error().stack?.includes('@electric-sql/pglite') === true
}
