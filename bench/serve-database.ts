import { sql } from 'kysely'
import { createApiKey } from '../src/auth/keys.ts'
import { CATALOG_VERSION, isRetired, metricsOf } from '../src/domain/catalog/catalog.ts'
import type { ContentType } from '../src/domain/content.ts'
import type { MetricSubject, NativeNumbers } from '../src/domain/metric.ts'
import { normalize } from '../src/domain/normalize.ts'
import { PLATFORMS, type Platform } from '../src/domain/platform.ts'
import type { Db } from '../src/store/connect.ts'
import { METRIC_COLUMN_NAMES, metricCells } from '../src/store/metric-columns.ts'
import type { PostgresServer } from '../test/support/postgres-server.ts'
import { type BenchDatabase, createDatabase } from './database.ts'

/** The workspace that everything belongs to. */
export const WORKSPACE = 'bench'

const ACCOUNTS_PER_PLATFORM = 10
const READINGS_PER_PLATFORM = 50
const CONTENT_TYPES = ['video', 'image', 'text'] as const satisfies ContentType[]
const ACCOUNTS = PLATFORMS.length * ACCOUNTS_PER_PLATFORM

/** A database of one workspace, in which nothing is stale. */
export interface ServeDatabase extends BenchDatabase {
  /** An API key that may read. */
  key: string
}

/** Makes a database with so many publications, spread evenly over accounts of every platform. */
export async function openServeDatabase(
  server: PostgresServer,
  publications: number,
): Promise<ServeDatabase> {
  const database = await createDatabase(server)
  await fill(database.store.db, publications)
  return { ...database, key: await keyOf(database.store.db) }
}

async function keyOf(db: Db): Promise<string> {
  const created = await createApiKey(db, WORKSPACE, {
    ...{ id: 'bench', name: 'bench', prefix: 'weir', expiresAt: null, createdAt: new Date() },
    scopes: ['analytics:read'],
  })
  if (created === null) throw new Error('The database has a key already.')
  return created.text
}

async function fill(db: Db, publications: number): Promise<void> {
  await sql`insert into workspace (workspace_id, name, created_at)
    values (${WORKSPACE}, 'Bench', now())`.execute(db)
  await insertAccounts(db)
  await sql`insert into post (workspace_id, id, text, created_at)
    select ${WORKSPACE}, 'post' || lpad(n::text, 6, '0'), null, now() - n * interval '1 minute'
    from generate_series(1, ${publications}::integer) as n`.execute(db)
  await insertPublications(db, publications)
  await sql`vacuum analyze`.execute(db)
}

async function insertAccounts(db: Db): Promise<void> {
  const readings = PLATFORMS.map((platform) => ({
    platform,
    native: nativeOf(platform, 'account', null, 1),
  }))
  await sql`
    insert into account (workspace_id, id, platform, platform_account_id, handle, display_name,
      connection_status, connected_at, sync_status, last_updated_at, stale_after, native, payload,
      catalog_version)
    select ${WORKSPACE}, platform || n, platform, 'on-' || platform || '-' || n, 'brand' || n,
      'Brand ' || n, 'connected', now(), 'synced', now(), now() + interval '30 days', native,
      native, ${CATALOG_VERSION}::integer
    from jsonb_to_recordset(${JSON.stringify(readings)}::jsonb)
      as reading (platform text, native jsonb)
    cross join generate_series(0, ${ACCOUNTS_PER_PLATFORM - 1}::integer) as n`.execute(db)
}

// Each has one of a few readings of its platform, which the product's own code has normalized.
async function insertPublications(db: Db, publications: number): Promise<void> {
  const columns = sql.join(METRIC_COLUMN_NAMES.map((column) => sql.ref(column)))
  const types = sql.join(METRIC_COLUMN_NAMES.map((column) => sql`${sql.ref(column)} bigint`))
  await sql`
    insert into publication (workspace_id, id, post_id, account_id, platform, platform_post_id,
      url, text, content_type, thumbnail_url, created_at, published_at, sync_status,
      last_updated_at, stale_after, native, payload, catalog_version, ${columns})
    select ${WORKSPACE}, 'p' || lpad(n::text, 6, '0'), 'post' || lpad(n::text, 6, '0'),
      platform || (n % ${ACCOUNTS}::integer) / ${PLATFORMS.length}::integer, platform,
      (7200000000000000000 + n)::text, 'https://' || platform || '.example/status/' || n,
      'Number ' || n || ' of what the brand told its followers about the season, with a link.',
      content_type, 'https://' || platform || '.example/thumbnails/' || n || '.jpg',
      now() - n * interval '1 minute', now() - n * interval '1 minute', 'synced', now(),
      now() + interval '30 days', native, native, ${CATALOG_VERSION}::integer, ${columns}
    from generate_series(1, ${publications}::integer) as n
    join jsonb_to_recordset(${JSON.stringify(readings())}::jsonb)
      as reading (place integer, number integer, platform text, content_type text, native jsonb,
        ${types})
      on place = n % ${PLATFORMS.length}::integer
      and number = n / ${ACCOUNTS}::integer % ${READINGS_PER_PLATFORM}::integer`.execute(db)
}

function readings(): object[] {
  return PLATFORMS.flatMap((platform, place) =>
    Array.from({ length: READINGS_PER_PLATFORM }, (_, number) => {
      const type = CONTENT_TYPES[number % CONTENT_TYPES.length] ?? 'text'
      const native = {
        ...nativeOf(platform, 'post', type, number),
        ...(type === 'video' ? nativeOf(platform, 'video', type, number) : {}),
      }
      const cells = metricCells(normalize(platform, type, native))
      return { place, number, platform, content_type: type, native, ...cells }
    }),
  )
}

// Everything that the content can have, but for a metric here and there.
function nativeOf(
  platform: Platform,
  subject: MetricSubject,
  type: ContentType | null,
  number: number,
): NativeNumbers {
  const today = new Date().toISOString().slice(0, 10)
  const reported = metricsOf(platform, subject).filter(
    (metric, index) =>
      !isRetired(metric, today) &&
      (type === null || (metric.contentTypes?.includes(type) ?? true)) &&
      (index + number) % 7 !== 6,
  )
  return Object.fromEntries(
    reported.map(({ name }, index) => [name, (number + 1) * 7919 * (index + 1)]),
  )
}
