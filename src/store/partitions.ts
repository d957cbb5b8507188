import { sql } from 'kysely'
import type { Db } from './connect.ts'

/** The advisory lock under which partitions are made and go. */
export const PARTITIONS_LOCK = 7_331_204

/**
 * Makes sure that snapshots captured from one instant to another have their monthly partitions
 * (`snapshot_2026_01`, in UTC). Costs one statement when they exist. Safe when many processes do
 * it at once, and inside a transaction.
 */
export async function ensurePartitions(db: Db, from: Date, to: Date): Promise<void> {
  await ensureMonths(db, monthsBetween(from, to))
}

/** A partition that is there: its name, and the UTC month that it holds, without its end. */
export interface SnapshotMonth {
  name: string
  from: Date
  to: Date
}

/** The partitions that are there, oldest first. */
export async function snapshotMonths(db: Db): Promise<SnapshotMonth[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'snapshot'::regclass order by 1`.execute(db)
  return rows.map(({ name }) => {
    const [, year, month] = name.split('_')
    const from = new Date(`${year}-${month}-01T00:00:00Z`)
    return { name, from, to: monthFrom(from, 1) }
  })
}

/** The names of partitions that are there for sure, by whoever keeps them for a while. */
export type KnownPartitions = Set<string>

/**
 * Makes sure of the partitions that hold these instants, and of no month between them. Of those that
 * are known nothing is asked, and those that were found are known from then on.
 */
export async function ensurePartitionsOf(
  db: Db,
  instants: readonly Date[],
  known: KnownPartitions = new Set(),
): Promise<void> {
  const months = new Map(instants.map((at) => [partitionName(at), monthFrom(at, 0)]))
  const unknown = [...months].filter(([name]) => !known.has(name))
  if (unknown.length === 0) return
  const missing = await ensureMonths(
    db,
    unknown.map(([, month]) => month),
  )
  // What was only made can still be undone, with the transaction.
  if (missing.length === 0) for (const [name] of unknown) known.add(name)
}

/** Makes sure of the partitions from last month to three months ahead. */
export async function ensureUpcomingPartitions(db: Db, now: Date): Promise<void> {
  await ensurePartitions(db, monthFrom(now, -1), monthFrom(now, 3))
}

/** Answers those that were missing. */
async function ensureMonths(db: Db, months: Date[]): Promise<Date[]> {
  const missing = await missingMonths(db, months)
  if (missing.length === 0) return missing
  if (db.isTransaction) await createMonths(db, missing)
  else await db.transaction().execute((transaction) => createMonths(transaction, missing))
  return missing
}

async function missingMonths(db: Db, months: Date[]): Promise<Date[]> {
  const names = months.map(partitionName)
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'snapshot'::regclass and c.relname::text = any(${names})`.execute(db)
  const existing = new Set(rows.map((row) => row.name))
  return months.filter((month) => !existing.has(partitionName(month)))
}

async function createMonths(db: Db, months: Date[]): Promise<void> {
  // Taken before the table's own lock, so that two processes wait in line instead of failing.
  await sql`select pg_advisory_xact_lock(${sql.lit(PARTITIONS_LOCK)})`.execute(db)
  for (const month of months) {
    await sql`
      create table if not exists ${sql.table(partitionName(month))} partition of snapshot
      for values from (${sql.lit(month.toISOString())})
      to (${sql.lit(monthFrom(month, 1).toISOString())})`.execute(db)
  }
}

function partitionName(month: Date): string {
  return `snapshot_${month.toISOString().slice(0, 7).replace('-', '_')}`
}

function monthsBetween(from: Date, to: Date): Date[] {
  const months: Date[] = []
  for (let month = monthFrom(from, 0); month <= to; month = monthFrom(month, 1)) months.push(month)
  return months
}

function monthFrom(at: Date, offset: number): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + offset, 1))
}
