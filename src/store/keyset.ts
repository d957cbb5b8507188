import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { AppError } from '../domain/errors.ts'
import type { Cursor, Page, PageRequest } from '../domain/page.ts'
import type { Db } from './connect.ts'

/** What a list is ordered by. Ties are broken by id, in the same direction. */
export interface Keyset {
  /** The column, with its table. */
  value: string
  /** The column of the id, with its table. */
  id: string
  kind: 'instant' | 'count' | 'rate'
  /** Whether rows without a value exist. They come last in either direction. */
  nullable: boolean
  direction: 'asc' | 'desc'
}

/** A list in order: `query` selects the columns and filters the rows. */
export interface KeysetList<DB, TB extends keyof DB, Found> {
  query: SelectQueryBuilder<DB, TB, Found>
  keyset: Keyset
}

type Keyed<Found> = Found & { keyset_value: Date | number | null; keyset_id: string }

/**
 * One page of a list, in one statement that reads no more of an index than the page. Rows with and
 * without a value are two ranges of that index, so either direction can follow it.
 * Throws `BAD_USER_INPUT` for a cursor whose value is not of the column's kind.
 */
export async function keysetPage<DB, TB extends keyof DB, Found>(
  db: Db,
  list: KeysetList<DB, TB, Found>,
  page: PageRequest,
): Promise<Page<Found>> {
  const range = rangeOf(list, page)
  const { rows } = range ? await range.execute(db) : { rows: [] }
  return toPage(rows, page)
}

/** Whose rows the query of `keysetPages` is to find: the id of one owner at a time. */
export const OWNER_ID = sql.ref<string>('owner.id')

/**
 * The same page of a list that each of several owners has, such as the publications of accounts,
 * in one statement. The list's query compares with `OWNER_ID`. Every owner has a page, by its id.
 */
export async function keysetPages<DB, TB extends keyof DB, Found>(
  db: Db,
  list: KeysetList<DB, TB, Found>,
  page: PageRequest,
  ownerIds: readonly string[],
): Promise<Map<string, Page<Found>>> {
  const range = rangeOf(list, page)
  const ids = ownerIds.filter((id) => !id.includes('\0'))
  const { rows } = range
    ? await sql<Keyed<Found> & { owner_id: string }>`
        select owner.id as owner_id, page.* from unnest(${ids}::text[]) as owner (id)
        cross join lateral (${range}) as page
        order by owner.id, ${readingOrder(list.keyset, page)}`.execute(db)
    : { rows: [] }
  const byOwner = Map.groupBy(rows, (row) => row.owner_id)
  return new Map(
    ownerIds.map((id) => {
      const own = (byOwner.get(id) ?? []).map(({ owner_id, ...row }) => row as Keyed<Found>)
      return [id, toPage(own, page)]
    }),
  )
}

/** The page that rows make which were read inwards, at most `limit + 1`. */
function toPage<Found>(read: readonly Keyed<Found>[], page: PageRequest): Page<Found> {
  const isCut = read.length > page.limit
  const rows = read.slice(0, page.limit)
  if (page.backwards) rows.reverse()
  return {
    rows: rows.map((row) => ({
      row,
      cursor: { value: row.keyset_value, id: row.keyset_id },
    })),
    hasNextPage: page.backwards ? page.before !== null : isCut || page.before !== null,
    hasPreviousPage: page.backwards ? isCut || page.after !== null : page.after !== null,
  }
}

/**
 * At most `limit + 1` rows from the end of the range that is asked for, read inwards; null when the
 * cursors leave none.
 */
function rangeOf<DB, TB extends keyof DB, Found>(
  list: KeysetList<DB, TB, Found>,
  page: PageRequest,
): RawBuilder<Keyed<Found>> | null {
  const parts = [valuedBounds(list.keyset, page), valuelessBounds(list.keyset, page)]
  if (page.backwards) parts.reverse()
  const [first, second] = parts.filter((bounds) => bounds !== null)
  if (!first) return null
  return second ? twoParts(list, page, [first, second]) : sql`${part(list, page, first)}`
}

type Bounds = RawBuilder<boolean>[]

// The second part is left unread where the first one fills the page.
function twoParts<DB, TB extends keyof DB, Found>(
  list: KeysetList<DB, TB, Found>,
  page: PageRequest,
  [first, second]: [Bounds, Bounds],
): RawBuilder<Keyed<Found>> {
  const isWanted = sql<boolean>`(select count(*) from first_part) <= ${page.limit}`
  return sql`
    with first_part as materialized ${part(list, page, first)},
    second_part as materialized ${part(list, page, [isWanted, ...second])}
    select * from first_part union all select * from second_part
    order by ${readingOrder(list.keyset, page)} limit ${page.limit + 1}`
}

function readingOrder(keyset: Keyset, page: PageRequest): RawBuilder<unknown> {
  const way = sql.raw(isDescending(keyset, page) ? 'desc' : 'asc')
  const nulls = sql.raw(page.backwards ? 'nulls first' : 'nulls last')
  return sql`keyset_value ${way} ${nulls}, keyset_id ${way}`
}

function part<DB, TB extends keyof DB, Found>(
  { query, keyset }: KeysetList<DB, TB, Found>,
  page: PageRequest,
  bounds: Bounds,
) {
  const way = isDescending(keyset, page) ? 'desc' : 'asc'
  return bounds
    .reduce((rows, bound) => rows.where(bound), query)
    .select([sql.ref(keyset.value).as('keyset_value'), sql.ref(keyset.id).as('keyset_id')])
    .orderBy(sql.ref(keyset.value), way)
    .orderBy(sql.ref(keyset.id), way)
    .limit(page.limit + 1)
}

/** Whether rows are read from the greatest value down. */
function isDescending({ direction }: Keyset, { backwards }: PageRequest): boolean {
  return (direction === 'desc') !== backwards
}

/** What the rows with a value must meet; null when the cursors leave none of them. */
function valuedBounds(keyset: Keyset, page: PageRequest): Bounds | null {
  const [after, before] = [checked(keyset, page.after), checked(keyset, page.before)]
  if (after?.value === null) return null
  const key = sql`(${sql.ref(keyset.value)}, ${sql.ref(keyset.id)})`
  const place = (cursor: Cursor) => sql`(${cursor.value}, ${cursor.id})`
  const bounds: Bounds = []
  if (keyset.nullable) bounds.push(sql`${sql.ref(keyset.value)} is not null`)
  if (after) bounds.push(sql`${key} ${later(keyset)} ${place(after)}`)
  if (before && before.value !== null) bounds.push(sql`${key} ${earlier(keyset)} ${place(before)}`)
  return bounds
}

/** What the rows without a value, which end the list, must meet; null: none of them is left. */
function valuelessBounds(keyset: Keyset, { after, before }: PageRequest): Bounds | null {
  if (!keyset.nullable || (before && before.value !== null)) return null
  const id = sql.ref(keyset.id)
  const bounds: Bounds = [sql`${sql.ref(keyset.value)} is null`]
  if (after?.value === null) bounds.push(sql`${id} ${later(keyset)} ${after.id}`)
  if (before) bounds.push(sql`${id} ${earlier(keyset)} ${before.id}`)
  return bounds
}

function later({ direction }: Keyset): RawBuilder<unknown> {
  return sql.raw(direction === 'desc' ? '<' : '>')
}

function earlier({ direction }: Keyset): RawBuilder<unknown> {
  return sql.raw(direction === 'desc' ? '>' : '<')
}

function checked(keyset: Keyset, cursor: Cursor | null): Cursor | null {
  if (cursor === null || fits(keyset, cursor.value)) return cursor
  throw new AppError('BAD_USER_INPUT', 'The cursor is of a list in another order.')
}

function fits({ kind, nullable }: Keyset, value: Cursor['value']): boolean {
  if (value === null) return nullable
  if (kind === 'instant') return typeof value !== 'number' && !Number.isNaN(+new Date(value))
  return kind === 'count' ? Number.isSafeInteger(value) : Number.isFinite(value)
}
