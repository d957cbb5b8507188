import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'

const ROOT = join(import.meta.dirname, '..')
const ROWS = 25
const PAGE_ROWS = 100

/** A request, as a load repeats it. */
export interface Question {
  method: 'GET' | 'POST'
  path: string
  headers: Readonly<Record<string, string>>
  body?: string
}

/** An answer as it came. */
export interface Answer {
  contentType: string
  text: string
}

/** The dashboard query of Weir's tests, for 25 rows. */
export function dashboardQuestion(key: string): Question {
  return graphqlQuestion(key, 'test/graphql/documents/dashboard.graphql')
}

/** The same, in the words of the schema that PostGraphile makes of the database. */
export function postgraphileQuestion(key: string): Question {
  return graphqlQuestion(key, 'bench/peers/postgraphile.graphql')
}

/** A page of posts, of 100 rows, of the REST API that is mounted at `/v1`. */
export function pageQuestion(key: string): Question {
  const path = `/v1/analytics/posts?limit=${PAGE_ROWS}`
  return { method: 'GET', path, headers: { authorization: `Bearer ${key}` } }
}

function graphqlQuestion(key: string, document: string): Question {
  const query = readFileSync(join(ROOT, document), 'utf8')
  return {
    method: 'POST',
    path: '/graphql',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { first: ROWS } }),
  }
}

/** Asks once. Throws unless the server answers with 200. */
export async function ask(url: string, { path, ...question }: Question): Promise<Answer> {
  const response = await fetch(`${url}${path}`, question)
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${url}${path}: ${response.status} ${text}`)
  return { contentType: response.headers.get('content-type') ?? '', text }
}

/** Throws unless two dashboards show the same, whatever else is told about them. */
export function assertSame(one: Answer, other: Answer): void {
  if (!isDeepStrictEqual(dataOf(one), dataOf(other))) throw different(one, other)
}

/** Throws unless PostGraphile's dashboard shows the same rows as another, and the same entries. */
export function assertAlike(ours: Answer, postgraphiles: Answer): void {
  const [one, other] = [dataOf(ours).publications, dataOf(postgraphiles).allPublications]
  const shown = (rows: readonly Row[] = []) =>
    rows.map(({ localId, text, url, account, entries }) => ({
      ...{ localId, text, url, account, entries },
    }))
  const isAlike = isDeepStrictEqual(shown(one?.nodes), shown(other?.nodes))
  if (one?.nodes.length !== ROWS || !isAlike) throw different(ours, postgraphiles)
}

type Row = Record<'localId' | 'text' | 'url' | 'account' | 'entries', unknown>

function dataOf({ text }: Answer): Partial<Record<string, { nodes: Row[] }>> {
  return (JSON.parse(text) as { data: Partial<Record<string, { nodes: Row[] }>> }).data
}

function different(one: Answer, other: Answer): Error {
  return new Error(`Two servers answer differently:\n${one.text}\n${other.text}`)
}
