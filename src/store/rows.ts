import { type RawBuilder, sql } from 'kysely'
import type { JsonValue } from '../domain/json.ts'
import type { Database } from './schema.ts'

/** What a column can be given: JSON columns take the value itself, instants a date. */
export type Cell = JsonValue | Date | Readonly<Record<string, number | string>> | undefined

/** Rows of a table as it is written: by column. All rows of one statement name the same columns. */
export type Row<Table extends keyof Database> = { [Column in keyof Database[Table]]?: Cell }

/**
 * The rows as something that a statement can select from, whatever their number: one parameter
 * carries them all. A column that a row leaves out, or that is null, is null.
 */
export function rowSet<Table extends keyof Database>(
  table: Table,
  rows: readonly Row<Table>[],
): RawBuilder<unknown> {
  return sql`json_populate_recordset(null::${sql.table(table)}, ${toJsonText(rows)}::json)`
}

/** The beginning of an insert of at least one row; what follows is up to the caller. */
export function insertRows<Table extends keyof Database>(
  table: Table,
  rows: readonly Row<Table>[],
): RawBuilder<unknown> {
  const columns = sql.join(Object.keys(rows[0] ?? {}).map((column) => sql.ref(column)))
  return sql`insert into ${sql.table(table)} (${columns})
    select ${columns} from ${rowSet(table, rows)}`
}

/**
 * Columns for statements that are made for every request, to be handed to `select` or `returning`
 * and to nothing else: only their types are those of names. Kysely would take each name apart, and
 * put it together again, for every statement; this is one piece of SQL. Where a statement has several
 * tables, names begin with theirs.
 */
export function columnList<const Names extends readonly string[]>(names: Names): Names {
  return [sql.raw(names.map(toSql).join(', '))] as unknown as Names
}

function toSql(name: string): string {
  const parts = name.split(' as ').map((part) => part.split('.').map((word) => `"${word}"`))
  return parts.map((words) => words.join('.')).join(' as ')
}

/** Any of these ids. PostgreSQL's text holds no U+0000, so an id with one is nowhere. */
export function anyOf(ids: readonly string[]): RawBuilder<string> {
  return sql<string>`any(${ids.filter((id) => !id.includes('\0'))}::text[])`
}

const UNSTORABLE = /\\u(0000|d[89a-f])/

/** JSON that PostgreSQL can store: characters that it cannot hold are left out or replaced. */
export function toJsonText(value: unknown): string {
  const text = JSON.stringify(value)
  return UNSTORABLE.test(text) ? JSON.stringify(storable(JSON.parse(text))) : text
}

function storable(value: JsonValue): JsonValue {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, part]) => [
    storableText(key),
    storable(part ?? null),
  ])
  return Object.fromEntries(entries)
}

function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}
