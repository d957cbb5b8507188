import { type Kysely, sql } from 'kysely'

// Ids are compared by their bytes: lists are in the same order on every server and in the embedded
// database, and an index outlives a change of the system's language rules.
const ID = 'text collate "C"'

// Kept to the millisecond, as they are read: a cursor then names exactly one place in a list.
const INSTANT = 'timestamptz(3)'

const SYNC_COLUMNS = `
  sync_status text not null default 'pending'
    check (sync_status in ('pending', 'synced', 'partial', 'failed', 'requires_reconnect')),
  warnings text[] not null default '{}',
  error_message text,
  last_updated_at ${INSTANT},
  stale_after ${INSTANT},
  missing jsonb not null default '{}',
  native jsonb not null default '{}',
  payload jsonb,
  catalog_version integer not null default 0`

const METRIC_COLUMNS = `
  likes bigint, comments bigint, shares bigint, impressions bigint, views bigint,
  video_views bigint, video_viewers bigint, video_watch_time_ms bigint,
  engagement bigint, clicks bigint, saves bigint, bookmarks bigint, quotes bigint`

// Every key begins with workspace_id, so that the tables can be distributed by it unchanged.
const STATEMENTS = [
  `create table workspace (
    workspace_id ${ID} primary key,
    name text not null,
    refresh_cooldown_hours integer check (refresh_cooldown_hours >= 0),
    refresh_monthly_quota integer check (refresh_monthly_quota >= 0),
    data_version bigint not null default 0,
    created_at ${INSTANT} not null
  )`,
  `create table api_key (
    workspace_id ${ID} not null references workspace,
    id ${ID} not null,
    name text not null,
    hash ${ID} not null,
    first_characters text not null,
    scopes text[] not null,
    created_at ${INSTANT} not null,
    expires_at ${INSTANT},
    revoked_at ${INSTANT},
    last_used_at ${INSTANT},
    primary key (workspace_id, id)
  )`,
  `create unique index api_key_name on api_key (workspace_id, name)
    where revoked_at is null`,
  'create index api_key_hash on api_key (hash)',
  `create table account (
    workspace_id ${ID} not null references workspace,
    id ${ID} not null,
    platform text not null,
    platform_account_id ${ID} not null,
    handle text,
    display_name text,
    avatar_url text,
    connection_status text not null
      check (connection_status in ('connected', 'requires_reconnect', 'disconnected')),
    scopes text[],
    access_token_sealed text,
    refresh_token_sealed text,
    token_expires_at ${INSTANT},
    token_renewal_until ${INSTANT},
    connected_at ${INSTANT} not null,
    ${SYNC_COLUMNS},
    primary key (workspace_id, id)
  )`,
  `create unique index account_on_platform
    on account (workspace_id, platform, platform_account_id)`,
  'create index account_by_connection on account (workspace_id, connected_at, id)',
  `create table post (
    workspace_id ${ID} not null references workspace,
    id ${ID} not null,
    text text,
    created_at ${INSTANT} not null,
    primary key (workspace_id, id)
  )`,
  'create index post_by_creation on post (workspace_id, created_at, id)',
  `create table publication (
    workspace_id ${ID} not null references workspace,
    id ${ID} not null,
    post_id ${ID},
    account_id ${ID} not null,
    platform text not null,
    platform_post_id ${ID} not null,
    url text,
    text text,
    content_type text not null,
    thumbnail_url text,
    duration_seconds double precision,
    created_at ${INSTANT} not null,
    published_at ${INSTANT},
    ${SYNC_COLUMNS},
    ${METRIC_COLUMNS},
    engagement_rate double precision generated always as
      (engagement::double precision * 100 / nullif(coalesce(views, impressions), 0)) stored,
    video_engagement_rate double precision generated always as
      (case when coalesce(likes, comments, shares, bookmarks) is null then null
       else (coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0)
         + coalesce(bookmarks, 0))::double precision * 100
         / nullif(coalesce(views, video_views), 0) end) stored,
    primary key (workspace_id, id),
    foreign key (workspace_id, account_id) references account,
    foreign key (workspace_id, post_id) references post
  )`,
  `create unique index publication_on_platform
    on publication (workspace_id, account_id, platform_post_id)`,
  // Read from either end: lists break ties by id in the direction of the list.
  'create index publication_by_creation on publication (workspace_id, created_at, id)',
  'create index publication_by_publishing on publication (workspace_id, published_at, id)',
  `create index publication_of_account
    on publication (workspace_id, account_id, created_at, id)`,
  `create index publication_of_account_by_publishing
    on publication (workspace_id, account_id, published_at, id)`,
  `create index publication_of_account_by_staleness
    on publication (workspace_id, account_id, stale_after nulls first, id)`,
  // One for each number that lists are ordered by.
  ...['views', 'impressions', 'likes', 'comments', 'shares', 'engagement', 'engagement_rate'].map(
    (column) =>
      `create index publication_by_${column} on publication (workspace_id, ${column}, id)`,
  ),
  'create index publication_of_post on publication (workspace_id, post_id)',
  'create index publication_by_platform_post on publication (workspace_id, platform_post_id)',
  `create table video (
    workspace_id ${ID} not null references workspace,
    id ${ID} not null,
    video_id ${ID} not null,
    publication_id ${ID} not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, publication_id) references publication on delete cascade
  )`,
  'create unique index video_of_publication on video (workspace_id, publication_id)',
  'create index video_by_video_id on video (workspace_id, video_id)',
  // Its subject's row refers to the workspace; a key of its own would cost every reading a look-up,
  // and lock the workspaces whenever a month's partition is made.
  `create table snapshot (
    workspace_id ${ID} not null,
    subject text not null check (subject in ('account', 'publication')),
    subject_id ${ID} not null,
    captured_at ${INSTANT} not null,
    native jsonb not null,
    ${METRIC_COLUMNS},
    catalog_version integer not null,
    primary key (workspace_id, subject, subject_id, captured_at)
  ) partition by range (captured_at)`,
  `create table refresh (
    workspace_id ${ID} not null references workspace,
    id ${ID} not null,
    account_id ${ID} not null,
    status text not null
      check (status in ('queued', 'running', 'succeeded', 'partial', 'failed')),
    origin text not null check (origin in ('request', 'connect', 'record', 'schedule', 'live')),
    publication_ids text[],
    requested_at ${INSTANT} not null,
    started_at ${INSTANT},
    finished_at ${INSTANT},
    updated integer not null default 0,
    failed integer not null default 0,
    upstream_calls integer not null default 0,
    error_message text,
    primary key (workspace_id, id),
    foreign key (workspace_id, account_id) references account
  )`,
  // One active refresh per account: a second wish joins it.
  `create unique index refresh_active on refresh (workspace_id, account_id)
    where status in ('queued', 'running')`,
  'create index refresh_of_account on refresh (workspace_id, account_id, requested_at, id)',
  `create table refresh_usage (
    workspace_id ${ID} not null references workspace,
    month date not null,
    used integer not null check (used >= 0),
    primary key (workspace_id, month)
  )`,
  // An empty account_id stands for the whole application's budget on the platform.
  `create table upstream_budget (
    workspace_id ${ID} not null references workspace,
    platform text not null,
    account_id ${ID} not null default '',
    day date not null,
    calls integer not null default 0,
    call_limit integer,
    remaining integer,
    reserve integer not null default 0,
    resets_at ${INSTANT},
    primary key (workspace_id, platform, account_id)
  )`,
  `create table idempotency (
    workspace_id ${ID} not null references workspace,
    operation text not null,
    key text not null,
    answer jsonb not null,
    created_at ${INSTANT} not null,
    expires_at ${INSTANT} not null,
    primary key (workspace_id, operation, key)
  )`,
  // version is the workspace's data_version of the transaction: commit order, without gaps.
  `create table change (
    workspace_id ${ID} not null references workspace,
    version bigint not null,
    subject text not null check (subject in ('account', 'publication', 'video')),
    subject_id ${ID} not null,
    at ${INSTANT} not null,
    primary key (workspace_id, version, subject, subject_id)
  )`,
]

/** Every table of the first release. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
