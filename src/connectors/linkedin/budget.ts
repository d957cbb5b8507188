import type { CallContext } from '../../domain/connector.ts'
import { nextMidnight } from './errors.ts'

/**
 * Tells what is known: the quotas of the application and of each member begin anew at 00:00 UTC.
 * How large they are is published nowhere, and each endpoint has its own: one that is used up says
 * nothing about the others, so nothing ever counts as the whole of them.
 */
export function reportLinkedinBudget(context: CallContext): void {
  const unknown = { limit: null, remaining: null, reserve: 0, resetsAt: nextMidnight(context.now) }
  context.onBudget({ ...unknown, scope: 'account' })
  context.onBudget({ ...unknown, scope: 'application' })
}
