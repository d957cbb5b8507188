import type { BudgetScope } from '../../domain/budget.ts'
import type { CallContext } from '../../domain/connector.ts'
import { nextMidnight } from './errors.ts'

/**
 * Tells what is known: the quotas of the application and of each member begin anew at 00:00 UTC.
 * How large they are is published nowhere. Each endpoint has its own, so nothing counts as the whole
 * of them but one, `usedUp`, without whose endpoint a refresh would bring little.
 */
export function reportLinkedinBudget(context: CallContext, usedUp: BudgetScope | null): void {
  const unknown = { limit: null, remaining: null, reserve: 0, resetsAt: nextMidnight(context.now) }
  for (const scope of ['account', 'application'] as const) {
    context.onBudget({ ...unknown, scope, ...(scope === usedUp ? { remaining: 0 } : {}) })
  }
}
