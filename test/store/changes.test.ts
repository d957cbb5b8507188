import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { ChangePlace } from '../../src/domain/change.ts'
import { changesAfter, recordChanges } from '../../src/store/changes.ts'
import type { Db } from '../../src/store/connect.ts'
import { workspaceById } from '../../src/store/workspaces.ts'
import { describeStores, openTestStore } from '../support/database.ts'
import { AT, addWorkspace, later } from '../support/rows.ts'

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

describeStores('the feed of changes', (open) => {
  test('goes on after any place, in the order of commits, and ends with the newest', async () => {
    await using store = await open()
    await addWorkspace(store.db, 'w')
    await addWorkspace(store.db, 'other')
    await recordChanges(store.db, 'w', AT, { changes: CHANGES })
    await recordChanges(store.db, 'other', AT, { changes: CHANGES })
    await recordChanges(store.db, 'w', later(1), { changes: CHANGES.slice(0, 1) })
    const all = [
      { version: 1, subject: 'account', subjectId: 'a', at: AT },
      { version: 1, subject: 'publication', subjectId: 'a', at: AT },
      { version: 2, subject: 'account', subjectId: 'a', at: later(1) },
    ]
    expect(await changesAfter(store.db, 'w', null, 9)).toEqual(all)
    expect(await changesAfter(store.db, 'w', null, 2)).toEqual(all.slice(0, 2))
    for (const [index, place] of (await changesAfter(store.db, 'w', null, 9)).entries()) {
      expect(await changesAfter(store.db, 'w', place, 9)).toEqual(all.slice(index + 1))
    }
  })
})

test('a reader that keeps its place misses nothing of 8 writers, and sees nothing twice', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 10 })
  for (let run = 0; run < 20; run += 1) {
    const workspace = `w${run}`
    await addWorkspace(store.db, workspace)
    const writers = Array.from({ length: 8 }, (_, writer) => write(store.db, workspace, writer))
    const writing = { isOver: false }
    const written = Promise.all(writers).finally(() => (writing.isOver = true))
    const seen: string[] = []
    let place: ChangePlace | null = null
    for (;;) {
      // Looked at before the reading: what was committed by then has to be in it.
      const { isOver } = writing
      const found = await changesAfter(store.db, workspace, place, 7)
      place = found.at(-1) ?? place
      seen.push(...found.map(({ subjectId }) => subjectId))
      if (isOver && found.length === 0) break
    }
    const committed = (await written).flat()
    expect(committed).toHaveLength(8 * 5 * 3)
    expect(seen.toSorted()).toEqual(committed.toSorted())
  }
})

/** Five transactions of three changes each; every other one waits before it commits. */
async function write(db: Db, workspace: string, writer: number): Promise<string[]> {
  const written: string[] = []
  for (let round = 0; round < 5; round += 1) {
    const ids = ['a', 'b', 'c'].map((part) => `${writer}-${round}-${part}`)
    await db.transaction().execute(async (transaction) => {
      const changes = ids.map((subjectId) => ({ subject: 'publication' as const, subjectId }))
      await recordChanges(transaction, workspace, AT, { changes })
      if ((writer + round) % 2 === 0) await sql`select pg_sleep(0.002)`.execute(transaction)
    })
    written.push(...ids)
  }
  return written
}
