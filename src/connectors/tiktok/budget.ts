import type { CallContext, Failure } from '../../domain/connector.ts'

const CALLS_PER_MINUTE = 600

/**
 * Tells what is documented: the whole application may call each path 600 times within any minute.
 * No answer says how many calls of others count against it, so what is left is unknown until TikTok
 * refuses a call.
 */
export function reportTiktokBudget(failure: Failure | null, context: CallContext): void {
  const isUsedUp = failure?.kind === 'rate_limited'
  context.onBudget({
    scope: 'application',
    limit: CALLS_PER_MINUTE,
    remaining: isUsedUp ? 0 : null,
    reserve: 0,
    resetsAt: isUsedUp ? failure.retryAt : null,
  })
}
