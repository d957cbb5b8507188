import { createHash } from 'node:crypto'
import DataLoader from 'dataloader'
import pg from 'pg'
import { entriesOf } from '../../src/domain/entries.ts'

// What every peer does alike: the statements, whose columns are those that Weir reads, and the
// entries of a row, which are computed from the same catalogue.
const CONNECTIONS_MAX = 10
const WORKSPACE = 'bench'

const STATE_COLUMNS = [
  ...['sync_status', 'warnings', 'error_message', 'last_updated_at', 'stale_after'],
  ...['missing', 'native'],
]
const METRIC_COLUMNS = [
  ...['likes', 'comments', 'shares', 'impressions', 'views', 'video_views', 'video_viewers'],
  ...['video_watch_time_ms', 'engagement', 'clicks', 'saves', 'bookmarks', 'quotes'],
]
const PUBLICATION_COLUMNS = [
  ...['workspace_id', 'id', 'post_id', 'account_id', 'platform', 'platform_post_id', 'url'],
  ...['text', 'content_type', 'thumbnail_url', 'duration_seconds', 'created_at', 'published_at'],
  ...['due_at', 'times_gone', 'engagement_rate', ...STATE_COLUMNS, ...METRIC_COLUMNS],
]
const ACCOUNT_COLUMNS = [
  ...['workspace_id', 'id', 'platform', 'platform_account_id', 'handle', 'display_name'],
  ...['avatar_url', 'connection_status', 'scopes', 'token_expires_at', 'connected_at', 'due_at'],
  ...STATE_COLUMNS,
]
// Those with a name are prepared once for every connection.
const PAGE = {
  name: 'page',
  text: `select ${PUBLICATION_COLUMNS} from publication where workspace_id = $1
    order by created_at desc, id desc limit $2`,
}
const ACCOUNTS = {
  name: 'accounts',
  text: `select ${ACCOUNT_COLUMNS} from account where workspace_id = $1 and id = any($2)`,
}

/** Connections to the database, which read whole numbers as such. */
export function openPool() {
  pg.types.setTypeParser(pg.types.builtins.INT8, Number)
  return new pg.Pool({ connectionString: process.env.DATABASE_URL, max: CONNECTIONS_MAX })
}

/** What resolvers find in their context, made anew for every request. */
export function contextOf(pool, headers) {
  assertKey(headers.authorization)
  return { pool, now: new Date(), accounts: createAccountLoader(pool) }
}

/** The newest publications, and one more where there is one. */
export async function newestPublications(pool, first) {
  const { rows } = await pool.query({ ...PAGE, values: [WORKSPACE, first + 1] })
  return rows
}

function createAccountLoader(pool) {
  return new DataLoader(async (ids) => {
    const { rows } = await pool.query({ ...ACCOUNTS, values: [WORKSPACE, ids] })
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => byId.get(id))
  })
}

/** One entry for every metric that a publication can have, as GraphQL shows it. */
export function entriesFor(row, scopes, now) {
  const { platform, content_type: contentType, published_at: publishedAt } = row
  const { sync_status: syncStatus, last_updated_at: lastUpdatedAt, missing, native } = row
  const state = { syncStatus, lastUpdatedAt, missing, native }
  const measured = { subject: 'post', platform, contentType, publishedAt, scopes, state }
  return entriesOf(measured, now).map(({ name, value, availability }) => ({
    ...{ name, value, availability: availability.toUpperCase() },
  }))
}

/** Throws unless an `Authorization` header shows the one key that there is. */
export function assertKey(authorization = '') {
  const hash = createHash('sha256').update(authorization.replace('Bearer ', '')).digest('hex')
  if (hash !== process.env.KEY_HASH) throw new Error('This takes an API key.')
}
