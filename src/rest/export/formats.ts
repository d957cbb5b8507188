import { stringify } from 'csv-stringify/sync'
import { parseAccept } from 'hono/utils/accept'

/** How exports can be written. */
export const FORMATS = ['csv', 'ndjson'] as const

/** How an export is written. */
export type Format = (typeof FORMATS)[number]

/** What a cell holds. Null is unknown; it is never zero. */
export type Cell = string | number | null | readonly string[] | Readonly<Record<string, number>>

/** One column of an export: its name, and what a row has there. */
export interface Column<Row> {
  name: string
  /** `at` prints an instant. */
  cell(row: Row, at: InstantText): Cell
  /** Where it stands; left out: in every format. */
  only?: Format
}

/** How an instant is printed; null stays null. */
export type InstantText = (at: Date | null) => string | null

/** An export in one format. */
export interface Writer<Row> {
  /** What it begins with. */
  head: string
  /** The lines of some rows. */
  lines(rows: readonly Row[]): string
}

/** The media type of each format, as answers name it. */
export const MEDIA_TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
} as const satisfies Record<Format, string>

// As requests may name them, the preferred one first.
const ACCEPTED: Readonly<Record<string, readonly Format[]>> = {
  'text/csv': ['csv'],
  'application/x-ndjson': ['ndjson'],
  'application/ndjson': ['ndjson'],
  'application/jsonl': ['ndjson'],
  'text/*': ['csv'],
  'application/*': ['ndjson'],
  '*/*': FORMATS,
}

/** The format that a request's `Accept` asks for, CSV where it leaves it open; null: neither. */
export function acceptedFormat(accept: string | undefined): Format | null {
  const named = parseAccept(accept?.trim() || '*/*').map(({ type, q }) => ({
    formats: ACCEPTED[type.toLowerCase()] ?? [],
    isRefused: q === 0,
  }))
  const refused = named.filter(({ isRefused }) => isRefused).flatMap(({ formats }) => formats)
  const wanted = named.filter(({ isRefused }) => !isRefused).flatMap(({ formats }) => formats)
  return wanted.find((format) => !refused.includes(format)) ?? null
}

/** Whether a request takes its answer compressed. */
export function takesGzip(acceptEncoding: string | undefined): boolean {
  const codings = parseAccept(acceptEncoding ?? '')
  const named = codings.find(({ type }) => type.toLowerCase() === 'gzip')
  const coding = named ?? codings.find(({ type }) => type === '*')
  return coding !== undefined && coding.q > 0
}

/** What writes rows with these columns; `bom` marks a CSV as UTF-8 for those that ask for it. */
export function createWriter<Row>(
  format: Format,
  columns: readonly Column<Row>[],
  { at, bom }: { at: InstantText; bom: boolean },
): Writer<Row> {
  const own = columns.filter(({ only }) => only === undefined || only === format)
  if (format === 'ndjson') return { head: '', lines: (rows) => ndjsonOf(rows, own, at) }
  const head = csvOf([own.map(({ name }) => name)])
  return {
    head: bom ? `\uFEFF${head}` : head,
    lines: (rows) => csvOf(rows.map((row) => own.map(({ cell }) => csvCell(cell(row, at))))),
  }
}

function ndjsonOf<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  at: InstantText,
): string {
  return rows
    .map((row) => {
      const members = columns.map(({ name, cell }) => [name, cell(row, at)])
      return `${JSON.stringify(Object.fromEntries(members))}\n`
    })
    .join('')
}

function csvCell(cell: Cell): string | number | null {
  if (Array.isArray(cell)) return cell.join('\n')
  return typeof cell === 'object' && cell !== null
    ? JSON.stringify(cell)
    : (cell as string | number | null)
}

// RFC 4180. What a spreadsheet would take for a formula is a text, by an apostrophe before it; the
// package does not know the line feed, after which some of them look for one as well.
function csvOf(rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify(rows as (string | number | null)[][], {
    record_delimiter: '\r\n',
    quote_record_delimiter: true,
    escape_formulas: true,
    cast: { string: (text) => (text.startsWith('\n') ? `'${text}` : text) },
  })
}
