import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type HistoryQuery, INTERVALS } from '../../src/domain/history.ts'
import type { Db } from '../../src/store/connect.ts'
import { historiesOf } from '../../src/store/history.ts'
import { ensurePartitions } from '../../src/store/partitions.ts'
import { readingsOf } from '../../src/store/readings.ts'
import { openTestStore } from '../support/database.ts'

const JULY = { from: new Date('2026-07-02T00:00Z'), to: new Date('2026-07-30T00:00Z') }

/** Two hundred publications, each read every day of a year. */
async function fill(db: Db): Promise<void> {
  await ensurePartitions(db, new Date('2026-01-01Z'), new Date('2026-12-31Z'))
  await sql`
    insert into snapshot
      (workspace_id, subject, subject_id, captured_at, native, views, catalog_version)
    select 'w', 'publication', 'p' || number, at, '{}', number, 1
    from generate_series(1, 200) as number,
      generate_series('2026-01-01'::timestamptz, '2026-12-31', '1 day') as at`.execute(db)
  await sql`analyze snapshot`.execute(db)
}

async function planOf(db: Db, query: HistoryQuery): Promise<string> {
  const statement = historiesOf('w', 'publication', ['p7', 'p8'], query)
  const { rows } = await sql<Record<string, string>>`explain ${statement}`.execute(db)
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}

test.each([null, ...INTERVALS])(
  'a history by %s reads its own rows by the primary key, in the months of its window',
  async (interval) => {
    await using store = await openTestStore({ backend: 'postgres' })
    await fill(store.db)
    const plan = await planOf(store.db, { ...JULY, interval, timeZone: 'Europe/Berlin', limit: 9 })
    expect(plan).toMatch(/(Index|Bitmap Index) Scan [^\n]*snapshot_2026_07_pkey/)
    expect(plan).not.toMatch(/Seq Scan/)
    expect(plan).not.toMatch(/snapshot_2026_(?!07)/)
  },
)

test('a reading reads one row by the primary key, in the months that it can be of', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await fill(store.db)
  const questions = ['p7', 'p8'].map((subjectId) => ({
    ...{ subjectId, since: new Date('2026-07-28T00:00Z'), at: new Date('2026-07-30T00:00Z') },
  }))
  const statement = readingsOf('w', 'publication', questions)
  const { rows } = await sql<Record<string, string>>`
    explain (analyze, costs off, timing off) ${statement}`.execute(store.db)
  const run = rows.map((row) => row['QUERY PLAN'] ?? '').filter((line) => !line.includes('never'))
  expect(run.filter((line) => line.includes(' Scan ')).join('\n')).toMatch(
    /^[^\n]*Function Scan on asked[^\n]*\n[^\n]*Index Scan Backward using snapshot_2026_07_pkey[^\n]*rows=1\b[^\n]*loops=2\)$/,
  )
})
