import { ConnectorError } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { pacificDay } from '../../domain/pacific.ts'
import { unanswered } from '../failures.ts'
import { objectsAt, textOf, valueAt } from '../json.ts'
import { YoutubeError } from './errors.ts'
import { refusalsOf } from './refusals.ts'
import type { YoutubeSession } from './request.ts'

/** No video is older than YouTube itself. */
const FIRST_DAY = '2005-02-14'

/** A list of videos has to be sorted by one of its columns. */
const SORT_COLUMN = 'views'

/** Rows by the id of their video, with their values by the name of the column. */
export type Rows = Map<string, JsonObject>

/** Whether the account's reports lately refused a column, and it was therefore not asked for. */
export function isRefused(session: YoutubeSession, column: string): boolean {
  return refusalsOf(session).knows(refusalOf(column))
}

/** Whether the account's reports lately refused every query about a video. */
export function isVideoRefused(session: YoutubeSession, id: string): boolean {
  return refusalsOf(session).knows(refusalOfVideo(id))
}

/** Rows, and the videos for which there are none because Google refuses any query about them. */
export interface Table {
  rows: Rows
  refused: readonly string[]
}

/**
 * The rows of some videos, whatever a single one of them does: a query that is refused with any
 * column may be so for one video, which is then found, and not asked for again for a day.
 */
export async function askTable(
  session: YoutubeSession,
  ids: readonly string[],
  columns: readonly string[],
): Promise<Table> {
  try {
    return { rows: await askColumns(session, ids, columns), refused: [] }
  } catch (error) {
    if (!isRefusal(error)) throw error
    const asked = columns.filter((column) => !isRefused(session, column))
    const table = await askByHalves(session, ids, asked)
    if (table === null) throw error
    const [culprit, ...others] = table.refused
    // Of several that were refused together, some may be asked for.
    if (culprit && others.length === 0) refusalsOf(session).remember(refusalOfVideo(culprit))
    return table
  }
}

/**
 * The rows of both halves of some videos. A half that is refused is halved again; null: both are, so
 * that no single video is the cause, or there is only one to ask for.
 */
async function askByHalves(
  session: YoutubeSession,
  ids: readonly string[],
  columns: readonly string[],
): Promise<Table | null> {
  if (ids.length < 2) return null
  const middle = Math.ceil(ids.length / 2)
  const rows: Rows = new Map()
  const refused: string[][] = []
  for (const half of [ids.slice(0, middle), ids.slice(middle)]) {
    const answer = await askOnce(session, half, columns).catch(unlessRefused)
    if (answer === null) refused.push(half)
    else for (const [id, row] of answer) rows.set(id, row)
  }
  const [suspects = []] = refused
  if (refused.length === 2) return null
  const rest = await askByHalves(session, suspects, columns)
  if (rest === null) return { rows, refused: suspects }
  return { rows: new Map([...rows, ...rest.rows]), refused: rest.refused }
}

function unlessRefused(error: unknown): null {
  if (isRefusal(error)) return null
  throw error
}

/**
 * The rows of some videos. One refused column fails a whole call, so columns that the refusal
 * names, or that are refused when asked for alone, are left out, and not asked for on this account
 * again for a day.
 */
async function askColumns(
  session: YoutubeSession,
  ids: readonly string[],
  columns: readonly string[],
): Promise<Rows> {
  const asked = columns.filter((column) => !isRefused(session, column))
  if (asked.length === 0) return new Map()
  try {
    return await askOnce(session, ids, asked)
  } catch (error) {
    if (!isRefusal(error)) throw error
    const named = namedIn(error.said, asked)
    const answer = named.length > 0 ? null : await askOneByOne(session, ids, asked)
    // Refused however it is asked: something else than a column is wrong.
    if (answer !== null && answer.refused.length === asked.length) throw error
    const refusals = refusalsOf(session)
    for (const column of answer?.refused ?? named) refusals.remember(refusalOf(column))
    return answer?.rows ?? askColumns(session, ids, columns)
  }
}

async function askOneByOne(
  session: YoutubeSession,
  ids: readonly string[],
  columns: readonly string[],
): Promise<{ rows: Rows; refused: string[] }> {
  const rows: Rows = new Map()
  const refused: string[] = []
  if (columns.length === 1) return { rows, refused: [...columns] }
  for (const column of columns) {
    try {
      for (const [id, row] of await askOnce(session, ids, [column])) {
        rows.set(id, { ...rows.get(id), ...row })
      }
    } catch (error) {
      if (!isRefusal(error)) throw error
      refused.push(column)
    }
  }
  return { rows, refused }
}

function askOnce(
  { api, account, context }: YoutubeSession,
  ids: readonly string[],
  columns: readonly string[],
): Promise<Rows> {
  const params = {
    ids: 'channel==MINE',
    startDate: FIRST_DAY,
    endDate: pacificDay(context.now),
    metrics: [SORT_COLUMN, ...columns].join(','),
    dimensions: 'video',
    filters: `video==${ids.join(',')}`,
    sort: `-${SORT_COLUMN}`,
    maxResults: '200',
  }
  const query = { api: 'reports', path: '/v2/reports', params } as const
  return api.ask(query, account, context, rowsIn)
}

// Columns come in an order of their own; without anything to tell there are no rows.
function rowsIn(body: JsonValue): Rows {
  const names = objectsAt(body, 'columnHeaders').map((header) => textOf(header['name']) ?? '')
  const lists = valueAt(body, 'rows') ?? []
  if (!Array.isArray(lists)) throw unreadable('no list of rows')
  const rows = lists.flatMap((cells): [string, JsonObject][] => {
    const values = Array.isArray(cells) ? cells : []
    const row = Object.fromEntries(names.map((name, place) => [name, values[place]]))
    const id = textOf(row['video'])
    return id === null ? [] : [[id, row]]
  })
  if (rows.length === 0 && lists.length > 0) throw unreadable('no row that names its video')
  return new Map(rows)
}

function unreadable(what: string): ConnectorError {
  return new ConnectorError(unanswered('malformed', `The report has ${what}.`))
}

function isRefusal(error: unknown): error is YoutubeError {
  return error instanceof YoutubeError && error.failure.status === 400
}

function namedIn(said: string, columns: readonly string[]): string[] {
  const words: string[] = said.match(/\w+/g) ?? []
  return columns.filter((column) => words.includes(column))
}

function refusalOf(column: string): string {
  return `column ${column}`
}

function refusalOfVideo(id: string): string {
  return `video ${id}`
}
