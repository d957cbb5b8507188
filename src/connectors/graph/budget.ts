import type { Budget } from '../../domain/budget.ts'
import type { ConnectorError } from '../../domain/connector.ts'
import type { JsonValue } from '../../domain/json.ts'
import { secondsAfter } from '../failures.ts'
import type { Answer } from '../http.ts'
import { isObject, numberOf } from '../json.ts'
import { parseJson } from '../json-text.ts'
import { type GraphCaller, GraphError } from './errors.ts'

const PERCENT = 100
/** Calls while an account is blocked make the block longer: the last tenth is left alone. */
const RESERVE_PERCENT = 10
const APPLICATION_LIMIT = 4

/**
 * Tells what an answer says of the limits, which the platform gives in percent of what is used:
 * of the application's in one header, of single accounts' in another. It leaves both out while
 * little is used. A refusal for the application's limit is one of all accounts.
 */
export function reportGraphBudget(
  { headers }: Answer,
  failure: ConnectorError | null,
  { account, context }: GraphCaller,
): void {
  const report = (budget: Budget | null) => budget && context.onBudget(budget)
  report(budgetOf('application', [parseJson(headers['x-app-usage'] ?? '')], context.now))
  const usage = parseJson(headers['x-business-use-case-usage'] ?? '')
  // One answer tells of up to 32 accounts and businesses, each below its own id.
  const own = isObject(usage) ? usage[account.account.platformAccountId] : undefined
  report(budgetOf('account', Array.isArray(own) ? own : [], context.now))
  if (failure instanceof GraphError && failure.code === APPLICATION_LIMIT) {
    const full = { limit: PERCENT, remaining: 0, reserve: RESERVE_PERCENT }
    context.onBudget({ scope: 'application', ...full, resetsAt: failure.failure.retryAt })
  }
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
