import { type RawBuilder, sql } from 'kysely'
import type { Db } from './connect.ts'
import { PARTITIONS_LOCK, type SnapshotMonth } from './partitions.ts'

// Whoever comes to read waits behind a lock that is waited for. Shorter than the time after which
// PostgreSQL looks for circles of waiting, so that it is never somebody else who is broken off.
const LOCK_TIMEOUT_MS = 500
const LOCK_NOT_AVAILABLE = '55P03'
const UNDEFINED_TABLE = '42P01'

/** What became of a month's snapshots, or would. */
export interface ClearedMonth {
  gone: number
  /** The newest readings of subjects that have no later one: these stay. */
  kept: number
}

/** Whether a month has anything that could go: readings that later ones follow, or none at all. */
export async function isClearable(db: Db, { name }: SnapshotMonth): Promise<boolean> {
  const { rows } = await sql<{ is_empty: boolean; is_followed: boolean }>`
    select not exists (select from ${sql.table(name)}) as is_empty, exists (
      select from ${sql.table(name)} as reading, lateral (
        ${laterThan('reading', sql`reading.captured_at`)}) as later
    ) as is_followed`.execute(db)
  return rows.some(({ is_empty, is_followed }) => is_empty || is_followed)
}

/** What clearing a month would do. */
export async function clearableOf(db: Db, month: SnapshotMonth): Promise<ClearedMonth> {
  const { rows } = await sql<ClearedMonth>`
    select count(*) as kept, (select count(*) from ${sql.table(month.name)}) - count(*) as gone
    from (${newestOf(month)}) as newest`.execute(db)
  return rows[0] ?? { gone: 0, kept: 0 }
}

/**
 * Deletes a month's readings but for those of subjects that have no later one, and the partition
 * when none of them is left. Null: somebody uses the month; readers are not kept waiting for him.
 * To detach the partition first would keep them from nothing else, and leave a month that nobody can
 * write to where the process ends in between.
 */
export async function clearMonth(db: Db, month: SnapshotMonth): Promise<ClearedMonth | null> {
  try {
    return await db.transaction().execute((transaction) => clear(transaction, month))
  } catch (error) {
    const code = Reflect.get(Object(error), 'code')
    if (code === LOCK_NOT_AVAILABLE) return null
    // Another process has dropped it meanwhile.
    if (code === UNDEFINED_TABLE) return { gone: 0, kept: 0 }
    throw error
  }
}

async function clear(db: Db, month: SnapshotMonth): Promise<ClearedMonth> {
  const partition = sql.table(month.name)
  await sql`set local lock_timeout = ${sql.lit(LOCK_TIMEOUT_MS)}`.execute(db)
  await sql`select pg_advisory_xact_lock(${sql.lit(PARTITIONS_LOCK)})`.execute(db)
  // Readers go on; nobody adds to the month until it is cleared.
  await sql`lock table ${partition} in share row exclusive mode`.execute(db)
  await sql`create temporary table newest on commit drop as ${newestOf(month)}`.execute(db)
  const { rows } = await sql<ClearedMonth>`
    select (select count(*) from newest) as kept,
      (select count(*) from ${partition}) - (select count(*) from newest) as gone`.execute(db)
  const cleared = rows[0] ?? { gone: 0, kept: 0 }
  if (cleared.kept === 0) {
    await sql`drop table ${partition}`.execute(db)
    return cleared
  }
  // Takes no lock on the other months, and leaves nothing to clean up, however many are gone.
  await sql`truncate ${partition}`.execute(db)
  await sql`insert into ${partition} select * from newest`.execute(db)
  return cleared
}

// Each subject's later readings are looked up by the primary key: whole months of them are never
// read to find that there is one.
function newestOf({ name, to }: SnapshotMonth): RawBuilder<unknown> {
  return sql`
    select last.* from (
      select distinct on (workspace_id, subject, subject_id) * from ${sql.table(name)}
      order by workspace_id, subject, subject_id, captured_at desc
    ) as last left join lateral (
      ${laterThan('last', sql`${to}::timestamptz - interval '1 millisecond'`)}) as later on true
    where later.is_there is null`
}

function laterThan(reading: string, at: RawBuilder<unknown>): RawBuilder<unknown> {
  const own = (column: string) => sql.ref(`${reading}.${column}`)
  return sql`
    select true as is_there from snapshot
    where snapshot.workspace_id = ${own('workspace_id')} and snapshot.subject = ${own('subject')}
      and snapshot.subject_id = ${own('subject_id')} and snapshot.captured_at > ${at} limit 1`
}
