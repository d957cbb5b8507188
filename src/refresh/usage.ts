import type { Account } from '../domain/account.ts'
import { type Budget, type BudgetScope, tighterBudget } from '../domain/budget.ts'
import type { Now } from '../domain/clock.ts'
import type { CallContext } from '../domain/connector.ts'
import { storeBudgets } from '../store/budgets.ts'
import type { WriteTarget } from '../store/writes.ts'
import { secondsAfter } from './policy.ts'

/** What the calls of one run cost, and what the platform said that it still allows. */
export interface Usage extends Pick<CallContext, 'onUpstreamCall' | 'onBudget'> {
  /** How many calls went out so far. */
  calls(): number
  /** Keeps it. A run that was killed before has told nobody of its calls. */
  store(to: WriteTarget): Promise<void>
}

const INTEGER_MAX = 2 ** 31 - 1

/** No quota lasts longer than a month; what a platform says beyond that is a mistake. */
const RESET_MAX_SECONDS = 32 * 24 * 3600

/** Listens to the calls of a run of the account's refresh. */
export function openUsage(account: Account, now: Now): Usage {
  let calls = 0
  const heard = new Map<BudgetScope, Budget>()
  const units = new Map<BudgetScope, number>()
  return {
    onUpstreamCall: () => {
      calls += 1
    },
    onBudget: (said) => {
      const budget = believable(said, now())
      const before = heard.get(said.scope)
      heard.set(said.scope, before ? tighterBudget(before, budget, now()) : budget)
      units.set(said.scope, (units.get(said.scope) ?? 0) + (said.units ?? 0))
    },
    calls: () => calls,
    async store(to) {
      if (calls === 0 && heard.size === 0) return
      const { workspaceId, platform } = account
      // Every platform limits the application as a whole too: each call is also one of its calls.
      const useOf = (scope: BudgetScope) => ({
        accountId: scope === 'account' ? account.id : null,
        calls,
        units: units.get(scope) ?? 0,
        budget: heard.get(scope) ?? null,
      })
      const uses = [useOf('account'), useOf('application')]
      await storeBudgets(to, workspaceId, { platform, now: now() }, uses)
    },
  }
}

// What the database cannot hold, or a clock cannot mean, is as good as unsaid.
function believable(budget: Budget, now: Date): Budget {
  const count = (value: number | null) =>
    value !== null && Number.isInteger(value) && value >= 0 && value <= INTEGER_MAX ? value : null
  const { resetsAt } = budget
  const isSoon = resetsAt !== null && resetsAt <= secondsAfter(now, RESET_MAX_SECONDS)
  return {
    ...budget,
    limit: count(budget.limit),
    remaining: count(budget.remaining),
    resetsAt: isSoon ? resetsAt : null,
  }
}
