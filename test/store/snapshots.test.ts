import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertSnapshots, type NewSnapshot } from '../../src/store/snapshots.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import { AT, addWorkspace, later, metrics } from '../support/rows.ts'

function snapshot(given: Partial<NewSnapshot> = {}): NewSnapshot {
  const native = { like_count: Number.MAX_SAFE_INTEGER }
  const numbers = { native, metrics: metrics({ likes: 3_412_345_678 }), catalogVersion: 2 }
  return { subject: 'publication', subjectId: 'p', capturedAt: AT, ...numbers, ...given }
}

describeStores('snapshots', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
    for (const name of ['kept', 'last']) await addWorkspace(store.db, name)
  })
  afterAll(() => store.close())

  test('a snapshot is written once, and keeps its numbers exactly', async () => {
    await insertSnapshots(store.db, 'kept', [])
    await insertSnapshots(store.db, 'kept', [snapshot()])
    const other = snapshot({ native: {}, metrics: null })
    await insertSnapshots(store.db, 'kept', [other, { ...other, subject: 'account' }])
    const { rows } = await sql`select subject, native, likes, views, catalog_version
      from snapshot where workspace_id = 'kept' order by subject`.execute(store.db)
    const unknown = { native: {}, likes: null, views: null, catalog_version: 2 }
    expect(rows).toEqual([
      { subject: 'account', ...unknown },
      { subject: 'publication', ...unknown, native: snapshot().native, likes: 3_412_345_678 },
    ])
  })

  test('a repeat is kept only where its subject was not captured lately', async () => {
    await insertSnapshots(store.db, 'last', [
      snapshot({ subjectId: 'a', capturedAt: later(1) }),
      snapshot({ subjectId: 'b', capturedAt: later(0) }),
      snapshot({ subjectId: 'c', capturedAt: later(1), subject: 'account' }),
    ])
    const again = ['a', 'b', 'c'].map((subjectId) => snapshot({ subjectId, capturedAt: later(9) }))
    await insertSnapshots(store.db, 'last', [], { repeats: { snapshots: again, since: later(1) } })
    const { rows } = await sql`select subject_id as id from snapshot
      where workspace_id = 'last' and captured_at = ${later(9)} order by 1`.execute(store.db)
    expect(rows).toEqual([{ id: 'b' }, { id: 'c' }])
  })
})
