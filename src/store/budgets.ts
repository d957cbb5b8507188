import { type Selectable, sql } from 'kysely'
import { type Budget, platformDay, type UpstreamBudget } from '../domain/budget.ts'
import type { Platform } from '../domain/platform.ts'
import type { Db } from './connect.ts'
import { insertRows } from './rows.ts'
import type { Database } from './schema.ts'
import { type WriteTarget, write } from './writes.ts'

/** What one run of a refresh adds to a budget. */
export interface BudgetUse {
  /** Null: the budget of the whole application. */
  accountId: string | null
  calls: number
  /** What the calls used up of a limit whose rest the platform does not tell; left out: nothing. */
  units?: number
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
  to: WriteTarget,
  workspaceId: string,
  { platform, now }: { platform: Platform; now: Date },
  uses: readonly BudgetUse[],
): Promise<void> {
  if (uses.length === 0) return
  const day = platformDay(platform, now)
  const cells = uses.map(({ accountId, calls, units, budget }) => ({
    workspace_id: workspaceId,
    platform,
    account_id: accountId ?? APPLICATION,
    day,
    calls,
    call_limit: budget?.limit ?? null,
    remaining: budget?.remaining ?? null,
    reserve: budget?.reserve ?? 0,
    resets_at: budget?.resetsAt ?? null,
    units: units ?? 0,
  }))
  const isHeld = sql`upstream_budget.resets_at > ${now}
    and upstream_budget.remaining <= upstream_budget.reserve`
  const isKept = sql`(excluded.remaining is null and (
      num_nonnulls(excluded.call_limit, excluded.resets_at) = 0
      or (upstream_budget.remaining is not null and upstream_budget.resets_at > ${now})))
    or (${isHeld} and coalesce(excluded.resets_at <= ${now}, true))`
  const newer = (column: string) =>
    sql`case when ${isKept} then upstream_budget.${sql.ref(column)} else excluded.${sql.ref(column)} end`
  const added = (column: string) =>
    sql`case when excluded.day > upstream_budget.day then excluded.${sql.ref(column)}
      when excluded.day < upstream_budget.day then upstream_budget.${sql.ref(column)}
      else upstream_budget.${sql.ref(column)} + excluded.${sql.ref(column)} end`
  await write(
    to,
    sql`${insertRows('upstream_budget', cells)}
      on conflict (workspace_id, platform, account_id) do update set
        day = greatest(upstream_budget.day, excluded.day),
        calls = ${added('calls')}, units = ${added('units')},
        call_limit = ${newer('call_limit')}, remaining = ${newer('remaining')},
        reserve = ${newer('reserve')}, resets_at = ${newer('resets_at')}`,
  )
}

/**
 * What is known of an account's own budget and of that of the application on its platform. Where an
 * application's units are counted, its limit is one for all workspaces: what they left of it on the
 * platform's day is there even for a workspace that made no call yet.
 */
export async function budgetsOfAccount(
  db: Db,
  workspaceId: string,
  { id, platform }: { id: string; platform: Platform },
  now: Date,
): Promise<UpstreamBudget[]> {
  const day = platformDay(platform, now)
  const rows = await selectBudgets(db)
    .where('platform', '=', platform)
    .where(
      sql<boolean>`((workspace_id = ${workspaceId} and account_id in (${APPLICATION}, ${id}))
        or (account_id = ${APPLICATION} and units > 0 and day = ${day}))`,
    )
    // Its own two, and one more that tells what all have left.
    .orderBy(sql`workspace_id = ${workspaceId}`, 'desc')
    .limit(3)
    .execute()
  return rows.map((row) => (row.workspace_id === workspaceId ? toBudget(row) : toShared(row)))
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
  const rows = await selectBudgets(db)
    .where('workspace_id', '=', workspaceId)
    .orderBy(sql`account_id = ''`, 'desc')
    .orderBy('day', 'desc')
    .orderBy('calls', 'desc')
    .orderBy('platform')
    .orderBy('account_id')
    .limit(limit)
    .execute()
  return rows.map(toBudget)
}

/**
 * What all workspaces have left of the application's limit on the platform's day, where it is
 * counted; null where it is not.
 */
export async function countedBudget(
  db: Db,
  platform: Platform,
  now: Date,
): Promise<UpstreamBudget | null> {
  const [row] = await selectBudgets(db)
    .where('platform', '=', platform)
    .where('account_id', '=', APPLICATION)
    .where('day', '=', platformDay(platform, now))
    .where('units', '>', 0)
    .limit(1)
    .execute()
  return row ? toShared(row) : null
}

// Of an application's limit: what nobody counted is null.
const COUNTED = sql<number | null>`(
  select greatest(0, upstream_budget.call_limit - sum(other.units)) from upstream_budget other
  where other.platform = upstream_budget.platform and other.day = upstream_budget.day
    and other.account_id = '' and upstream_budget.account_id = '' and other.units > 0
  having count(*) > 0)`

function selectBudgets(db: Db) {
  return db.selectFrom('upstream_budget').selectAll().select(COUNTED.as('counted'))
}

type BudgetRow = Selectable<Database['upstream_budget']> & { counted: number | null }

// Of another workspace's row nothing counts but what all of them have left.
function toShared(row: BudgetRow): UpstreamBudget {
  return { ...toBudget({ ...row, remaining: null }), calls: 0 }
}

function toBudget(row: BudgetRow): UpstreamBudget {
  return {
    platform: row.platform,
    accountId: row.account_id === APPLICATION ? null : row.account_id,
    day: row.day,
    calls: row.calls,
    limit: row.call_limit,
    // What the platform itself says comes first.
    remaining: row.remaining ?? row.counted,
    reserve: row.reserve,
    resetsAt: row.resets_at,
  }
}
