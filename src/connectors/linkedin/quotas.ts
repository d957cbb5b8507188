import type { BudgetScope } from '../../domain/budget.ts'
import type { CallContext, ConnectedAccount, Failure } from '../../domain/connector.ts'
import { unanswered } from '../failures.ts'
import { grantKey, type Memory } from '../memory.ts'
import { reportLinkedinBudget } from './budget.ts'
import { LABEL, nextMidnight } from './errors.ts'

/** An endpoint of the API, whose quotas are its own, as one account asks it. */
export interface Asked {
  /** The name of the endpoint: what follows `/rest/` in its path. */
  resource: string
  account: ConnectedAccount
  context: CallContext
}

/**
 * What a refresh can do without: names, and the numbers of videos, which take so many calls that
 * their quotas are used up first. They hold up no other call.
 */
const EXTRAS = ['organizations', 'videoAnalytics']

/**
 * Tells that a quota of an endpoint is used up until 00:00 UTC, and remembers it: that of the
 * application for every account, that of a member for theirs.
 */
export function noteUsedUp(memory: Memory, scope: BudgetScope, asked: Asked): void {
  memory.remember(keyOf(scope, asked), nextMidnight(asked.context.now))
  tellUsedUp(scope, asked)
}

/** The limit that an endpoint is known to answer until 00:00 UTC; null: it can be asked. */
export function knownLimit(memory: Memory, asked: Asked): Failure | null {
  const { now } = asked.context
  const scopes = ['application', 'account'] as const
  const scope = scopes.find((each) => memory.knows(keyOf(each, asked), now))
  if (scope === undefined) return null
  tellUsedUp(scope, asked)
  const whose = scope === 'account' ? 'this connection' : 'the application'
  const message = `${LABEL}: the quota of ${whose} for ${asked.resource} is used up until 00:00 UTC.`
  return { ...unanswered('rate_limited', message), retryAt: nextMidnight(now) }
}

function tellUsedUp(scope: BudgetScope, { resource, context }: Asked): void {
  if (!EXTRAS.includes(resource)) reportLinkedinBudget(context, scope)
}

function keyOf(scope: BudgetScope, { resource, account }: Asked): string {
  return `used up ${resource} ${scope === 'account' ? grantKey(account) : ''}`
}
