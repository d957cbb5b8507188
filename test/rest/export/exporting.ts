import { sql } from 'kysely'
import { createLoaders, type Loaders } from '../../../src/loaders/loaders.ts'
import { REST_APIS } from '../../../src/rest/facades.ts'
import type { Rest } from '../../../src/rest/rest.ts'
import type { Db } from '../../../src/store/connect.ts'
import { openTestStore, type TestStore, type TestStoreOptions } from '../../support/database.ts'
import { AT, addWorkspace } from '../../support/rows.ts'
import { openRest } from '../opened.ts'

/** The exports over a store of their own, for the workspace `w` whatever the key. */
export interface Exports extends AsyncDisposable {
  store: TestStore
  rest: Rest
  /** Every statement that was sent. */
  statements: string[]
  logged: object[]
  get(path: string, headers?: Record<string, string>): Promise<Response>
}

/** Opens them. `ends` hears of every export that has ended, in whatever way. */
export async function openExports(
  open: (options: TestStoreOptions) => Promise<TestStore> = openTestStore,
  ends: string[] = [],
): Promise<Exports> {
  const statements: string[] = []
  const store = await open({ onStatement: (text) => statements.push(text) })
  const logged: object[] = []
  const rest = openRest(logged, {
    ...{ vendors: REST_APIS, now: () => AT, authenticator: { check: async () => GOOD } },
    loadersFor: (workspaceId) => watched(createLoaders(store.db, workspaceId), ends),
  })
  await addWorkspace(store.db, 'w')
  statements.length = 0
  const get = (path: string, headers: Record<string, string> = {}) =>
    rest.fetch(
      new Request(`http://gateway.test${path}`, {
        headers: { authorization: 'Bearer k', ...headers },
      }),
    )
  return { ...{ store, rest, statements, logged, get }, [Symbol.asyncDispose]: store.close }
}

function watched(loaders: Loaders, ends: string[]): Loaders {
  return {
    ...loaders,
    async *exportPublications(filter) {
      try {
        yield* loaders.exportPublications(filter)
      } finally {
        ends.push('publications')
      }
    },
  }
}

const GOOD = {
  kind: 'good',
  principal: { workspaceId: 'w', keyId: 'k', scopes: ['analytics:read'] },
} as const

const LONG = 100

/** Makes so many publications, a millisecond apart, each with a long text that nothing shortens. */
export async function addMany(db: Db, count: number): Promise<void> {
  await sql`insert into publication (workspace_id, id, account_id, platform, platform_post_id,
      text, content_type, created_at, views)
    select 'w', 'p' || lpad(n::text, 6, '0'), 'account', 'x', n::text,
      (select string_agg(md5((n * part)::text), '') from generate_series(1, ${LONG}::int) as part),
      'text', ${AT}::timestamptz + n * interval '1 millisecond', n
    from generate_series(1, ${count}::int) as n`.execute(db)
}

/** Gives a publication so many readings, a minute apart. */
export async function addReadings(db: Db, id: string, count: number): Promise<void> {
  await sql`create table if not exists snapshot_2026_03 partition of snapshot
    for values from ('2026-03-01Z') to ('2026-04-01Z')`.execute(db)
  await sql`insert into snapshot (workspace_id, subject, subject_id, captured_at, native, views,
      catalog_version)
    select 'w', 'publication', ${id}, '2026-03-01Z'::timestamptz + n * interval '1 minute', '{}', n, 1
    from generate_series(1, ${count}::int) as n`.execute(db)
}

/** The rows of a CSV, the names of its columns first. Throws where it is not as RFC 4180 has it. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex
    const [, quoted, plain = '', end] = cell.exec(text) ?? []
    if (end === undefined) throw new Error(`No cell at ${at}: ${text.slice(at, at + 50)}`)
    row.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

/** The rows of a CSV by the names of its columns. */
export function csvRecords(text: string): Record<string, string>[] {
  const [names = [], ...rows] = parseCsv(text)
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])))
}

/** The objects of an NDJSON. */
export function ndjsonRecords(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}
