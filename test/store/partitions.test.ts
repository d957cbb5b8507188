import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Db, openStore } from '../../src/store/connect.ts'
import {
  ensurePartitions,
  ensurePartitionsOf,
  ensureUpcomingPartitions,
} from '../../src/store/partitions.ts'
import { insertSnapshots } from '../../src/store/snapshots.ts'
import { describeStores, openTestStore } from '../support/database.ts'
import { addWorkspace } from '../support/rows.ts'

async function partitions(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select inhrelid::regclass::text as name from pg_inherits
    where inhparent = 'snapshot'::regclass order by 1`.execute(db)
  return rows.map((row) => row.name)
}

describeStores('partitions', (open) => {
  test('the months from the last to the third ahead are there, across the turn of a year', async () => {
    await using store = await open()
    await ensureUpcomingPartitions(store.db, new Date('2025-12-31T23:59:59.999Z'))
    expect(await partitions(store.db)).toEqual([
      'snapshot_2025_11',
      'snapshot_2025_12',
      'snapshot_2026_01',
      'snapshot_2026_02',
      'snapshot_2026_03',
    ])
  })

  test('months are bounded in UTC, whatever zone the session is in', async () => {
    await using store = await open({ poolMax: 1 })
    await sql`set timezone to 'Pacific/Auckland'`.execute(store.db)
    await addWorkspace(store.db, 'w')
    const last = new Date('2026-01-31T23:59:59.999Z')
    const first = new Date('2026-02-01T00:00:00.000Z')
    await insertSnapshots(store.db, 'w', [last, first].map(snapshotAt))
    const { rows } = await sql`select tableoid::regclass::text as month, captured_at as at
      from snapshot order by captured_at`.execute(store.db)
    expect(rows).toEqual([
      { month: 'snapshot_2026_01', at: last },
      { month: 'snapshot_2026_02', at: first },
    ])
  })

  test('existing months cost one statement, and months between instants are left out', async () => {
    const statements: string[] = []
    await using store = await open({ onStatement: (sql) => statements.push(sql) })
    const instants = [new Date('2019-05-06T00:00:00Z'), new Date('2024-01-01T00:00:00Z')]
    await ensurePartitionsOf(store.db, instants)
    expect(await partitions(store.db)).toEqual(['snapshot_2019_05', 'snapshot_2024_01'])
    statements.length = 0
    await ensurePartitionsOf(store.db, instants)
    expect(statements).toHaveLength(1)
  })

  test('a snapshot of any month finds its partition, inside a transaction too', async () => {
    await using store = await open()
    await addWorkspace(store.db, 'w')
    const at = new Date('2016-02-29T12:00:00Z')
    await store.db.transaction().execute((db) => insertSnapshots(db, 'w', [snapshotAt(at)]))
    const { rows } = await sql`select captured_at as at from snapshot`.execute(store.db)
    expect(rows).toEqual([{ at }])
  })
})

test('many processes may make the same partitions at once, while others write', async () => {
  await using database = await openTestStore({ backend: 'postgres' })
  await addWorkspace(database.db, 'w')
  const processes = await Promise.all(
    Array.from({ length: 6 }, () =>
      openStore({ databaseUrl: database.databaseUrl, dataDir: null, poolMax: 2 }),
    ),
  )
  const [from, to] = [new Date('2025-01-15T00:00:00Z'), new Date('2025-06-15T00:00:00Z')]
  await Promise.all(
    processes.flatMap(({ db }, index) => [
      ensurePartitions(db, from, to),
      insertSnapshots(db, 'w', [snapshotAt(new Date(Date.UTC(2025, index, 15)))]),
    ]),
  )
  await Promise.all(processes.map((store) => store.close()))
  expect(await partitions(database.db)).toHaveLength(6)
})

function snapshotAt(capturedAt: Date) {
  return {
    subject: 'account' as const,
    subjectId: 'account',
    capturedAt,
    native: {},
    metrics: null,
    catalogVersion: 1,
  }
}
