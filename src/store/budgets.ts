import { type Selectable, sql } from 'kysely'
import { type Budget, platformDay, type UpstreamBudget } from '../domain/budget.ts'
import type { Platform } from '../domain/platform.ts'
import type { Db } from './connect.ts'
import { insertRows } from './rows.ts'
import type { Database } from './schema.ts'

/** What one run of a refresh adds to a budget. */
export interface BudgetUse {
  /** Null: the budget of the whole application. */
  accountId: string | null
  calls: number
  /** What the platform said last; null when it said nothing. */
  budget: Budget | null
}

const APPLICATION = ''

/**
 * Adds calls to the platform's day, and keeps what the platform said. What it left unsaid does not
 * replace what it said before of a time that is not over; and where calls have to wait until such a
 * time, nothing does that names no time of its own.
 */
export async function storeBudgets(
  db: Db,
  workspaceId: string,
  { platform, now }: { platform: Platform; now: Date },
  uses: readonly BudgetUse[],
): Promise<void> {
  if (uses.length === 0) return
  const day = platformDay(platform, now)
  const cells = uses.map(({ accountId, calls, budget }) => ({
    workspace_id: workspaceId,
    platform,
    account_id: accountId ?? APPLICATION,
    day,
    calls,
    call_limit: budget?.limit ?? null,
    remaining: budget?.remaining ?? null,
    reserve: budget?.reserve ?? 0,
    resets_at: budget?.resetsAt ?? null,
  }))
  const isHeld = sql`upstream_budget.resets_at > ${now}
    and upstream_budget.remaining <= upstream_budget.reserve`
  const isKept = sql`(excluded.remaining is null and (
      num_nonnulls(excluded.call_limit, excluded.resets_at) = 0
      or (upstream_budget.remaining is not null and upstream_budget.resets_at > ${now})))
    or (${isHeld} and coalesce(excluded.resets_at <= ${now}, true))`
  const newer = (column: string) =>
    sql`case when ${isKept} then upstream_budget.${sql.ref(column)} else excluded.${sql.ref(column)} end`
  await sql`
    ${insertRows('upstream_budget', cells)}
    on conflict (workspace_id, platform, account_id) do update set
      day = greatest(upstream_budget.day, excluded.day),
      calls = case when excluded.day > upstream_budget.day then excluded.calls
        when excluded.day = upstream_budget.day then upstream_budget.calls + excluded.calls else upstream_budget.calls end,
      call_limit = ${newer('call_limit')}, remaining = ${newer('remaining')},
      reserve = ${newer('reserve')}, resets_at = ${newer('resets_at')}`.execute(db)
}

/** What is known of an account's own budget and of that of the application on its platform. */
export async function budgetsOfAccount(
  db: Db,
  workspaceId: string,
  { id, platform }: { id: string; platform: Platform },
): Promise<UpstreamBudget[]> {
  const rows = await budgetsOf(db, workspaceId)
    .where('platform', '=', platform)
    .where('account_id', 'in', [APPLICATION, id])
    .execute()
  return rows.map(toBudget)
}

/**
 * Everything that is known of the workspace's budgets: the applications' first, then those of
 * accounts, the most lately and most often asked first; at most `limit` of them.
 */
export async function budgetsOfWorkspace(
  db: Db,
  workspaceId: string,
  limit: number,
): Promise<UpstreamBudget[]> {
  const rows = await budgetsOf(db, workspaceId)
    .orderBy(sql`account_id = ''`, 'desc')
    .orderBy('day', 'desc')
    .orderBy('calls', 'desc')
    .orderBy('platform')
    .orderBy('account_id')
    .limit(limit)
    .execute()
  return rows.map(toBudget)
}

function budgetsOf(db: Db, workspaceId: string) {
  return db.selectFrom('upstream_budget').selectAll().where('workspace_id', '=', workspaceId)
}

function toBudget(row: Selectable<Database['upstream_budget']>): UpstreamBudget {
  return {
    platform: row.platform,
    accountId: row.account_id === APPLICATION ? null : row.account_id,
    day: row.day,
    calls: row.calls,
    limit: row.call_limit,
    remaining: row.remaining,
    reserve: row.reserve,
    resetsAt: row.resets_at,
  }
}
