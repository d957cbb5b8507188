import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Account } from '../domain/account.ts'
import { SCHEDULE_LEAVES_ONE_IN } from '../domain/budget.ts'
import type { Publication } from '../domain/publication.ts'
import type { Refresh } from '../domain/refresh.ts'
import type { Db } from './connect.ts'
import { PUBLICATION_COLUMNS, toPublication } from './publication-rows.ts'
import { toRefresh } from './refresh-rows.ts'
import { insertRows, rowSet } from './rows.ts'
import type { Database } from './schema.ts'

const LOCK = 7_331_207

/** An account that the schedule reads. */
export type DueAccount = Pick<Account, 'workspaceId' | 'id' | 'platform'>

/** What the schedule reads of an account: what was due by an instant, and how much at most. */
export interface DueBy {
  now: Date
  limit: number
}

/** Takes the right to schedule until the transaction ends. False: somebody else has it. */
export async function claimSchedule(db: Db): Promise<boolean> {
  const { rows } = await sql<{ is_ours: boolean }>`
    select pg_try_advisory_xact_lock(${sql.lit(LOCK)}) as is_ours`.execute(db)
  return rows[0]?.is_ours ?? false
}

/**
 * The connected accounts of every workspace that have something due at an instant, are not being
 * refreshed and may be asked, those with the youngest content first: of each platform at most so
 * many that the schedule has `activeMax` refreshes of it active, without those that wait for a
 * budget. They are locked until the transaction ends; those locked by others are left out.
 */
export async function dueAccounts(db: Db, now: Date, activeMax: number): Promise<DueAccount[]> {
  const { rows } = await sql<{ workspace_id: string } & Omit<DueAccount, 'workspaceId'>>`
    with held as materialized (
      select workspace_id, platform, account_id from upstream_budget
      where resets_at > ${now}
        and remaining <= greatest(reserve, ${peoplesPart(sql`call_limit`)})
    ), spent as materialized (
      select platform from upstream_budget
      where account_id = '' and units > 0 and resets_at > ${now}
      group by platform
      having max(call_limit) - sum(units) <= greatest(max(reserve), ${peoplesPart(sql`max(call_limit)`)})
    ), busy as materialized (
      select account.platform, count(*) as count
      from refresh join account
        on account.workspace_id = refresh.workspace_id and account.id = refresh.account_id
      where refresh.status in ('queued', 'running') and refresh.origin = 'schedule'
        and ${mayBeAsked}
      group by account.platform
    ), due as materialized (
      select workspace_id, id, platform from account
      where connection_status = 'connected'
        and (due_at <= ${now} or (select min(due_at) from publication ${ofAccount}) <= ${now})
    ), ranked as (
      select account.*, row_number() over (
        partition by platform order by newest.at desc nulls last, workspace_id, id) as place
      from due as account, lateral (
        select coalesce(max(published_at), max(created_at)) as at
        from publication ${ofAccount}) as newest
      where ${mayBeAsked} and ${activeRefresh} is null
    )
    select account.workspace_id, account.id, account.platform
    from ranked join account
      on account.workspace_id = ranked.workspace_id and account.id = ranked.id
    left join busy on busy.platform = ranked.platform
    where ranked.place <= ${activeMax} - coalesce(busy.count, 0)
    order by ranked.place
    for no key update of account skip locked`.execute(db)
  return rows.map(({ workspace_id, ...row }) => ({ ...row, workspaceId: workspace_id }))
}

const ofAccount = sql`where publication.workspace_id = account.workspace_id
  and publication.account_id = account.id`

// Looked up for each account that is due: how many refreshes are active is never what the planner
// of the database thinks.
const activeRefresh = sql`(select id from refresh
  where refresh.workspace_id = account.workspace_id and refresh.account_id = account.id
    and refresh.status in ('queued', 'running'))`

// An empty account_id stands for the whole application, whose limit is one for all workspaces where
// what they used of it is counted.
const mayBeAsked = sql`not exists (select from held where held.workspace_id = account.workspace_id
    and held.platform = account.platform and held.account_id in ('', account.id))
  and account.platform not in (select platform from spent)`

// With no more than this left, the rest is people's: as `scheduleHeldUntil` has it.
function peoplesPart(limit: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`ceil(${limit} / ${sql.lit(SCHEDULE_LEAVES_ONE_IN)}.0) - 1`
}

/**
 * Queues refreshes of what is due of these accounts, and answers those that it queued: not of an
 * account that has an active one.
 */
export async function insertScheduled(
  db: Db,
  refreshes: readonly Pick<Refresh, 'workspaceId' | 'id' | 'accountId' | 'requestedAt'>[],
): Promise<Refresh[]> {
  const cells = refreshes.map((refresh) => ({
    workspace_id: refresh.workspaceId,
    id: refresh.id,
    account_id: refresh.accountId,
    status: 'queued',
    origin: 'schedule',
    requested_at: refresh.requestedAt,
  }))
  const { rows } = await sql<Selectable<Database['refresh']>>`
    ${insertRows('refresh', cells)}
    on conflict (workspace_id, account_id) where status in ('queued', 'running') do nothing
    returning *`.execute(db)
  return rows.map(toRefresh)
}

/** An account's publications that are due, the youngest first. */
export async function duePublications(
  db: Db,
  workspaceId: string,
  accountId: string,
  { now, limit }: DueBy,
): Promise<Publication[]> {
  const rows = await dueOf(db, workspaceId, accountId, now)
    .select(PUBLICATION_COLUMNS)
    .orderBy(youngestFirst)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(toPublication)
}

/** The never read ones among what `duePublications` answers. */
export async function unreadDuePublications(
  db: Db,
  workspaceId: string,
  accountId: string,
  { now, limit }: DueBy,
): Promise<Pick<Publication, 'id' | 'platformPostId'>[]> {
  const rows = await dueOf(db, workspaceId, accountId, now)
    .select(['id', 'platform_post_id as platformPostId', 'stale_after'])
    .orderBy(youngestFirst)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.filter(({ stale_after }) => stale_after === null)
}

/**
 * The platform's ids of the account's publications that are not due, newest first. Those that nobody
 * knows the date of come last.
 */
export async function postsNotDue(
  db: Db,
  workspaceId: string,
  accountId: string,
  { now, limit }: DueBy,
): Promise<string[]> {
  const newest = (isDated: RawBuilder<boolean>) => sql`(
    select published_at, id, platform_post_id from publication
    where workspace_id = ${workspaceId} and account_id = ${accountId} and ${isDated}
      and (due_at is null or due_at > ${now})
    order by published_at desc, id desc limit ${limit})`
  // Rows with and without a date are two ranges of an index that ends with those without.
  const { rows } = await sql<{ platform_post_id: string }>`
    select platform_post_id from (
      ${newest(sql`published_at is not null`)} union all ${newest(sql`published_at is null`)}
    ) as publication
    order by published_at desc nulls last, id desc limit ${limit}`.execute(db)
  return rows.map(({ platform_post_id }) => platform_post_id)
}

/** Puts off an account that could not be read at all, and what was due of it. */
export async function storeDue(
  db: Db,
  workspaceId: string,
  account: Pick<Account, 'id' | 'dueAt'>,
  publications: readonly Pick<Publication, 'id' | 'dueAt'>[],
): Promise<void> {
  const cells = publications.map(({ id, dueAt }) => ({ id, due_at: dueAt }))
  await sql`
    with put_off as (
      update publication as kept set due_at = given.due_at
      from ${rowSet('publication', cells)} as given
      where kept.workspace_id = ${workspaceId} and kept.id = given.id
    )
    update account set due_at = ${account.dueAt}
    where workspace_id = ${workspaceId} and id = ${account.id}`.execute(db)
}

const youngestFirst: RawBuilder<unknown> = sql`coalesce(published_at, created_at) desc`

function dueOf(db: Db, workspaceId: string, accountId: string, now: Date) {
  return db
    .selectFrom('publication')
    .where('workspace_id', '=', workspaceId)
    .where('account_id', '=', accountId)
    .where('due_at', '<=', now)
}
