import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { type HttpServer, startHttpServer } from '../../../src/http/server.ts'
import { describeStores } from '../../support/database.ts'
import { addMany, addReadings, csvRecords, type Exports, openExports } from './exporting.ts'

const PATH = '/export/publications'
// More than all buffers on the way hold together.
const MANY = 6000
const CODINGS = ['identity', 'gzip']

async function serve({ rest }: Exports): Promise<HttpServer> {
  return startHttpServer({
    ...{ host: '127.0.0.1', port: 0, home: '/', routes: {}, requestTimeoutMs: 10_000 },
    mounts: Object.fromEntries(rest.prefixes.map((prefix) => [prefix, rest.listener])),
    ...{ stopTimeoutMs: 0, log: { info: () => {}, warn: () => {}, error: () => {} } },
  })
}

/** The beginning of an export, of which nothing more is taken. */
async function begin(url: string, coding: string): Promise<IncomingMessage> {
  const headers = { authorization: 'Bearer k', 'accept-encoding': coding }
  const request = get(url, { headers })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  expect(response.headers['content-encoding']).toBe(coding === 'gzip' ? 'gzip' : undefined)
  await once(response, 'readable')
  return response
}

const counted = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1))

describeStores('an export', (open) => {
  test('of publications sends a statement a page', async () => {
    await using exports = await openExports(open)
    await addMany(exports.store.db, 2500)
    exports.statements.length = 0
    const rows = csvRecords(await (await exports.get(PATH)).text())
    expect(rows.map(({ views }) => views)).toEqual(counted(2500))
    expect(exports.statements).toHaveLength(5)
  })

  test('of histories sends a statement a page, and one to see that each end is one', async () => {
    await using exports = await openExports(open)
    await addMany(exports.store.db, 1)
    await addReadings(exports.store.db, 'p000001', 2500)
    exports.statements.length = 0
    const response = await exports.get('/export/history?subject=publication')
    expect(csvRecords(await response.text()).map(({ views }) => views)).toEqual(counted(2500))
    expect(exports.statements).toHaveLength(7)
  })

  test('reads no further than its client', async () => {
    await using exports = await openExports(open)
    await addMany(exports.store.db, 2500)
    exports.statements.length = 0
    const reader = (await exports.get(PATH)).body?.getReader()
    for (let part = 0; part < 5; part += 1) await reader?.read()
    expect(exports.statements).toHaveLength(1)
    await reader?.cancel()
    expect(exports.statements).toHaveLength(1)
  })

  test.each(CODINGS)('(%s) ends with its client, and leaves nothing open', async (coding) => {
    const ends: string[] = []
    await using exports = await openExports(open, ends)
    await addMany(exports.store.db, MANY)
    const server = await serve(exports)
    exports.statements.length = 0
    const response = await begin(`${server.url}${PATH}`, coding)
    response.destroy()
    await vi.waitFor(() => expect(ends).toEqual(['publications']))
    expect(exports.statements.length).toBeLessThan(MANY / 500)
    const { rows: busy } = await sql`select state, query from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
        and (state <> 'idle' or xact_start is not null)`.execute(exports.store.db)
    const { rows: cursors } = await sql`select statement from pg_cursors
      where name <> ''`.execute(exports.store.db)
    expect([busy, cursors, exports.logged]).toEqual([[], [], []])
    await server.stop()
  })

  test.each(CODINGS)('(%s) that fails on its way breaks its connection', async (coding) => {
    const ends: string[] = []
    await using exports = await openExports(open, ends)
    await addMany(exports.store.db, MANY)
    const server = await serve(exports)
    const response = await begin(`${server.url}${PATH}`, coding)
    const printed = vi.spyOn(console, 'error')
    expect(ends).toEqual([])
    await sql`alter table publication rename to lost`.execute(exports.store.db)
    const fails = expect(response.resume().toArray()).rejects.toThrow('aborted')
    await vi.waitFor(() => expect(ends).toEqual(['publications']))
    await fails
    expect(response.complete).toBe(false)
    await sql`alter table lost rename to publication`.execute(exports.store.db)
    expect(exports.logged).toMatchObject([{ path: PATH, requestId: 'id' }])
    expect(printed).not.toHaveBeenCalled()
    await server.stop()
  })

  test('that fails before its first row is an answer', async () => {
    await using exports = await openExports(open)
    await sql`alter table publication rename to lost`.execute(exports.store.db)
    const response = await exports.get(PATH)
    await sql`alter table lost rename to publication`.execute(exports.store.db)
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({ error: { code: 'INTERNAL_SERVER_ERROR' } })
    expect(response.headers.get('content-disposition')).toBeNull()
    expect(exports.logged).toHaveLength(1)
  })
})
