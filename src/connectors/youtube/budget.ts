import type { CallContext } from '../../domain/connector.ts'
import { quotaEnd } from './errors.ts'

/** What an application has for a day unless Google granted it more. Every read costs one. */
const UNITS_PER_DAY = 10_000

/**
 * Tells what is documented of the quota of channels and videos, which the whole application shares.
 * Google may have granted more, and others may use it up: what is left is unknown until Google says
 * that nothing is. Reports have a quota of their own, whose size is published nowhere.
 */
export function reportYoutubeBudget(isUsedUp: boolean, context: CallContext): void {
  context.onBudget({
    scope: 'application',
    limit: UNITS_PER_DAY,
    remaining: isUsedUp ? 0 : null,
    reserve: 0,
    resetsAt: quotaEnd(context.now),
  })
}
