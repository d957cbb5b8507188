import { sql } from 'kysely'
import { platformDay } from '../domain/budget.ts'
import type { BudgetFigures, DatabaseFigures, QueueFigures } from '../domain/figures.ts'
import { PLATFORMS } from '../domain/platform.ts'
import type { Db } from './connect.ts'
import { JOBS_SCHEMA, queueOf } from './jobs.ts'

/** What there is to do, and what may be asked of platforms: of all workspaces and processes. */
export async function databaseFigures(db: Db, now: Date): Promise<DatabaseFigures> {
  return { queues: await queueFigures(db), budgets: await budgetFigures(db, now) }
}

interface QueueRow {
  name: string
  ready: number
  deferred: number
  active: number
  oldest: number
}

// Each half goes by an index of the queues' own, past the jobs that are done.
async function queueFigures(db: Db): Promise<QueueFigures[]> {
  const job = sql.table(`${JOBS_SCHEMA}.job`)
  const { rows } = await sql<QueueRow>`
    select name, sum(ready)::int as ready, sum(deferred)::int as deferred,
      sum(active)::int as active, max(oldest)::float8 as oldest
    from (
      select name, count(*) filter (where start_after <= now()) as ready,
        count(*) filter (where start_after > now()) as deferred, 0 as active,
        max(extract(epoch from now() - greatest(start_after, created_on))) as oldest
      from ${job} where state < 'active' and not blocked group by name
      union all
      select name, 0, 0, count(*), 0 from ${job}
      where state = 'active' and group_id is not null group by name
    ) as part
    group by name`.execute(db)
  const byName = new Map(rows.map((row) => [row.name, row]))
  return PLATFORMS.map((platform) => {
    const row = byName.get(queueOf(platform))
    const { ready = 0, deferred = 0, active = 0, oldest = 0 } = row ?? {}
    return { platform, ready, deferred, active, oldestReadySeconds: Math.max(0, oldest) }
  })
}

interface BudgetRow {
  platform: string
  calls: number
  units: number
  call_limit: number | null
  remaining: number | null
  held: number
}

async function budgetFigures(db: Db, now: Date): Promise<BudgetFigures[]> {
  const days = PLATFORMS.map((platform) => platformDay(platform, now))
  const { rows } = await sql<BudgetRow>`
    select platform,
      coalesce(sum(calls) filter (where account_id = '' and today), 0)::int as calls,
      coalesce(sum(units) filter (where account_id = '' and today), 0)::int as units,
      max(call_limit) filter (where account_id = '' and (today or is_on)) as call_limit,
      min(remaining) filter (where account_id = '' and is_on) as remaining,
      (count(*) filter (where account_id <> '' and is_on and remaining <= reserve))::int as held
    from (
      select budget.*, budget.day = clock.day as today, resets_at > ${now} as is_on
      from upstream_budget as budget
      join unnest(${[...PLATFORMS]}::text[], ${days}::date[]) as clock (platform, day)
        using (platform)
    ) as budget
    group by platform`.execute(db)
  const byPlatform = new Map(rows.map((row) => [row.platform, row]))
  return PLATFORMS.map((platform) => {
    const row = byPlatform.get(platform)
    const limit = row?.call_limit ?? null
    return {
      platform,
      ...{ limit, calls: row?.calls ?? 0, accountsHeld: row?.held ?? 0 },
      used: limit === null || !row ? null : usedOf(limit, row),
    }
  })
}

// What the platform says itself comes first; what is counted, where it tells nothing.
function usedOf(limit: number, { remaining, units }: BudgetRow): number | null {
  if (remaining !== null) return Math.max(0, limit - remaining)
  return units > 0 ? units : null
}
