import type { Budget } from '../../domain/budget.ts'
import type { ConnectorError } from '../../domain/connector.ts'
import type { JsonValue } from '../../domain/json.ts'
import { secondsAfter } from '../failures.ts'
import type { Answer } from '../http.ts'
import { isObject, numberOf } from '../json.ts'
import { parseJson } from '../json-text.ts'
import { type GraphCaller, GraphError, limitedScope, usageOf } from './errors.ts'

const PERCENT = 100
/** Calls while an account is blocked make the block longer: the last tenth is left alone. */
const RESERVE_PERCENT = 10

/**
 * Tells what an answer says of the limits, which the platform gives in percent of what is used:
 * of the application's in one header, of single accounts' in another. It leaves both out while
 * little is used.
 */
export function reportGraphBudget(
  answer: Answer,
  failure: ConnectorError | null,
  caller: GraphCaller,
): void {
  const { account, context } = caller
  const report = (budget: Budget | null) => budget && context.onBudget(budget)
  const usage = parseJson(answer.headers['x-app-usage'] ?? '')
  report(budgetOf('application', [usage], context.now))
  report(budgetOf('account', usageOf(answer, account.account.platformAccountId), context.now))
  reportRefusal(failure, caller)
}

/** Tells that nothing is left of a limit for which a call, or a part of one, was refused. */
export function reportRefusal(failure: ConnectorError | null, { context }: GraphCaller): void {
  const scope = failure instanceof GraphError ? limitedScope(failure.code) : null
  if (failure === null || scope === null) return
  const resetsAt = failure.failure.retryAt
  context.onBudget({ scope, limit: PERCENT, remaining: 0, reserve: RESERVE_PERCENT, resetsAt })
}

// Calls, time and computing time count each for themselves: the fullest one decides.
function budgetOf(
  scope: Budget['scope'],
  entries: readonly (JsonValue | undefined)[],
  now: Date,
): Budget | null {
  const numbers = (names: readonly string[]) =>
    entries
      .flatMap((entry) => (isObject(entry) ? names.map((name) => numberOf(entry[name])) : []))
      .filter((number) => number !== null)
  const used = numbers(['call_count', 'total_cputime', 'total_time'])
  if (used.length === 0) return null
  const left = Math.floor(PERCENT - Math.max(...used))
  const minutes = Math.max(0, ...numbers(['estimated_time_to_regain_access']))
  return {
    scope,
    limit: PERCENT,
    remaining: Math.min(PERCENT, Math.max(0, left)),
    reserve: RESERVE_PERCENT,
    resetsAt: minutes === 0 ? null : secondsAfter(now, minutes * 60),
  }
}
