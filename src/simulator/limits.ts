/** How many calls are allowed in how long. */
export interface Limit {
  max: number
  windowMs: number
}

/** Where a caller stands after a call. */
export interface Allowance {
  max: number
  remaining: number
  resetAt: Date
  isExceeded: boolean
}

/** Counts calls against the platforms' limits. */
export interface Limits {
  /** A window that begins with its first call and ends as a whole. */
  countInWindow(key: string, limit: Limit, now: Date): Allowance
  /** A window that slides: every call is forgotten one window after it was made. */
  countSliding(key: string, limit: Limit, now: Date): Allowance
}

/** Counters that start empty. */
export function createLimits(): Limits {
  const windows = new Map<string, { startedAt: number; used: number }>()
  const slides = new Map<string, number[]>()
  return {
    countInWindow(key, limit, now) {
      const known = windows.get(key)
      const isOver = known === undefined || known.startedAt + limit.windowMs <= now.getTime()
      const window = isOver ? { startedAt: now.getTime(), used: 0 } : known
      windows.set(key, window)
      window.used += 1
      return allowance(limit, window.used, window.startedAt)
    },
    countSliding(key, limit, now) {
      const since = now.getTime() - limit.windowMs
      const calls = (slides.get(key) ?? []).filter((at) => at > since)
      // A refused call does not count: otherwise a patient caller would never be let in again.
      if (calls.length < limit.max) calls.push(now.getTime())
      else return { ...allowance(limit, limit.max, calls[0] ?? since), isExceeded: true }
      slides.set(key, calls)
      return allowance(limit, calls.length, calls[0] ?? since)
    },
  }
}

function allowance(limit: Limit, used: number, startedAt: number): Allowance {
  return {
    max: limit.max,
    remaining: Math.max(0, limit.max - used),
    resetAt: new Date(startedAt + limit.windowMs),
    isExceeded: used > limit.max,
  }
}
