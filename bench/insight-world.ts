import { type RawBuilder, sql } from 'kysely'
import { PLATFORMS } from '../src/domain/platform.ts'
import type { Db } from '../src/store/connect.ts'

/** How large the fleet is. */
export interface Size {
  accounts: number
  publications: number
}

/** A workspace that is as large in every database. */
export const DASHBOARD = { workspaceId: 'dashboard', accounts: 6, publications: 1000 }

/**
 * The workspace that makes a database large. Its accounts have so many publications each, but for
 * the first, which has all that are left.
 */
export const FLEET = { workspaceId: 'fleet', publicationsEach: 900 }

/** When the fleet's publications were published, evenly. */
export const PUBLISHED = { from: new Date('2025-06-10T00:00Z'), to: new Date('2026-06-10T00:00Z') }

/** When the dashboard's were, evenly: the last 30 days of these. */
export const LAST_DAYS = { from: new Date('2026-05-11T00:00Z'), to: PUBLISHED.to }

/** When accounts were read, once a day. */
export const YEAR = { from: new Date('2025-07-01T00:00Z'), to: new Date('2026-06-30T23:59Z') }

/** When everything has been read. */
export const NOW = new Date('2026-07-01T00:00Z')

/** How often each publication was read: once a day from the day after it was published. */
export const READINGS = 20

/** How many refreshes each account has had. */
const REFRESHES = 100

/** The id of an account, which are numbered from 0 on, those of the dashboard first. */
export function accountId(number: number): string {
  return `acc_${`${number}`.padStart(6, '0')}`
}

/** The account that has all that are left. */
export const LARGEST_ACCOUNT = accountId(DASHBOARD.accounts)

/** How many those are. */
export function largestOf({ accounts, publications }: Size): number {
  return publications - (accounts - 1) * FLEET.publicationsEach
}

/** Adds the workspaces, their accounts and what has been refreshed of them. */
export async function addAccounts(db: Db, { accounts }: Size): Promise<void> {
  await sql`insert into workspace (workspace_id, name, created_at)
    select name, name, ${PUBLISHED.from}
    from unnest(${[DASHBOARD.workspaceId, FLEET.workspaceId]}::text[]) as name`.execute(db)
  const platform = sql`(${PLATFORMS}::text[])[1 + number % ${sql.lit(PLATFORMS.length)}]`
  await sql`insert into account (workspace_id, id, platform, platform_account_id, handle,
      connection_status, connected_at, sync_status, last_updated_at, stale_after, due_at, native)
    select case when number < ${sql.lit(DASHBOARD.accounts)} then ${DASHBOARD.workspaceId}
        else ${FLEET.workspaceId} end, 'acc_' || lpad(number::text, 6, '0'), ${platform},
      number, 'brand' || number, 'connected', ${PUBLISHED.from}, 'synced', ${NOW}, ${NOW},
      ${NOW}::timestamptz + interval '1 hour', jsonb_build_object('follower_count', 1000 * number)
    from generate_series(0, ${sql.lit(DASHBOARD.accounts + accounts - 1)}) as number`.execute(db)
  await sql`insert into refresh (workspace_id, id, account_id, status, origin, requested_at,
      started_at, finished_at)
    select workspace_id, id || '_' || lpad(number::text, 6, '0'), id, 'succeeded', 'schedule',
      at, at, at
    from generate_series(1, ${sql.lit(REFRESHES)}) as number, account,
      lateral (select ${NOW}::timestamptz - number * interval '1 hour' as at) as times`.execute(db)
}

/**
 * Makes the table `planned` of all publications as they would have come: in the order of time, those
 * of an account far apart.
 */
export async function planPublications(db: Db, { accounts, publications }: Size): Promise<void> {
  const each = sql.lit(FLEET.publicationsEach)
  const evened = sql.lit((accounts - 1) * FLEET.publicationsEach)
  const place = sql`(index * 7919 % ${sql.lit(publications)})`
  const owner = sql`${sql.lit(DASHBOARD.accounts)}
    + case when ${place} < ${evened} then 1 + ${place} / ${each} else 0 end`
  await sql`create unlogged table planned as
    select '01900000-0000-7000-8000-' || lpad((row_number() over times)::text, 12, '0') as id,
      account.workspace_id, account.id as account_id, account.platform, published_at,
      10 + row_number() over times * 48271 % 99991 as weight
    from (
      select index % ${sql.lit(DASHBOARD.accounts)} as owner,
        ${evenly(LAST_DAYS, DASHBOARD.publications)} as published_at
      from generate_series(0::bigint, ${sql.lit(DASHBOARD.publications - 1)}) as index
      union all
      select ${owner}, ${evenly(PUBLISHED, publications)}
      from generate_series(0::bigint, ${sql.lit(publications - 1)}) as index
    ) as publication
    join account on account.id = 'acc_' || lpad(owner::text, 6, '0')
    window times as (order by published_at, owner)
    order by published_at, owner`.execute(db)
  await sql`create index on planned (published_at)`.execute(db)
  await sql`vacuum analyze planned`.execute(db)
}

function evenly({ from, to }: { from: Date; to: Date }, count: number): RawBuilder<Date> {
  return sql`${from}::timestamptz
    + (${to}::timestamptz - ${from}::timestamptz) * ((index + 0.5) / ${sql.lit(count)})`
}

/** Adds what is planned, as it was when it was last read, with its videos and its changes. */
export async function addPublications(db: Db): Promise<void> {
  await sql`insert into publication (workspace_id, id, account_id, platform, platform_post_id, url,
      text, content_type, created_at, published_at, due_at, sync_status, last_updated_at,
      stale_after, payload, native, ${METRICS}, catalog_version)
    select workspace_id, id, account_id, platform, weight || '-' || id,
      'https://posts.example/' || id, repeat('What we make, and how. ', 1 + (weight % 6)::int),
      case weight % 4 when 0 then 'video' when 1 then 'text' else 'image' end,
      published_at + interval '5 minutes', published_at,
      ${NOW}::timestamptz + (weight % 10 - 0.5) * interval '1 hour', 'synced', ${NOW},
      ${NOW}::timestamptz + interval '6 hours',
      jsonb_build_object('id', id, 'text', repeat('What we make, and how. ', 3), 'all', numbers),
      ${NUMBERS}, 1
    from planned, lateral (${numbersAfter(sql.lit(READINGS))}) as read`.execute(db)
  await sql`insert into video (workspace_id, id, video_id, publication_id)
    select workspace_id, 'vid_' || id, id, id from planned where weight % 4 = 0`.execute(db)
  await sql`insert into change (workspace_id, version, subject, subject_id, at)
    select workspace_id, row_number() over (order by id) / 50, 'publication', id, ${NOW}
    from planned`.execute(db)
}

const METRICS = sql`views, impressions, likes, comments, shares, saves, engagement`
const NUMBERS = sql`numbers, ${METRICS}`

// Two platforms count impressions, and have no views.
function numbersAfter(days: RawBuilder<unknown>): RawBuilder<unknown> {
  const shown = sql`(weight * 23 * ${days} / (${sql.lit(READINGS)} * (${days} + 3)))::bigint`
  return sql`
    select jsonb_strip_nulls(jsonb_build_object('view_count', views,
        'impression_count', impressions, 'like_count', likes, 'comment_count', comments,
        'share_count', shares, 'save_count', saves)) as numbers, parts.*, likes + comments + shares + saves as engagement
    from (
      select case when platform not in ('x', 'linkedin') then shown end as views,
        case when platform in ('x', 'linkedin') then shown end as impressions,
        shown / 20 as likes, shown / 200 as comments, shown / 300 as shares, shown / 400 as saves
      from (select ${shown} as shown) as counted
    ) as parts`
}

/** Adds the readings of a month to its partition, in the order in which they were made. */
export async function addSnapshots(db: Db, partition: string, month: Date): Promise<void> {
  const day = sql`interval '1 day'`
  const days = sql`generate_series(${month}::timestamptz,
    ${month}::timestamptz + interval '1 month' - ${day}, ${day}) as today`
  const target = sql`${sql.table(partition)} (workspace_id, subject, subject_id, captured_at,
    catalog_version, native`
  await sql`insert into ${target}, ${METRICS})
    select workspace_id, 'publication', id, published_at + age * ${day}, 1, ${NUMBERS}
    from ${days},
      lateral (select * from planned where published_at >= today - ${sql.lit(READINGS)} * ${day}
        and published_at < today order by published_at) as planned,
      lateral (select ceil(extract(epoch from today - published_at) / 86400)::bigint as age) as aged,
      lateral (${numbersAfter(sql`age`)}) as read`.execute(db)
  await sql`insert into ${target})
    select workspace_id, 'account', id, today + interval '3 hours', 1,
      native || jsonb_build_object('following_count', 100, 'video_count', 300)
    from ${days}, account where today between ${YEAR.from} and ${YEAR.to}`.execute(db)
}
