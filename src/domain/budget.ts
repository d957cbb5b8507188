import { pacificDay } from './pacific.ts'
import { PLATFORM_CLOCKS, type Platform } from './platform.ts'

/** Whose calls a budget is for: one account's, or those of our whole application. */
export type BudgetScope = 'account' | 'application'

/** What a platform's answer says about the calls that it still allows. */
export interface Budget {
  scope: BudgetScope
  /** What it allows in all, in the platform's own measure; null when it does not say. */
  limit: number | null
  /** What is left of that; null when it does not say. */
  remaining: number | null
  /** With this much left or less, calls stop until the reset; 0 where every call counts singly. */
  reserve: number
  /** When it is full again; null when it does not say. */
  resetsAt: Date | null
  /** What a call used up of a limit whose rest the platform does not tell, so that it is counted. */
  units?: number
}

/** A budget as it was last heard of, with the calls of one day that count against it. */
export interface UpstreamBudget extends Omit<Budget, 'scope' | 'units'> {
  platform: Platform
  /** Null: it is that of the whole application. */
  accountId: string | null
  /** The platform's day of the calls, `YYYY-MM-DD`. */
  day: string
  calls: number
}

/** The day of a moment, `YYYY-MM-DD`, on the clock by which a platform counts its days. */
export function platformDay(platform: Platform, at: Date): string {
  return PLATFORM_CLOCKS[platform] === 'pacific' ? pacificDay(at) : at.toISOString().slice(0, 10)
}

/** Until when a budget allows no more calls; null: it allows some, or nobody knows. */
export function heldUntil(
  { remaining, reserve, resetsAt }: Pick<Budget, 'remaining' | 'reserve' | 'resetsAt'>,
  now: Date,
): Date | null {
  if (remaining === null || remaining > reserve) return null
  return resetsAt !== null && resetsAt > now ? resetsAt : null
}

/** Of a limit that is known, the schedule leaves one part of so many to people's wishes. */
export const SCHEDULE_LEAVES_ONE_IN = 5

/** The same for what nobody wished for: it stops while only people's part of the limit is left. */
export function scheduleHeldUntil(
  budget: Pick<Budget, 'limit' | 'remaining' | 'reserve' | 'resetsAt'>,
  now: Date,
): Date | null {
  const peoples = Math.ceil((budget.limit ?? 0) / SCHEDULE_LEAVES_ONE_IN)
  return heldUntil({ ...budget, reserve: Math.max(budget.reserve, peoples - 1) }, now)
}

/**
 * Which of two budgets of one scope, the later one second, says more about what may still be asked:
 * platforms count each of their endpoints on its own, and the fullest one is in nobody's way. Calls
 * that have to wait until a time wait on, whatever is said without one.
 */
export function tighterBudget(one: Budget, other: Budget, now: Date): Budget {
  if (heldUntil(one, now) !== null && other.resetsAt === null) return one
  const [share, otherShare] = [shareLeft(one, now), shareLeft(other, now)]
  if (share === null) return other
  return otherShare === null || share < otherShare ? one : other
}

// Null: nothing is known, or no longer, since the reset has passed.
function shareLeft({ remaining, reserve, limit, resetsAt }: Budget, now: Date): number | null {
  if (remaining === null || (resetsAt !== null && resetsAt <= now)) return null
  if (remaining <= reserve) return 0
  return limit === null || limit === 0 ? 1 : remaining / limit
}

/** A budget as it stands at a moment: what was left before the last reset says nothing any more. */
export function budgetAt(budget: UpstreamBudget, now: Date): UpstreamBudget {
  const day = platformDay(budget.platform, now)
  const calls = budget.day === day ? budget.calls : 0
  const isOver = budget.resetsAt !== null && budget.resetsAt <= now
  const left = isOver ? { remaining: null, resetsAt: null } : {}
  return { ...budget, day, calls, ...left }
}
