import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ExportedPoint, HistoryExport, HistorySubject } from '../../src/domain/export.ts'
import { INTERVALS } from '../../src/domain/history.ts'
import { createExportLoaders } from '../../src/loaders/export.ts'
import { accountHistories, publicationHistories } from '../../src/store/history.ts'
import { insertPublications } from '../../src/store/publication-writes.ts'
import { insertSnapshots, type NewSnapshot } from '../../src/store/snapshots.ts'
import { insertVideos } from '../../src/store/videos.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import { addAccounts, addWorkspace, later, metrics, publication } from '../support/rows.ts'

const HOUR_MS = 3_600_000
const IDS = ['a', 'b', 'c', 'd']
const ALL = { from: new Date('2025-01-01Z'), to: new Date('2027-12-31Z') }
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu']
// Around the ends of daylight saving, hour by hour or in halves of it.
const readings = fc
  .array(
    fc.record({
      id: fc.constantFrom(...IDS),
      moment: fc.constantFrom('2026-10-24T20:00Z', '2026-11-01T00:00Z', '2026-04-04T12:00Z'),
      halves: fc.nat({ max: 60 }),
      views: fc.option(fc.nat()),
    }),
    { maxLength: 60 },
  )
  .map((all) =>
    all.map(({ id, moment, halves, views }): NewSnapshot => {
      const capturedAt = new Date(new Date(moment).getTime() + (halves * HOUR_MS) / 2)
      const subject = id === 'd' ? 'account' : 'publication'
      const numbers = { native: { followers_count: views ?? 0 }, metrics: metrics({ views }) }
      return { ...numbers, subject, subjectId: id, capturedAt, catalogVersion: 1 }
    }),
  )

async function collected<Row>(pages: AsyncIterable<Row[]>): Promise<Row[]> {
  const rows: Row[] = []
  for await (const page of pages) rows.push(...page)
  return rows
}

describeStores('exports page by page', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
    await addWorkspace(store.db, 'w')
    await addAccounts(store.db, 'w', ['d', 'e'])
    const rows = ['c', 'a', 'b'].map((id, index) =>
      publication({ id, accountId: 'd', contentType: 'video', createdAt: later(index % 2) }),
    )
    await insertPublications(store.db, 'w', rows)
    await insertVideos(store.db, 'w', [{ id: 'va', videoId: 'v', publicationId: 'a' }])
  })
  afterAll(() => store.close())

  async function historyOf(more: Partial<HistoryExport>, pages: [number, number]) {
    const wanted: HistoryExport = {
      ...{ subject: 'publication', ids: null, filter: {}, interval: null, timeZone: 'UTC' },
      ...ALL,
      ...more,
    }
    const [rows, subjects] = pages
    return collected(createExportLoaders(store.db, 'w', { rows, subjects }).exportHistory(wanted))
  }

  async function fill(snapshots: NewSnapshot[]) {
    await sql`truncate snapshot`.execute(store.db)
    await insertSnapshots(store.db, 'w', snapshots)
  }

  test.each([null, ...INTERVALS])('cut histories by %s nowhere', async (interval) => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 4 }))
    const property = fc.asyncProperty(
      ...[readings, fc.constantFrom(...ZONES), sizes],
      async (given: NewSnapshot[], timeZone: string, pages: [number, number]) => {
        await fill(given)
        const query = { ...ALL, interval, timeZone, limit: 1000 }
        const whole = await publicationHistories(store.db, 'w', IDS, query)
        const points = await historyOf({ interval, timeZone }, pages)
        // The order in which they were recorded.
        const expected = ['b', 'c', 'a'].flatMap((id) =>
          (whole.get(id) ?? []).map((point) => ({ ...point, id })),
        )
        expect(points.map(({ at, metrics, id }) => ({ at, metrics, id }))).toEqual(expected)
        const ofAccounts = await accountHistories(store.db, 'w', IDS, query)
        const accounts = await historyOf({ subject: 'account', interval, timeZone }, pages)
        expect(accounts.map(({ at, native }) => ({ at, native }))).toEqual(
          ofAccounts.get('d') ?? [],
        )
      },
    )
    await fc.assert(property, { numRuns: 15 })
  })

  const point = (subjectId: string, ms: number, views: number): NewSnapshot => ({
    ...{ subject: 'publication', subjectId, capturedAt: later(ms), catalogVersion: 1 },
    ...{ native: {}, metrics: metrics({ views }) },
  })
  const named = (points: ExportedPoint[]) => points.map(({ id, at }) => [id, at])

  test.each<[HistorySubject, Partial<HistoryExport>, string[]]>([
    ['publication', {}, ['b', 'c', 'a']],
    ['publication', { ids: ['a', 'b', 'none', 'a\0'] }, ['b', 'a']],
    ['publication', { filter: { from: later(1) } }, ['a']],
    ['publication', { filter: { accountId: 'e' } }, []],
    ['video', {}, ['va']],
    ['video', { ids: ['va', 'a'] }, ['va']],
    ['video', { filter: { contentType: 'reel' } }, []],
    ['account', {}, []],
  ])('find the histories of a %s by %o', async (subject, more, expected) => {
    await fill(['a', 'b', 'c'].map((id) => point(id, 0, 1)))
    const points = await historyOf({ subject, ...more }, [2, 1])
    expect(points.map(({ id }) => id)).toEqual(expected)
  })

  test('show a stretch once that goes on while it is exported', async () => {
    await fill([0, 1, 2].map((hours) => point('a', hours * HOUR_MS, hours)))
    const wanted: HistoryExport = {
      ...{ subject: 'publication', ids: null, filter: {}, interval: 'day', timeZone: 'UTC' },
      ...ALL,
    }
    const pages = createExportLoaders(store.db, 'w', { rows: 1, subjects: 9 }).exportHistory(wanted)
    const seen: ExportedPoint[] = []
    for await (const page of pages) {
      seen.push(...page)
      if (seen.length > 0) await insertSnapshots(store.db, 'w', [point('a', 3 * HOUR_MS, 3)])
    }
    expect(named(seen)).toEqual([['a', new Date('2026-03-04T00:00Z')]])
  })

  test('meet each publication once, whatever is recorded meanwhile', async () => {
    const { exportPublications } = createExportLoaders(store.db, 'w', { rows: 2, subjects: 1 })
    const seen: string[] = []
    for await (const page of exportPublications({ accountId: 'd' })) {
      seen.push(...page.map((row) => row.publication.id))
      if (seen.length > 2) continue
      const more = [publication({ id: 'e1', accountId: 'd', createdAt: later(9) })]
      await insertPublications(store.db, 'w', more)
    }
    expect(seen).toEqual(['b', 'c', 'a', 'e1'])
    await sql`delete from publication where id = 'e1'`.execute(store.db)
  })
})
