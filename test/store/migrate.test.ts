import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openStore } from '../../src/store/connect.ts'
import { migrateToLatest, pendingMigrations } from '../../src/store/migrate.ts'
import { openTestStore } from '../support/database.ts'

test('an empty embedded database is brought up to date once', async () => {
  const store = await openStore({ databaseUrl: null, dataDir: null, poolMax: 1 })
  const pending = await pendingMigrations(store)
  expect(pending[0]).toBe('0001_initial')
  expect(await migrateToLatest(store)).toEqual(pending)
  expect(await migrateToLatest(store)).toEqual([])
  await store.close()
})

test('of several processes that migrate at once, one does and none fails', async () => {
  await using database = await openTestStore({ backend: 'postgres' })
  await sql`drop schema public cascade`.execute(database.db)
  await sql`create schema public`.execute(database.db)
  const processes = await Promise.all(
    Array.from({ length: 5 }, () =>
      openStore({ databaseUrl: database.databaseUrl, dataDir: null, poolMax: 2 }),
    ),
  )
  const pending = await pendingMigrations(database)
  expect(pending.length).toBeGreaterThan(1)
  const done = await Promise.all(processes.map((store) => migrateToLatest(store)))
  expect(done.flat()).toEqual(pending)
  expect(await pendingMigrations(database)).toEqual([])
  await Promise.all(processes.map((store) => store.close()))
})
