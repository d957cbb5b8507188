import { sql } from 'kysely'
import type pg from 'pg'
import { expect, test } from 'vitest'
import { PostgresClient } from '../../src/store/postgres-client.ts'
import { describeStores, openTestStore } from '../support/database.ts'

describeStores('rows', (open) => {
  test('hold every column, whatever it is called and whether it is null', async () => {
    await using store = await open()
    const read = () =>
      sql`select number as "a'b""c", number as "__proto__", null::text as "null",
          array[1, null] as texts,
          jsonb_build_object('a', number) as json, 1 as twice, 2 as twice
        from generate_series(1, ${2}::int) as number`.execute(store.db)
    const row = (number: number) => ({
      ...{ 'a\'b"c': number, ['__proto__']: number, null: null, texts: [1, null] },
      ...{ json: { a: number }, twice: 2 },
    })
    expect((await read()).rows).toEqual([row(1), row(2)])
    expect((await read()).rows).toEqual([row(1), row(2)])
  })

  test('are those of a table as it is by now', async () => {
    await using store = await open()
    const read = async () =>
      (await sql`select * from changing where ${true}::boolean`.execute(store.db)).rows
    const run = (text: string) => sql.raw(text).execute(store.db)
    await run('create table changing (one int, other bigint)')
    await run('insert into changing values (1, 2)')
    expect(await read()).toEqual([{ one: 1, other: 2 }])
    await run('alter table changing alter other type text')
    expect(await read()).toEqual([{ one: 1, other: '2' }])
    await run('alter table changing rename other to renamed')
    expect(await read()).toEqual([{ one: 1, renamed: '2' }])
    await run('alter table changing add more jsonb default \'{"a": 1}\'')
    expect(await read()).toEqual([{ one: 1, renamed: '2', more: { a: 1 } }])
    await run('alter table changing drop renamed, drop one')
    expect(await read()).toEqual([{ more: { a: 1 } }])
  })

  test('do not come of a statement that fails, which the next one does not notice', async () => {
    await using store = await open()
    const divided = (by: number) =>
      sql`select 12 / (${by}::int - n) as part from generate_series(1, 3) as n`.execute(store.db)
    await expect(divided(3)).rejects.toThrow('division by zero')
    expect((await divided(5)).rows).toEqual([{ part: 3 }, { part: 4 }, { part: 6 }])
  })

  test('come of what was written, too, and are counted', async () => {
    await using store = await open()
    await sql`create table written (n int)`.execute(store.db)
    const inserted = await sql`insert into written values (${1}), (${2})`.execute(store.db)
    expect(inserted).toMatchObject({ rows: [], numAffectedRows: 2n })
    const deleted = await sql`delete from written where n > ${1} returning n`.execute(store.db)
    expect(deleted).toMatchObject({ rows: [{ n: 2 }], numAffectedRows: 1n })
  })
})

test('rows are made by code for their statement, each client with its own ways to read', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  const read = async (types?: pg.CustomTypesConfig) => {
    const client = new PostgresClient({ connectionString: store.databaseUrl ?? '', types })
    await client.connect()
    const result: pg.QueryResult = await client.query('select $1::bigint as n', ['7'])
    await client.end()
    return result
  }
  const result = await read()
  expect(result.rows).toEqual([{ n: '7' }])
  // Unless the driver has taken another object for its answers.
  expect(Object.hasOwn(result, 'parseRow')).toBe(true)
  const toNumber = { getTypeParser: () => Number } as unknown as pg.CustomTypesConfig
  expect((await read(toNumber)).rows).toEqual([{ n: 7 }])
})
