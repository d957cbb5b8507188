import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HistoryQuery, INTERVALS } from '../../src/domain/history.ts'
import { accountHistories, publicationHistories } from '../../src/store/history.ts'
import { insertSnapshots, type NewSnapshot } from '../../src/store/snapshots.ts'
import { createCalendar } from '../support/calendar.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import { metrics } from '../support/rows.ts'

// Beside the usual ones: half an hour of daylight saving, offsets of three quarters of an hour,
// midnights that a day has twice, and midnights that a day has not.
const TIME_ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'],
  ...['Atlantic/Azores', 'America/Havana', 'America/Santiago', 'Pacific/Chatham'],
]

// Near which clocks change, somewhere, and ordinary days.
const MOMENTS = [
  ...['2026-03-08T07:00Z', '2026-03-29T01:00Z', '2026-04-04T15:00Z', '2026-04-05T03:00Z'],
  ...['2026-09-06T04:00Z', '2026-10-03T15:30Z', '2026-10-25T01:00Z', '2026-11-01T05:00Z'],
  ...['2026-06-01T00:00Z', '2026-12-31T23:59Z'],
].map((text) => new Date(text).getTime())

const MINUTE_MS = 60_000
const instants = fc
  .tuple(
    fc.constantFrom(...MOMENTS),
    fc.constantFrom(1, 60, 24 * 60),
    fc.integer({ min: -90, max: 90 }),
  )
  .map(([moment, unit, count]) => new Date(moment + unit * count * MINUTE_MS))
const readings = fc
  .array(fc.record({ at: instants, views: fc.option(fc.nat()) }), { maxLength: 40 })
  .map((all) => [...new Map(all.map((reading) => [reading.at.getTime(), reading])).values()])

type Window = Pick<HistoryQuery, 'from' | 'to'>
const windows = fc
  .tuple(instants, instants)
  .map(([one, other]) => (one < other ? { from: one, to: other } : { from: other, to: one }))

interface Reading {
  at: Date
  views: number | null
}

const ALL: HistoryQuery = {
  ...{ from: new Date('2025-01-01Z'), to: new Date('2027-12-31Z'), limit: 1000 },
  ...{ interval: null, timeZone: 'UTC' },
}

/** The history of readings, by looking at each of them. */
function computed(given: readonly Reading[], { from, to, interval, timeZone }: HistoryQuery) {
  const startOf = interval ? createCalendar(interval, timeZone) : (at: Date) => at
  const latest = new Map<number, number | null>()
  const sorted = given.toSorted((one, other) => one.at.getTime() - other.at.getTime())
  for (const { at, views } of sorted) {
    if (at >= from && at <= to) latest.set(startOf(at).getTime(), views)
  }
  return [...latest].map(([at, views]) => ({ at: new Date(at), views }))
}

function snapshot(subjectId: string, { at, views }: Reading): NewSnapshot {
  const numbers = { native: { view_count: views ?? 0 }, metrics: metrics({ views }) }
  return { ...numbers, subject: 'publication', subjectId, capturedAt: at, catalogVersion: 1 }
}

describeStores('histories', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
  })
  afterAll(() => store.close())

  async function fill(given: Record<string, Reading[]>) {
    await sql`truncate snapshot`.execute(store.db)
    const rows = Object.entries(given).flatMap(([id, all]) => all.map((one) => snapshot(id, one)))
    await insertSnapshots(store.db, 'w', rows)
  }

  async function viewsOf(ids: string[], query: HistoryQuery) {
    const histories = await publicationHistories(store.db, 'w', ids, query)
    return ids.map((id) =>
      (histories.get(id) ?? []).map((point) => ({ at: point.at, views: point.metrics.views })),
    )
  }

  test.each([null, ...INTERVALS])(
    'by %s are those that looking at each reading gives',
    async (interval) => {
      const property = fc.asyncProperty(
        ...[readings, readings, fc.constantFrom(...TIME_ZONES), windows],
        async (one: Reading[], other: Reading[], timeZone: string, { from, to }: Window) => {
          await fill({ one, other })
          for (const query of [
            { ...ALL, interval, timeZone },
            { ...ALL, interval, timeZone, from, to },
          ]) {
            const expected = [one, other].map((each) => computed(each, query))
            expect(await viewsOf(['one', 'other'], query)).toEqual(expected)
          }
        },
      )
      await fc.assert(property, { numRuns: 25 })
    },
  )

  test.each(TIME_ZONES)('keep to the clock of %s whenever a clock changes', async (timeZone) => {
    const quarters = Array.from({ length: 33 }, (_, quarter) => (quarter - 16) * 15 * MINUTE_MS)
    const around = MOMENTS.map((moment) =>
      quarters.map((quarter, views) => ({ at: new Date(moment + quarter), views })),
    )
    const ids = MOMENTS.map(String)
    await fill(Object.fromEntries(around.map((all, index) => [ids[index], all])))
    for (const interval of INTERVALS) {
      const query = { ...ALL, interval, timeZone }
      expect(await viewsOf(ids, query)).toEqual(around.map((all) => computed(all, query)))
    }
  })

  const hourly = (from: string, hours: number) =>
    Array.from({ length: hours }, (_, hour) => ({
      at: new Date(new Date(from).getTime() + hour * 60 * MINUTE_MS),
      views: hour,
    }))

  test.each([
    ['2026-03-28T23:00Z', 'Europe/Berlin', '2026-03-29T22:00:00.000Z', 22],
    ['2026-10-24T22:00Z', 'Europe/Berlin', '2026-10-25T23:00:00.000Z', 24],
    ['2026-03-08T05:00Z', 'America/New_York', '2026-03-09T04:00:00.000Z', 22],
    ['2026-11-01T04:00Z', 'America/New_York', '2026-11-02T05:00:00.000Z', 24],
  ])('a day from %s in %s ends when its clock says so', async (from, timeZone, next, last) => {
    await fill({ p: hourly(from, 30) })
    expect(await viewsOf(['p'], { ...ALL, interval: 'day', timeZone })).toEqual([
      [
        { at: new Date(from), views: last },
        { at: new Date(next), views: 29 },
      ],
    ])
    const [hours] = await viewsOf(['p'], { ...ALL, interval: 'hour', timeZone })
    expect(hours).toEqual(hourly(from, 30))
  })

  test('begin with the oldest points where there are more than fit', async () => {
    await fill({ p: hourly('2026-06-01T00:00Z', 50) })
    for (const interval of [null, 'hour'] as const) {
      const [points] = await viewsOf(['p'], { ...ALL, interval, limit: 3 })
      expect(points).toEqual(hourly('2026-06-01T00:00Z', 3))
    }
  })

  test('hold nothing of other workspaces, and keep accounts and publications apart', async () => {
    const at = new Date('2026-06-01T12:00Z')
    await fill({ same: [{ at, views: 1 }] })
    const account = { ...snapshot('same', { at, views: null }), metrics: null }
    const native = { followers_count: 7 }
    await insertSnapshots(store.db, 'w', [{ ...account, subject: 'account', native }])
    await insertSnapshots(store.db, 'other', [snapshot('theirs', { at, views: 2 })])
    expect(await viewsOf(['same', 'theirs', 'a\0b'], ALL)).toEqual([[{ at, views: 1 }], [], []])
    const accounts = await accountHistories(store.db, 'w', ['same'], ALL)
    expect([...accounts]).toEqual([['same', [{ at, native }]]])
  })

  test('are known in every time zone that this process knows', async () => {
    const { rows } = await sql<{ name: string }>`
      select lower(name) as name from pg_timezone_names`.execute(store.db)
    const known = new Set(rows.map(({ name }) => name))
    const zones = Intl.supportedValuesOf('timeZone')
    expect(zones.filter((zone) => !known.has(zone.toLowerCase()))).toEqual([])
  })
})
