import { sql } from 'kysely'
import { type Db, openStore } from '../src/store/connect.ts'
import { ensurePartitions } from '../src/store/partitions.ts'
import {
  addAccounts,
  addPublications,
  addSnapshots,
  NOW,
  PUBLISHED,
  planPublications,
  type Size,
} from './insight-world.ts'

/** Hears how far something is that takes its time. */
export type Tell = (line: string) => void

const CONNECTIONS = 2
const SESSION = '-c synchronous_commit=off -c maintenance_work_mem=512MB -c work_mem=256MB'
const TABLES = ['workspace', 'account', 'publication', 'video', 'refresh', 'change'] as const

/**
 * Fills a migrated, empty database, and leaves it as if everything had been written long ago, with
 * all its indexes and statistics. Only the server's log knows nothing of the snapshots.
 */
export async function fillWorld(url: string, size: Size, tell: Tell): Promise<void> {
  const session = new URL(url)
  session.searchParams.set('options', SESSION)
  const options = { databaseUrl: session.href, dataDir: null, poolMax: CONNECTIONS }
  const { db, close } = await openStore(options)
  try {
    await addAccounts(db, size)
    await planPublications(db, size)
    await withoutIndexes(db, 'publication', () => addPublications(db))
    tell(`${size.publications} publications of ${size.accounts} accounts`)
    for (const table of TABLES) await sql`vacuum analyze ${sql.table(table)}`.execute(db)
    await ensurePartitions(db, PUBLISHED.from, NOW)
    await inTurns(await partitionsOf(db), async (partition) => {
      await fillPartition(db, partition)
      tell(`readings in ${partition.name}`)
    })
    await sql`drop table planned`.execute(db)
  } finally {
    await close()
  }
}

// Indexes are made much faster than they grow.
async function withoutIndexes(db: Db, table: string, fill: () => Promise<void>): Promise<void> {
  const { rows } = await sql<{ name: string; definition: string }>`
    select indexrelid::regclass as name, pg_get_indexdef(indexrelid) as definition
    from pg_index where indrelid = ${table}::regclass and not indisprimary`.execute(db)
  for (const { name } of rows) await sql`drop index ${sql.table(name)}`.execute(db)
  await fill()
  await inTurns(rows, ({ definition }) => sql.raw(definition).execute(db))
}

interface Partition {
  name: string
  /** As the table's definition has them. */
  bounds: string
  month: Date
}

async function partitionsOf(db: Db): Promise<Partition[]> {
  const { rows } = await sql<Omit<Partition, 'month'>>`
    select relname::text as name, pg_get_expr(relpartbound, pg_class.oid) as bounds
    from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'snapshot'::regclass order by relname`.execute(db)
  return rows.map(({ name, bounds }) => {
    const [year, month] = name.split('_').slice(1)
    return { name, bounds, month: new Date(`${year}-${month}-01T00:00Z`) }
  })
}

// Made anew without its key, which is made when it is full and becomes part of the table's.
async function fillPartition(db: Db, { name, bounds, month }: Partition): Promise<void> {
  const table = sql.table(name)
  await sql`drop table ${table}`.execute(db)
  await sql`create unlogged table ${table} (like snapshot including defaults including constraints)`.execute(
    db,
  )
  await addSnapshots(db, name, month)
  const key = sql`primary key (workspace_id, subject, subject_id, captured_at)`
  await sql`alter table ${table} add ${key}`.execute(db)
  await sql`alter table snapshot attach partition ${table} ${sql.raw(bounds)}`.execute(db)
  await sql`vacuum analyze ${table}`.execute(db)
}

async function inTurns<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const left = items.values()
  const worker = async () => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
}
