import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { lockedAccounts } from '../../src/store/accounts.ts'
import { recordChanges } from '../../src/store/changes.ts'
import { openTestStore, type TestStore } from '../support/database.ts'
import { IMPORTED_AT, importInto } from '../support/importing.ts'

const of = { workspace_id: 'w' }
const WORKSPACE = { type: 'workspace', id: 'w', name: 'W' }
const ACCOUNT = { type: 'account', ...of, id: 'acc', platform: 'x', platform_account_id: '1' }

async function isSomebodyWaiting({ db }: TestStore): Promise<boolean> {
  const { rows } = await sql<{ waiting: number }>`
    select count(*) as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return Number(rows[0]?.waiting) > 0
}

test('an import waits for a refresh that is being stored, and stands in nobody’s way', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await importInto(store.db, [WORKSPACE, ACCOUNT])
  // What storing a refresh does, first and last.
  const importing = await store.db.transaction().execute(async (transaction) => {
    await lockedAccounts(transaction, 'w', ['acc'])
    const outcome = importInto(store.db, [WORKSPACE, { ...ACCOUNT, handle: '@a' }], {
      replace: true,
    })
    await expect.poll(() => isSomebodyWaiting(store), { timeout: 10_000 }).toBe(true)
    await recordChanges(transaction, 'w', IMPORTED_AT, {})
    return { outcome }
  })
  const { counts } = await importing.outcome
  expect(counts?.account).toEqual({ stored: 0, replaced: 1, skipped: 0 })
})
