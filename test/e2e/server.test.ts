import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { openTestStore } from '../support/database.ts'
import { runWeir } from '../support/weir.ts'

const WORKSPACE = { type: 'workspace', id: 'w', name: 'W' }

async function setUp() {
  const store = await openTestStore({ backend: 'postgres' })
  onTestFinished(() => store.close())
  const environment = {
    DATABASE_URL: store.databaseUrl ?? '',
    WEIR_SECRET_KEY: Buffer.alloc(32, 5).toString('base64'),
  }
  const run = (words: string[], input = '') => runWeir(words, environment, input)
  const add = (...records: object[]) =>
    run(['import', '-'], records.map((record) => JSON.stringify(record)).join('\n'))
  const createKey = async (...scopes: string[]) => {
    const key = ['keys', 'create', '--workspace', 'w', '--name', 'dash', '--prefix', 'tok_live']
    return run([...key, '--scopes', ...scopes])
  }
  return { store, run, add, createKey }
}

test('a key alone goes to standard output, and is listed until it is revoked', async () => {
  const { run, add, createKey } = await setUp()
  expect((await createKey('analytics:read')).errors).toContain('There is no workspace w')
  await add(WORKSPACE)
  const { code, output } = await createKey('analytics:read', 'analytics:refresh')
  expect(code).toBe(0)
  expect(output).toMatch(/^tok_live_[0-9A-Za-z]{43}\n$/)
  const line = /dash +w +tok_live_\w{4}… +analytics:read,analytics:refresh .* never +active/
  expect((await run(['keys', 'list'])).output).toMatch(line)
  expect((await createKey('analytics:read')).errors).toContain('already')
  expect((await run(['keys', 'revoke', 'dash'])).code).toBe(0)
  expect((await run(['keys', 'list'])).output).toContain('revoked')
  expect((await createKey('all')).errors).toContain('not all')
})

test('a server’s database is migrated by command only', async () => {
  const { store, run } = await setUp()
  await sql`drop schema public cascade`.execute(store.db)
  await sql`create schema public`.execute(store.db)
  const refused = await run(['serve'])
  expect(refused.code).toBe(1)
  expect(refused.errors).toMatch(/^weir: The database lacks migrations \(0001.* weir -- migrate"/)
  const migrated = await run(['migrate'])
  expect(migrated).toMatchObject({ code: 0, errors: expect.stringMatching(/^Done: 0001/) })
  expect((await run(['migrate'])).errors).toBe('The database is up to date.\n')
})
