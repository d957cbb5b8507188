const MINUTE_MS = 60_000

/** How a key stands with its limit after a request. */
export interface RateState {
  isAllowed: boolean
  /** Requests a minute. */
  limit: number
  /** Requests that would be allowed at once. */
  remaining: number
  /** Whole seconds until a request is allowed again, rounded up; 0: one is. */
  retryAfterSeconds: number
  /** When all of them are there again. */
  resetsAt: Date
}

/** A limit on requests, of this process. */
export interface RateLimit {
  /** Takes a request of a key's, if one is left. */
  take(key: string, now: Date): RateState
}

/** A bucket of requests for every key: full at first, and filled up evenly within a minute. */
export function createRateLimit(perMinute: number): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>()
  const msPerRequest = MINUTE_MS / perMinute
  return {
    take(key, now) {
      const at = now.getTime()
      const { left, at: since } = buckets.get(key) ?? { left: perMinute, at }
      const filled = Math.min(perMinute, left + Math.max(0, at - since) / msPerRequest)
      const isAllowed = filled >= 1
      const rest = isAllowed ? filled - 1 : filled
      // Moved to the end: the first one is the one that nobody has used for longest.
      buckets.delete(key)
      buckets.set(key, { left: rest, at })
      forgetFull(buckets, at)
      return {
        isAllowed,
        limit: perMinute,
        remaining: Math.floor(rest),
        retryAfterSeconds: rest >= 1 ? 0 : Math.ceil(((1 - rest) * msPerRequest) / 1000),
        resetsAt: new Date(at + (perMinute - rest) * msPerRequest),
      }
    },
  }
}

// A bucket that has not been used for a minute is full, like one that is not there.
function forgetFull(buckets: Map<string, { at: number }>, now: number): void {
  for (const [key, { at }] of buckets) {
    if (now - at < MINUTE_MS) return
    buckets.delete(key)
  }
}
