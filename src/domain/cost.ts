import type { RateState } from './rate-limit.ts'

/** What an operation cost its key, and what the key has left, as answers tell it. */
export interface Cost {
  /** What the operation cost, or would have. */
  requested: number
  /** What a minute has. */
  limit: number
  /** What is left at once. */
  remaining: number
  /** When all of it is there again, as RFC 3339 in UTC with milliseconds: always 24 characters. */
  resetsAt: string
}

/** The cost of an operation beside how its key stands after it. */
export function costOf(requested: number, { limit, remaining, resetsAt }: RateState): Cost {
  return { requested, limit, remaining, resetsAt: resetsAt.toISOString() }
}
