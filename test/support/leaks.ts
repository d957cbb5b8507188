const WATCHED = ['Timeout', 'TCPServerWrap', 'TCPSocketWrap', 'PipeWrap', 'MessagePort']
const PATIENCE_MS = 2000
const LOOK_AGAIN_MS = 20

/** Remembers what keeps the process alive now, to be compared with later. */
export function watchLeaks(): { assertNone(): Promise<void> } {
  const before = countResources()
  return {
    /** Throws when there is more than before, after a moment for what is about to end. */
    async assertNone() {
      const giveUpAt = Date.now() + PATIENCE_MS
      for (;;) {
        const left = countResources()
        const leaked = WATCHED.filter((type) => (left[type] ?? 0) > (before[type] ?? 0))
        if (leaked.length === 0) return
        if (Date.now() > giveUpAt) throw new Error(`Left behind: ${leaked.join(', ')}.`)
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
      }
    },
  }
}

function countResources(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const type of process.getActiveResourcesInfo()) counts[type] = (counts[type] ?? 0) + 1
  return counts
}
