import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { migrateToLatest, pendingMigrations } from '../../src/store/migrate.ts'
import { describeStores } from '../support/database.ts'

const NAMED = ['kysely_migration', 'kysely_migration_lock']

describeStores('schema', (open) => {
  test('every unique index and primary key begins with the workspace', async () => {
    await using store = await open()
    const { rows } = await sql<{ index: string; first: string }>`
      select i.indexrelid::regclass::text as index, a.attname::text as first
      from pg_index i
      join pg_class c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where (i.indisunique or i.indisprimary) and c.relname <> all(${NAMED})`.execute(store.db)
    expect(rows.length).toBeGreaterThan(12)
    expect(rows.filter((row) => row.first !== 'workspace_id')).toEqual([])
  })

  test('every foreign key begins with the workspace on both sides', async () => {
    await using store = await open()
    const { rows } = await sql<{ key: string; from: string; to: string }>`
      select c.conname as key, a.attname::text as from, b.attname::text as to
      from pg_constraint c
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      join pg_attribute b on b.attrelid = c.confrelid and b.attnum = c.confkey[1]
      where c.contype = 'f' and c.connamespace = 'public'::regnamespace`.execute(store.db)
    expect(rows.length).toBeGreaterThan(8)
    expect(rows.filter((row) => row.from !== 'workspace_id' || row.to !== 'workspace_id')).toEqual(
      [],
    )
  })

  test('ids are compared by their bytes, whatever the language of the server', async () => {
    await using store = await open()
    const { rows } = await sql<{ name: string }>`
      select c.relname || '.' || a.attname as name
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and (a.attname = 'id' or a.attname ~ '_id$') and c.relname <> all(${NAMED})
        and a.attcollation <> '"C"'::regcollation`.execute(store.db)
    expect(rows).toEqual([])
  })

  test('instants are kept to the millisecond, as they are read', async () => {
    await using store = await open()
    const { rows } = await sql<{ type: string }>`
      select distinct format_type(a.atttypid, a.atttypmod) as type
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and format_type(a.atttypid, null) like 'timestamp%'`.execute(store.db)
    expect(rows).toEqual([{ type: 'timestamp(3) with time zone' }])
  })

  test('migrating a migrated database changes nothing', async () => {
    await using store = await open()
    expect(await pendingMigrations(store)).toEqual([])
    expect(await migrateToLatest(store)).toEqual([])
  })
})
