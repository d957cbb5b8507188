import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { recordChanges } from '../../src/store/changes.ts'
import type { Db } from '../../src/store/connect.ts'
import { workspaceById } from '../../src/store/workspaces.ts'
import { describeStores, openTestStore } from '../support/database.ts'
import { AT, addWorkspace } from '../support/rows.ts'

const CHANGES = [
  { subject: 'account', subjectId: 'a' },
  { subject: 'publication', subjectId: 'a' },
  { subject: 'publication', subjectId: 'a' },
] as const

async function feed(db: Db) {
  const { rows } = await sql<{ version: number; subject: string; subject_id: string; at: Date }>`
    select version, subject, subject_id, at from change
    where workspace_id = 'w' order by version, subject`.execute(db)
  return rows
}

describeStores('changes', (open) => {
  test('changes move the data version once, and stand in the feed under it', async () => {
    const statements: string[] = []
    await using store = await open({ onStatement: (sql) => statements.push(sql) })
    await addWorkspace(store.db, 'w')
    await addWorkspace(store.db, 'other')
    statements.length = 0
    expect(await recordChanges(store.db, 'w', AT, { changes: CHANGES })).toBe(1)
    expect(statements).toHaveLength(1)
    expect(await recordChanges(store.db, 'w', AT, {})).toBe(2)
    expect(await feed(store.db)).toEqual([
      { version: 1, subject: 'account', subject_id: 'a', at: AT },
      { version: 1, subject: 'publication', subject_id: 'a', at: AT },
    ])
    expect((await workspaceById(store.db, 'w'))?.dataVersion).toBe(2)
    expect((await workspaceById(store.db, 'other'))?.dataVersion).toBe(0)
    await expect(recordChanges(store.db, 'none', AT, { changes: CHANGES })).rejects.toThrow(
      'no workspace none',
    )
  })
})

test('versions are in the order of commits and without gaps, whoever writes at once', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 10 })
  await addWorkspace(store.db, 'w')
  const committed: number[] = []
  const write = async (number: number) => {
    const version = await store.db.transaction().execute(async (db) => {
      const changes = [{ subject: 'video', subjectId: `v${number}` }] as const
      const moved = await recordChanges(db, 'w', AT, { changes })
      if (number % 4 === 0) throw new Error('rolled back')
      return moved
    })
    committed.push(version)
  }
  const numbers = Array.from({ length: 20 }, (_, index) => index)
  const results = await Promise.allSettled(numbers.map(write))
  expect(results.filter((result) => result.status === 'rejected')).toHaveLength(5)
  const versions = Array.from({ length: 15 }, (_, index) => index + 1)
  expect(committed.toSorted((left, right) => left - right)).toEqual(versions)
  expect((await feed(store.db)).map((change) => change.version)).toEqual(versions)
})
