import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Retention, retain, startRetention } from '../../src/refresh/retention.ts'
import type { Db } from '../../src/store/connect.ts'
import { snapshotMonths } from '../../src/store/partitions.ts'
import { storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { insertSnapshots } from '../../src/store/snapshots.ts'
import { describeStores, openTestStore } from '../support/database.ts'
import { importInto } from '../support/importing.ts'
import { addPublications, addWorkspace, metrics, outcome } from '../support/rows.ts'

const NOW = new Date('2026-06-20T12:00:00Z')
const NOTHING: Retention = {
  ...{ snapshotDailyAfterDays: null, snapshotKeepDays: null, refreshKeepDays: null },
}
const GONE = { thinned: 0, dropped: 0, kept: 0, refreshes: 0, isUnfinished: false }

/** Readings of publications at these times, and as their latest state the last of each. */
async function addReadings(db: Db, readings: Record<string, string[]>): Promise<void> {
  await addWorkspace(db, 'w')
  await addPublications(db, 'w', Object.keys(readings))
  for (const [subjectId, times] of Object.entries(readings)) {
    for (const [views, time] of times.entries()) {
      const numbers = { native: { views }, metrics: metrics({ views }), catalogVersion: 1 }
      const capturedAt = new Date(time)
      const of = { subject: 'publication' as const, subjectId }
      await insertSnapshots(db, 'w', [{ ...of, ...numbers, capturedAt }])
      const state = outcome({ id: subjectId, ...numbers, lastUpdatedAt: capturedAt })
      await storePublicationOutcomes(db, 'w', [state])
    }
  }
}

async function readingsIn(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('snapshot')
    .select(['subject_id as id', 'captured_at as at'])
    .orderBy('captured_at')
    .execute()
  return rows.map(({ id, at }) => `${id} ${at.toISOString().slice(0, 16)}`)
}

async function versionIn(db: Db): Promise<number | undefined> {
  const row = await db.selectFrom('workspace').select('data_version').executeTakeFirst()
  return row?.data_version
}

const monthsIn = async (db: Db) => (await snapshotMonths(db)).map(({ name }) => name.slice(9))

function retaining(db: Db, retention: Partial<Retention>, more: { isDry?: boolean } = {}) {
  return retain({ db, now: () => NOW, retention: { ...NOTHING, ...retention }, ...more })
}

describeStores('retention', (open) => {
  const READINGS = {
    live: ['2025-11-03T10:00Z', '2025-11-03T18:00Z', '2026-01-05T10:00Z', '2026-06-19T10:00Z'],
    dead: ['2025-12-01T10:00Z', '2025-12-31T23:59Z'],
  }

  test('months that are too old go, but for the newest reading of whom nothing later is known', async () => {
    await using store = await open()
    await addReadings(store.db, READINGS)
    const before = await store.db.selectFrom('publication').selectAll().orderBy('id').execute()
    const asked = { snapshotKeepDays: 90 }
    const done = { ...GONE, dropped: 4, kept: 1 }
    expect(await retaining(store.db, asked, { isDry: true })).toEqual(done)
    expect(await readingsIn(store.db)).toHaveLength(6)
    expect(await retaining(store.db, asked)).toEqual(done)
    expect(await readingsIn(store.db)).toEqual(['dead 2025-12-31T23:59', 'live 2026-06-19T10:00'])
    expect(await monthsIn(store.db)).toEqual(['2025_12', '2026_06'])
    expect(await retaining(store.db, asked)).toEqual(GONE)
    const after = await store.db.selectFrom('publication').selectAll().orderBy('id').execute()
    expect(after).toEqual(before)
    // It is read again: what was its newest is not any more.
    await addReadings(store.db, { dead: ['2026-06-18T10:00Z'] })
    expect(await retaining(store.db, asked)).toEqual({ ...GONE, dropped: 1 })
    expect(await monthsIn(store.db)).toEqual(['2026_06'])
  })

  test('answers that were made of what is gone are known to be old', async () => {
    await using store = await open()
    await addReadings(store.db, READINGS)
    const version = () => versionIn(store.db)
    const asked = { snapshotDailyAfterDays: 30 }
    expect(await retaining(store.db, asked, { isDry: true })).toMatchObject({ thinned: 1 })
    expect(await version()).toBe(0)
    await retaining(store.db, asked)
    expect(await version()).toBe(1)
    await retaining(store.db, { snapshotKeepDays: 90 })
    const before = await version()
    expect(before).toBeGreaterThan(1)
    await retaining(store.db, { ...asked, snapshotKeepDays: 90 })
    expect(await version()).toBe(before)
  })

  test('a month of which a day is young enough stays whole', async () => {
    await using store = await open()
    await addReadings(store.db, { p: ['2026-03-01T10:00Z', '2026-06-19T10:00Z'] })
    expect(await retaining(store.db, { snapshotKeepDays: 81 })).toEqual(GONE)
    expect(await retaining(store.db, { snapshotKeepDays: 80 })).toEqual({ ...GONE, dropped: 1 })
  })

  test('days are thinned once they are old enough, and nothing else of them changes', async () => {
    await using store = await open()
    const times = [
      '2026-03-21T10:00Z',
      '2026-03-21T18:00Z',
      '2026-03-22T10:00Z',
      '2026-03-22T11:00Z',
    ]
    await addReadings(store.db, { p: times })
    const asked = { snapshotDailyAfterDays: 90 }
    const before = await store.db.selectFrom('publication').selectAll().execute()
    expect(await retaining(store.db, asked, { isDry: true })).toEqual({ ...GONE, thinned: 1 })
    expect(await retaining(store.db, asked)).toEqual({ ...GONE, thinned: 1 })
    expect(await retaining(store.db, asked)).toEqual(GONE)
    expect(await readingsIn(store.db)).toEqual(
      ['2026-03-21T18:00', '2026-03-22T10:00', '2026-03-22T11:00'].map((at) => `p ${at}`),
    )
    expect(await store.db.selectFrom('publication').selectAll().execute()).toEqual(before)
    const more = { snapshotDailyAfterDays: 89 }
    expect(await retaining(store.db, more)).toEqual({ ...GONE, thinned: 1 })
  })

  test('what is imported of days that were thinned is thinned as well', async () => {
    await using store = await open()
    await addReadings(store.db, { p: ['2026-03-01T10:00Z', '2026-03-01T12:00Z'] })
    const asked = { snapshotDailyAfterDays: 60 }
    expect(await retaining(store.db, asked)).toEqual({ ...GONE, thinned: 1 })
    const record = { type: 'snapshot', workspace_id: 'w', publication_id: 'p', metrics: {} }
    const { problems } = await importInto(store.db, [
      { ...record, captured_at: '2026-03-01T11:00:00Z' },
      { ...record, captured_at: '2026-03-01T13:00:00Z' },
    ])
    expect(problems).toEqual([])
    expect(await retaining(store.db, asked)).toEqual({ ...GONE, thinned: 2 })
    expect(await readingsIn(store.db)).toEqual(['p 2026-03-01T13:00'])
  })

  test('what broke off is done from its beginning', async () => {
    await using store = await open()
    await addReadings(store.db, { p: ['2026-03-01T10:00Z', '2026-03-01T12:00Z'] })
    const retention = { ...NOTHING, snapshotDailyAfterDays: 60 }
    const signal = AbortSignal.abort()
    const broken = await retain({ db: store.db, now: () => NOW, retention, signal })
    expect(broken).toEqual({ ...GONE, isUnfinished: true })
    expect(await retaining(store.db, retention)).toEqual({ ...GONE, thinned: 1 })
  })

  test('refreshes that ended long ago go, but for the last one and the last that counted', async () => {
    await using store = await open()
    await addWorkspace(store.db, 'w')
    const rows = [
      ['old', 'failed', '2026-01-01T00:00Z', null],
      ['counted before', 'succeeded', '2026-01-02T00:00Z', '2026-01-02T00:00Z'],
      ['counted', 'succeeded', '2026-01-03T00:00Z', '2026-01-03T00:00Z'],
      ['later', 'succeeded', '2026-01-04T00:00Z', null],
      ['last', 'failed', '2026-01-05T00:00Z', null],
      ['at work', 'running', '2025-01-05T00:00Z', null],
    ] as const
    for (const [id, status, time, charged] of rows) {
      const [at, chargedAt] = [new Date(time), charged && new Date(charged)]
      const ended = status === 'running' ? null : at
      const of = { workspace_id: 'w', id, account_id: 'account', origin: 'request' as const }
      const when = { requested_at: at, finished_at: ended, charged_at: chargedAt }
      await store.db
        .insertInto('refresh')
        .values({ ...of, ...when, status })
        .execute()
    }
    const asked = { refreshKeepDays: 100 }
    const done = { ...GONE, refreshes: 3 }
    expect(await retaining(store.db, asked, { isDry: true })).toEqual(done)
    expect(await retaining(store.db, asked)).toEqual(done)
    const left = await store.db.selectFrom('refresh').select('id').orderBy('requested_at').execute()
    expect(left.map(({ id }) => id)).toEqual(['at work', 'counted', 'last'])
    expect(await versionIn(store.db)).toBe(1)
  })

  test('a running process looks at once, and stops when it is asked to', async () => {
    await using store = await open()
    await addReadings(store.db, { p: ['2026-03-01T10:00Z', '2026-03-01T12:00Z'] })
    const logged: unknown[] = []
    const log = { info: (...words: unknown[]) => logged.push(words), error: () => {} }
    const retention = { ...NOTHING, snapshotDailyAfterDays: 60 }
    const deps = { db: store.db, now: () => NOW, log: log as never }
    const chore = startRetention({ ...deps, retention })
    await expect.poll(() => logged).toMatchObject([[{ thinned: 1 }, 'what was old is gone']])
    await chore.stop()
    await startRetention({ ...deps, retention: NOTHING }).stop()
    expect(await readingsIn(store.db)).toEqual(['p 2026-03-01T12:00'])
  })
})

test('a month that somebody reads for long is left for later', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await addReadings(store.db, { p: ['2025-11-03T10:00Z', '2026-06-19T10:00Z'] })
  const asked = { snapshotKeepDays: 90 }
  await store.db.transaction().execute(async (reader) => {
    await sql`select from snapshot`.execute(reader)
    expect(await retaining(store.db, asked)).toEqual({ ...GONE, isUnfinished: true })
    expect(await readingsIn(store.db)).toHaveLength(2)
  })
  expect(await retaining(store.db, asked)).toEqual({ ...GONE, dropped: 1 })
})

test('of processes that thin at once, none deletes what another one needs', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
  const times = ['01', '02', '03'].flatMap((day) =>
    hours.map((hour) => `2026-03-${day}T${hour}:00Z`),
  )
  await addReadings(store.db, { p: times })
  const asked = { snapshotDailyAfterDays: 60 }
  const all = await Promise.all(Array.from({ length: 4 }, () => retaining(store.db, asked)))
  expect(all.reduce((sum, { thinned }) => sum + thinned, 0)).toBe(69)
  expect(await readingsIn(store.db)).toEqual(
    ['01', '02', '03'].map((day) => `p 2026-03-${day}T23:00`),
  )
})
