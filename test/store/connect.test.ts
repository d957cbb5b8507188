import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openStore } from '../../src/store/connect.ts'
import { describeStores, openTestStore } from '../support/database.ts'

describeStores('connect', (open) => {
  test('big integers come back as exact numbers and dates as text', async () => {
    await using store = await open()
    const { rows } = await sql`
      select 3412345678::bigint as count, 9007199254740991::bigint as most,
        date '2026-01-31' as day`.execute(store.db)
    expect(rows).toEqual([
      {
        count: 3_412_345_678,
        most: Number.MAX_SAFE_INTEGER,
        day: '2026-01-31',
      },
    ])
  })

  test('a database that answers can be pinged, a closed one cannot', async () => {
    const store = await open()
    await store.ping()
    await store.end()
    await expect(store.ping()).rejects.toThrow()
  })

  test('a listener hears every statement with its parameters, and nothing of transactions', async () => {
    const heard: unknown[] = []
    await using store = await open({ onStatement: (...statement) => heard.push(statement) })
    await store.db.transaction().execute((db) => sql`select ${2}::int`.execute(db))
    await expect(sql`select nothing`.execute(store.db)).rejects.toThrow('nothing')
    expect(heard).toEqual([
      ['select $1::int', [2]],
      ['select nothing', []],
    ])
  })
})

test('connections that the server ends while they are idle are replaced', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 3 })
  const other = await openStore({ databaseUrl: store.databaseUrl, dataDir: null, poolMax: 1 })
  await Promise.all([store.ping(), store.ping(), store.ping()])
  await sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(other.db)
  await other.close()
  await expect.poll(() => store.ping().then(() => 'answers', String)).toBe('answers')
})

test('a connection that the server ends in a transaction ends that alone, and is replaced', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 1 })
  const other = await openStore({ databaseUrl: store.databaseUrl, dataDir: null, poolMax: 1 })
  const cut = store.db.transaction().execute(async (transaction) => {
    await sql`select 1`.execute(transaction)
    await sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(other.db)
    await sql`select 1`.execute(transaction)
  })
  await expect(cut).rejects.toThrow(/terminat|connection/i)
  await store.ping()
  await other.close()
})

test('a server that is not there is an error, not a wait without end', async () => {
  const databaseUrl = 'postgres://nobody@127.0.0.1:1/none'
  const store = await openStore({ databaseUrl, dataDir: null, poolMax: 1 })
  await expect(store.ping()).rejects.toThrow('ECONNREFUSED')
  await store.close()
  await store.close()
})
