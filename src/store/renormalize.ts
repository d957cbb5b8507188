import { type RawBuilder, sql } from 'kysely'
import { CATALOG_VERSION } from '../domain/catalog/catalog.ts'
import type { ContentType } from '../domain/content.ts'
import type { NativeNumbers } from '../domain/metric.ts'
import { normalize } from '../domain/normalize.ts'
import type { Platform } from '../domain/platform.ts'
import { recordChanges } from './changes.ts'
import type { Db } from './connect.ts'
import { METRIC_COLUMN_NAMES, metricCells } from './metric-columns.ts'
import { type Row, rowSet } from './rows.ts'
import type { MetricColumns } from './schema.ts'

/** The tables whose rows say which catalogue made their normalized numbers. */
export const NUMBERED_TABLES = ['account', 'publication', 'snapshot'] as const

/** One of them. */
export type NumberedTable = (typeof NUMBERED_TABLES)[number]

/** Which rows are looked at: those of older catalogues, or those of this one as well. */
export interface Outdated {
  includesCurrent: boolean
}

/** Where in a table a walk through a workspace's rows is: the values of the last row's key. */
export type WalkPlace = readonly (string | Date)[]

/** A part of a walk. */
export interface WalkStep extends Outdated {
  /** Null: the walk begins. */
  after: WalkPlace | null
  /** The last place of it; left out: wherever the limit ends it. */
  upTo?: WalkPlace | null
  /** How many rows it takes at most. */
  limit: number
  /** Whether it only counts. */
  isDry: boolean
  now: Date
}

/** What came of a part of a walk. */
export interface WalkedStep {
  /** Where its last row is, after which the next part begins; null: there was none. */
  last: WalkPlace | null
  rows: number
  /** How many of the rows have other numbers now, or would have. */
  changed: number
  /** How many rows somebody else was writing; taking the same part again finds them. */
  left: number
}

const KEYS: Record<NumberedTable, readonly string[]> = {
  account: ['id'],
  publication: ['id'],
  snapshot: ['subject', 'subject_id', 'captured_at'],
}

// What the numbers follow from. A row in which any of it has become another was written since.
const ORIGINS: Record<NumberedTable, readonly string[]> = {
  account: ['native', 'catalog_version'],
  publication: ['native', 'catalog_version', 'content_type'],
  snapshot: ['native', 'catalog_version'],
}

/** How many rows of a workspace are outdated. Rows that were never read have no numbers. */
export async function outdatedCount(
  db: Db,
  workspaceId: string,
  table: NumberedTable,
  which: Outdated,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(table)}
    where workspace_id = ${workspaceId} and ${isOutdated(table, which)}`.execute(db)
  return rows[0]?.count ?? 0
}

/**
 * Computes the numbers of a workspace's outdated rows once more from their native ones, in the order
 * of their keys. A row that somebody writes meanwhile keeps what he writes. The data version moves
 * where numbers changed, and publications that have others are in the feed of changes, with their
 * videos; so are accounts of older catalogues, whose numbers are computed when they are read.
 */
export async function renormalizeStep(
  db: Db,
  workspaceId: string,
  table: NumberedTable,
  step: WalkStep,
): Promise<WalkedStep> {
  const rows = await db
    .transaction()
    .execute((transaction) => outdatedRows(transaction, workspaceId, table, step))
  const computed = rows.map((row) => computeRow(table, row))
  const counts = { last: computed.at(-1)?.place ?? null, rows: rows.length }
  if (step.isDry) return { ...counts, changed: changedOf(computed).length, left: 0 }
  const due = computed.filter(({ isChanged, isOlder }) => isChanged || isOlder)
  if (due.length === 0) return { ...counts, changed: 0, left: 0 }
  const written = await db.transaction().execute(async (transaction) => {
    const done = await writeRows(transaction, workspaceId, table, due)
    await noteRows(transaction, workspaceId, { table, done, now: step.now })
    return done
  })
  return { ...counts, changed: changedOf(written).length, left: due.length - written.length }
}

interface NumberedRow extends MetricColumns {
  id?: string
  subject?: string
  subject_id?: string
  captured_at?: Date
  native: NativeNumbers
  catalog_version: number
  platform: Platform | null
  content_type: ContentType | null
}

interface ComputedRow {
  row: NumberedRow
  place: WalkPlace
  numbers: MetricColumns
  isChanged: boolean
  isOlder: boolean
}

function changedOf(rows: readonly ComputedRow[]): ComputedRow[] {
  return rows.filter(({ isChanged }) => isChanged)
}

function isOutdated(table: NumberedTable, { includesCurrent }: Outdated): RawBuilder<unknown> {
  const newest = sql.lit(includesCurrent ? CATALOG_VERSION : CATALOG_VERSION - 1)
  const isRead = table === 'snapshot' ? sql`` : sql`and last_updated_at is not null`
  return sql`catalog_version <= ${newest} ${isRead}`
}

async function outdatedRows(
  db: Db,
  workspaceId: string,
  table: NumberedTable,
  step: WalkStep,
): Promise<NumberedRow[]> {
  await planByKeys(db)
  const key = columns(KEYS[table])
  const { after, upTo = null } = step
  const isLater = after === null ? sql`true` : sql`(${key}) > (${sql.join(after)})`
  const isWithin = upTo === null ? sql`true` : sql`(${key}) <= (${sql.join(upTo)})`
  const numbers = table === 'account' ? sql`` : sql`, ${columns(METRIC_COLUMN_NAMES)}`
  const origins = columns(ORIGINS[table])
  const page = sql`
    select ${key}, ${origins} ${numbers} ${table === 'snapshot' ? sql`` : sql`, platform`}
    from ${sql.table(table)}
    where workspace_id = ${workspaceId} and ${isOutdated(table, step)} and ${isLater} and ${isWithin}
    order by ${key} limit ${step.limit}`
  if (table !== 'snapshot') return (await sql<NumberedRow>`${page}`.execute(db)).rows
  const { rows } = await sql<NumberedRow>`
    select page.*, publication.platform, publication.content_type from (${page}) as page
    left join publication on page.subject = 'publication'
      and publication.workspace_id = ${workspaceId} and publication.id = page.subject_id
    order by ${key}`.execute(db)
  return rows
}

// The planner of the database thinks little of how few rows a step has, and would read and sort whole
// months for each. Until the transaction ends, it follows the primary key.
async function planByKeys(db: Db): Promise<void> {
  const ways = ['enable_hashjoin', 'enable_mergejoin', 'enable_sort']
  await sql`select set_config(way, 'off', true) from unnest(${ways}::text[]) as way`.execute(db)
}

function computeRow(table: NumberedTable, row: NumberedRow): ComputedRow {
  const { platform, content_type: contentType, native } = row
  // An account's row has none of the numbers, and without its publication nothing is known of one.
  const isKnown = table !== 'account' && platform !== null && contentType !== null
  const numbers = isKnown ? metricCells(normalize(platform, contentType, native)) : row
  return {
    ...{ row, numbers, place: placeOf(table, row) },
    isChanged: METRIC_COLUMN_NAMES.some((name) => numbers[name] !== row[name]),
    isOlder: row.catalog_version < CATALOG_VERSION,
  }
}

function placeOf(table: NumberedTable, row: NumberedRow): WalkPlace {
  return table === 'snapshot'
    ? [row.subject ?? '', row.subject_id ?? '', row.captured_at ?? new Date(0)]
    : [row.id ?? '']
}

/**
 * Writes what is still as it was when it was read, and answers it. Rows that somebody has locked are
 * left out: to wait for them could be to wait in a circle.
 */
async function writeRows(
  db: Db,
  workspaceId: string,
  table: NumberedTable,
  due: readonly ComputedRow[],
): Promise<ComputedRow[]> {
  const cells = due.map((each) => cellsOf(table, each))
  const isSame = (one: string, other: string, names: readonly string[]) =>
    sql.join(
      names.map((name) => sql`${sql.ref(`${one}.${name}`)} = ${sql.ref(`${other}.${name}`)}`),
      sql` and `,
    )
  const numbers = table === 'account' ? [] : METRIC_COLUMN_NAMES
  const assigned = numbers.map((name) => sql`${sql.ref(name)} = ${sql.ref(`mine.${name}`)}, `)
  await planByKeys(db)
  const { rows } = await sql<NumberedRow>`
    with mine as (
      select given.* from ${rowSet(table, cells)} as given
      join ${sql.table(table)} as kept on kept.workspace_id = ${workspaceId}
        and ${isSame('kept', 'given', [...KEYS[table], ...ORIGINS[table]])}
      for no key update of kept skip locked
    )
    update ${sql.table(table)} as kept
    set ${sql.join(assigned, sql``)} catalog_version = ${sql.lit(CATALOG_VERSION)}
    from mine where kept.workspace_id = ${workspaceId} and ${isSame('kept', 'mine', KEYS[table])}
    returning ${sql.join(KEYS[table].map((name) => sql.ref(`kept.${name}`)))}`.execute(db)
  const written = new Set(rows.map((row) => JSON.stringify(placeOf(table, row))))
  return due.filter(({ place }) => written.has(JSON.stringify(place)))
}

function cellsOf(table: NumberedTable, { row, numbers, place }: ComputedRow): Row<NumberedTable> {
  const { native, catalog_version, content_type } = row
  const own = table === 'account' ? [] : METRIC_COLUMN_NAMES.map((name) => [name, numbers[name]])
  return {
    ...Object.fromEntries(KEYS[table].map((name, at) => [name, place[at]])),
    ...Object.fromEntries(own),
    ...{ native, catalog_version, content_type },
  }
}

interface NotedRows {
  table: NumberedTable
  done: readonly ComputedRow[]
  now: Date
}

async function noteRows(db: Db, workspaceId: string, { table, done, now }: NotedRows) {
  const news = table === 'account' ? done.filter(({ isOlder }) => isOlder) : changedOf(done)
  if (news.length === 0) return
  const ids = news.flatMap(({ row }) => row.id ?? [])
  // What a history was is in no feed, but whoever keeps answers has to ask for it again.
  const changes =
    table === 'snapshot' ? [] : ids.map((subjectId) => ({ subject: table, subjectId }))
  const videosOf = table === 'publication' ? ids : []
  await recordChanges(db, workspaceId, now, { changes, videosOf })
}

function columns(names: readonly string[]): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql.ref(name)))
}
