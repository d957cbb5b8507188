import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { CATALOG_VERSION, metricsOf } from '../../src/domain/catalog/catalog.ts'
import { CONTENT_TYPES } from '../../src/domain/content.ts'
import { normalize } from '../../src/domain/normalize.ts'
import { PLATFORMS } from '../../src/domain/platform.ts'
import { changesAfter } from '../../src/store/changes.ts'
import type { Db } from '../../src/store/connect.ts'
import { storeAccountOutcome, upsertConnection } from '../../src/store/connections.ts'
import { METRIC_COLUMN_NAMES, toMetrics } from '../../src/store/metric-columns.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import {
  NUMBERED_TABLES,
  type NumberedTable,
  outdatedCount,
  renormalizeStep,
  type WalkStep,
} from '../../src/store/renormalize.ts'
import { insertSnapshots } from '../../src/store/snapshots.ts'
import { insertVideos } from '../../src/store/videos.ts'
import { workspaceById } from '../../src/store/workspaces.ts'
import { describeStores, openTestStore } from '../support/database.ts'
import {
  AT,
  addWorkspace,
  connection,
  later,
  metrics,
  outcome,
  publication,
} from '../support/rows.ts'

const STEP: WalkStep = { after: null, limit: 100, isDry: false, includesCurrent: false, now: AT }
const WRONG = metrics({ likes: 1, views: 7, engagement: 3, quotes: 9 })
const OLD = { metrics: WRONG, catalogVersion: CATALOG_VERSION - 1 }

/** A publication and its snapshot, as an older catalogue has left them. */
async function addOld(db: Db, id: string, given: object = {}): Promise<void> {
  await insertPublications(db, 'w', [publication({ id, contentType: 'video' })])
  await insertVideos(db, 'w', [{ id: `${id}-video`, videoId: id, publicationId: id }])
  const reading = { native: { like_count: 5, impression_count: 50 }, ...OLD, ...given }
  await storePublicationOutcomes(db, 'w', [outcome({ id, ...reading })])
  const snapshot = { subject: 'publication', subjectId: id, capturedAt: AT, ...reading } as const
  await insertSnapshots(db, 'w', [snapshot])
}

/** Everything that is stored, but for what is computed. */
async function origins(db: Db) {
  const computed = [...METRIC_COLUMN_NAMES, 'engagement_rate', 'video_engagement_rate']
  const tables = NUMBERED_TABLES.map((table) => {
    return sql<{ row: object }>`select to_jsonb(${sql.table(table)})
      - ${[...computed, 'catalog_version']}::text[] as row
      from ${sql.table(table)} order by 1`.execute(db)
  })
  return (await Promise.all(tables)).map(({ rows }) => rows)
}

async function walkAll(db: Db, step: Partial<WalkStep> = {}) {
  const steps = []
  for (const table of NUMBERED_TABLES) {
    steps.push(await renormalizeStep(db, 'w', table, { ...STEP, ...step }))
  }
  return steps.map(({ rows, changed, left }) => ({ rows, changed, left }))
}

const numbersIn = async (db: Db, table: NumberedTable) =>
  (await sql<Parameters<typeof toMetrics>[0]>`select * from ${sql.table(table)}`.execute(db)).rows

async function walkBy(db: Db, limit: number) {
  let after: WalkStep['after'] = null
  do {
    after = (await renormalizeStep(db, 'w', 'publication', { ...STEP, after, limit })).last
  } while (after !== null)
}

describeStores('numbers of an older catalogue', (open) => {
  test('become those of the present one, and nothing else of their rows changes', async () => {
    await using store = await open()
    await addWorkspace(store.db, 'w')
    await addOld(store.db, 'p')
    const before = await origins(store.db)
    expect(await walkAll(store.db)).toMatchObject([{ rows: 0 }, { rows: 1 }, { rows: 1 }])
    expect(await origins(store.db)).toEqual(before)
    const native = { like_count: 5, impression_count: 50 }
    const expected = normalize('x', 'video', native)
    // No mapping feeds these any more.
    expect(expected).toMatchObject({ likes: 5, impressions: 50, quotes: null, engagement: 5 })
    for (const table of ['publication', 'snapshot'] as const) {
      const [row] = await numbersIn(store.db, table)
      expect(row && toMetrics(row)).toEqual(expected)
      expect(row).toMatchObject({ native, catalog_version: CATALOG_VERSION })
    }
    const [row] = await numbersIn(store.db, 'publication')
    expect(row).toMatchObject({ engagement_rate: 10, last_updated_at: AT })
    expect(await walkAll(store.db)).toEqual(Array(3).fill({ rows: 0, changed: 0, left: 0 }))
  })

  test('are in the feed of changes once they have changed, with their videos', async () => {
    await using store = await open()
    await addWorkspace(store.db, 'w')
    await addOld(store.db, 'p')
    const right = normalize('x', 'video', { like_count: 5, impression_count: 50 })
    await addOld(store.db, 'same', { metrics: right })
    const reading = outcome({ id: 'account', native: { followers_count: 5 }, ...OLD })
    const state = { profile: null, connectionStatus: null, dueAt: null }
    await storeAccountOutcome(store.db, 'w', 'account', { ...reading, ...state })
    expect(await walkAll(store.db)).toMatchObject([{ rows: 1 }, { changed: 1 }, { changed: 1 }])
    const changes = await changesAfter(store.db, 'w', null, 10)
    expect(changes.map(({ subject, subjectId }) => [subject, subjectId])).toEqual([
      ['account', 'account'],
      ['publication', 'p'],
      ['video', 'p-video'],
    ])
    // Whoever keeps answers learns of other histories as well.
    expect(await workspaceById(store.db, 'w')).toMatchObject({ dataVersion: 3 })
  })

  test('are only counted when asked to, and those of a newer catalogue are left alone', async () => {
    await using store = await open()
    await addWorkspace(store.db, 'w')
    await addOld(store.db, 'p')
    await addOld(store.db, 'newer', { catalogVersion: CATALOG_VERSION + 1 })
    await addOld(store.db, 'present', { catalogVersion: CATALOG_VERSION })
    await insertPublications(store.db, 'w', [publication({ id: 'never read' })])
    const before = await numbersIn(store.db, 'publication')
    const which = { includesCurrent: true, isDry: true }
    expect(await walkAll(store.db, { isDry: true })).toMatchObject([
      {},
      { rows: 1, changed: 1 },
      {},
    ])
    expect(await walkAll(store.db, which)).toMatchObject([{}, { rows: 2, changed: 2 }, {}])
    expect(await outdatedCount(store.db, 'w', 'publication', which)).toBe(2)
    expect(await outdatedCount(store.db, 'w', 'snapshot', STEP)).toBe(1)
    expect(await numbersIn(store.db, 'publication')).toEqual(before)
    await walkAll(store.db, { includesCurrent: true })
    const after = await numbersIn(store.db, 'publication')
    expect(after.map(({ likes }) => likes).sort()).toEqual([1, 5, 5, null])
  })

  test('of any platform and kind become what normalizing them gives, in steps of any size', async () => {
    await using store = await open()
    await addWorkspace(store.db, 'w')
    for (const platform of PLATFORMS) {
      await upsertConnection(
        store.db,
        'w',
        connection({ id: platform, platform, platformAccountId: platform }),
      )
    }
    let next = 0
    const property = fc.asyncProperty(
      readings,
      fc.integer({ min: 1, max: 9 }),
      async (all, limit) => {
        const rows = all.map((each) => ({ ...each, id: `row ${next++}`, accountId: each.platform }))
        await insertPublications(store.db, 'w', rows.map(publication))
        const outcomes = rows.map(({ id, native }) => outcome({ id, native, ...OLD }))
        await storePublicationOutcomes(store.db, 'w', outcomes)
        await walkBy(store.db, limit)
        const stored = await numbersIn(store.db, 'publication')
        const found = new Map(stored.map((row) => [Reflect.get(row, 'id'), toMetrics(row)]))
        for (const { id, platform, contentType, native } of rows) {
          expect(found.get(id)).toEqual(normalize(platform, contentType, native))
        }
      },
    )
    await fc.assert(property, { numRuns: 15 })
  })
})

const readings = fc.array(
  fc.constantFrom(...PLATFORMS).chain((platform) => {
    const names = (['post', 'video'] as const).flatMap((subject) => metricsOf(platform, subject))
    return fc.record({
      platform: fc.constant(platform),
      contentType: fc.constantFrom(...CONTENT_TYPES),
      native: fc.dictionary(
        fc.constantFrom('unheard_of', ...names.map(({ name }) => name)),
        fc.nat(),
      ),
    })
  }),
  { maxLength: 20 },
)

test('what somebody else writes meanwhile stays, and a row that is locked is left', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await addWorkspace(store.db, 'w')
  for (const id of ['locked', 'free', 'taken']) await addOld(store.db, id)
  const held = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const newer = outcome({
    id: 'locked',
    native: { like_count: 8 },
    lastUpdatedAt: later(9),
    ...OLD,
  })
  const writing = store.db.transaction().execute(async (transaction) => {
    await storePublicationOutcomes(transaction, 'w', [newer])
    held.resolve()
    await release.promise
  })
  await held.promise
  const first = await renormalizeStep(store.db, 'w', 'publication', STEP)
  expect(first).toMatchObject({ rows: 3, changed: 2, left: 1 })
  release.resolve()
  await writing
  const again = await renormalizeStep(store.db, 'w', 'publication', { ...STEP, upTo: first.last })
  expect(again).toMatchObject({ rows: 1, changed: 1, left: 0 })
  const rows = await store.db.selectFrom('publication').selectAll().orderBy('id').execute()
  expect(rows.map(({ id, likes }) => [id, likes])).toEqual([
    ['free', 5],
    ['locked', 8],
    ['taken', 5],
  ])
  expect(rows[1]).toMatchObject({ native: { like_count: 8 }, last_updated_at: later(9) })
})

test('however many write at once, no numbers are of other native ones than their row has', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await addWorkspace(store.db, 'w')
  const ids = Array.from({ length: 40 }, (_, index) => `p${index}`)
  for (const id of ids) await addOld(store.db, id)
  const write = async (writer: number) => {
    for (let turn = 1; turn <= 25; turn++) {
      const native = { like_count: writer * 1000 + turn }
      // Every second one is of a process that has the older catalogue still.
      const numbers = { metrics: normalize('x', 'video', native), catalogVersion: CATALOG_VERSION }
      const some = ids.filter((_, index) => (index + turn) % 4 === writer)
      const given = { native, ...numbers, ...(turn % 2 ? OLD : {}) }
      await storePublicationOutcomes(
        store.db,
        'w',
        some.map((id) => outcome({ id, ...given })),
      )
    }
  }
  let isWriting = true
  const writing = Promise.all([0, 1, 2, 3].map(write)).finally(() => {
    isWriting = false
  })
  while (isWriting) await walkBy(store.db, 7)
  await writing
  await walkBy(store.db, 7)
  const rows = await store.db.selectFrom('publication').selectAll().execute()
  expect(rows).toHaveLength(ids.length)
  for (const row of rows) {
    expect(row.catalog_version).toBe(CATALOG_VERSION)
    expect(row.native['like_count']).toBeGreaterThan(20)
    expect(toMetrics(row)).toEqual(normalize('x', 'video', row.native))
  }
})
