import type { CallContext } from '../../domain/connector.ts'
import { quotaEnd } from './errors.ts'

/** What a list costs, however many parts of its items are asked for. Nothing dearer is asked. */
const UNITS_PER_CALL = 1

/** How many of the day's units are left to refreshes that have begun when no other may begin. */
const RESERVE_SHARE = 0.05

/** The quota of channels and videos, which the whole application shares for a Pacific day. */
export interface YoutubeBudget {
  /** The context of one call, in which every attempt uses up its units. */
  counting(context: CallContext): CallContext
  /** Tells that Google says that nothing is left. */
  usedUp(context: CallContext): void
}

/**
 * The quota of so many units. Google tells nothing of what is left before nothing is, so that units
 * are counted. Reports have a quota of their own, whose size is published nowhere.
 */
export function createYoutubeBudget(unitsPerDay: number): YoutubeBudget {
  const report = (context: CallContext, said: { remaining: 0 | null; units: number }) =>
    context.onBudget({
      scope: 'application',
      limit: unitsPerDay,
      reserve: Math.floor(unitsPerDay * RESERVE_SHARE),
      resetsAt: quotaEnd(context.now),
      ...said,
    })
  return {
    counting: (context) => ({
      ...context,
      onUpstreamCall: () => {
        context.onUpstreamCall()
        report(context, { remaining: null, units: UNITS_PER_CALL })
      },
    }),
    usedUp: (context) => report(context, { remaining: 0, units: 0 }),
  }
}
