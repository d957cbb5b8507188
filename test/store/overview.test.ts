import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONTENT_TYPES } from '../../src/domain/content.ts'
import { METRIC_FIELDS, type Metrics } from '../../src/domain/metric.ts'
import { OVERVIEW_DIMENSIONS, orderGroups } from '../../src/domain/overview.ts'
import { PLATFORMS } from '../../src/domain/platform.ts'
import { type OverviewRequest, publicationOverview } from '../../src/store/overview.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import { bruteGroups, bruteTotals, type Measured } from '../support/overview.ts'
import { AT, addAccounts, addWorkspace, metrics, outcome, publication } from '../support/rows.ts'

const MINUTE_MS = 60_000
const ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'America/Havana', 'America/Sao_Paulo'],
  ...['Atlantic/Azores', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'],
  'Antarctica/Casey',
]
// Clocks change then, or a day is skipped, in one of the zones.
const CHANGES = [
  ...['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-03-08T07:00Z', '2026-11-01T05:00Z'],
  ...['2018-11-04T03:00Z', '2018-02-18T02:00Z', '2026-04-04T15:00Z', '2011-12-30T10:00Z'],
  '2010-03-04T15:00Z',
]

const numbers: fc.Arbitrary<Metrics> = fc.record(
  Object.fromEntries(
    METRIC_FIELDS.map((field) => [field, fc.option(fc.constantFrom(0, 1, 7, 3_412_345_678))]),
  ) as Record<keyof Metrics, fc.Arbitrary<number | null>>,
)

const instants = (changes: readonly string[], minutes: number) =>
  fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -minutes, max: minutes }))
    .map(([change, away]) => new Date(Date.parse(change) + away * MINUTE_MS))

const rowsAround = (changes: readonly string[], minutes: number): fc.Arbitrary<Measured[]> =>
  fc
    .array(
      fc.record({
        platform: fc.constantFrom(...PLATFORMS.slice(0, 3)),
        accountId: fc.constantFrom('account', 'second'),
        contentType: fc.constantFrom(...CONTENT_TYPES.slice(0, 3)),
        createdAt: instants(changes, minutes),
        publishedAt: fc.option(instants(changes, minutes), { freq: 3 }),
        metrics: numbers,
      }),
      { maxLength: 30 },
    )
    .map((rows) =>
      rows.map(({ metrics: own, ...row }, index) => ({
        ...publication({ id: `p${index}`, ...row }),
        metrics: own,
      })),
    )

const groupBy = fc.subarray([...OVERVIEW_DIMENSIONS], { minLength: 1, maxLength: 2 })
const QUESTION: OverviewRequest = {
  ...{ filter: {}, groupBy: [], timeZone: 'UTC', groupsMax: 1000 },
  ...{ totalsOf: [0], groupsOf: [] },
}

describeStores('overviews', (open) => {
  let store: TestStore
  const sent: string[] = []

  beforeAll(async () => {
    store = await open({ onStatement: (statement) => sent.push(statement) })
    await addWorkspace(store.db, 'w')
    await addAccounts(store.db, 'w', ['second'])
  })
  afterAll(() => store.close())

  async function fill(rows: readonly Measured[]): Promise<void> {
    await sql`truncate publication cascade`.execute(store.db)
    await insertPublications(
      store.db,
      'w',
      rows.map(({ metrics: _, ...row }) => row),
    )
    const outcomes = rows.map(({ id, metrics: own }) => outcome({ id, metrics: own }))
    await storePublicationOutcomes(store.db, 'w', outcomes)
  }

  const ask = (request: Partial<OverviewRequest>) =>
    publicationOverview(store.db, 'w', { ...QUESTION, ...request })

  test('group as one would by hand, in every time zone, on days when clocks change', async () => {
    const around = rowsAround(CHANGES, 3 * 24 * 60)
    const zones = fc.constantFrom(...ZONES)
    await fc.assert(
      fc.asyncProperty(around, groupBy, zones, async (rows, dimensions, timeZone) => {
        await fill(rows)
        const found = await ask({ groupBy: dimensions, timeZone, groupsOf: [0] })
        expect(orderGroups(found.groups.get(0) ?? [], dimensions)).toEqual(
          bruteGroups(rows, dimensions, timeZone),
        )
        const totals = rows.length === 0 ? undefined : bruteTotals(rows)
        expect(found.totals.get(0)).toEqual(totals)
      }),
      { numRuns: 60 },
    )
  })

  test('begin a day at the first of two midnights, however far apart they are', async () => {
    // Three hours before the clock was put back by as many, from 02:00 to 23:00.
    const publishedAt = new Date('2010-03-04T13:30Z')
    await fill([{ ...publication({ id: 'p', publishedAt }), metrics: metrics() }])
    const timeZone = 'Antarctica/Casey'
    const { groups } = await ask({ groupBy: ['day'], timeZone, groupsOf: [0] })
    const [day] = groups.get(0) ?? []
    expect(day?.bucket).toEqual(new Date('2010-03-04T13:00Z'))
  })

  test('compare windows of equal length, without a gap or an overlap', async () => {
    const [change = ''] = CHANGES
    const lengths = fc.integer({ min: 0, max: 90 })
    const fields = fc.constantFrom('createdAt', 'publishedAt')
    const around = rowsAround([change], 240)
    await fc.assert(
      fc.asyncProperty(around, lengths, fields, async (rows, minutes, field) => {
        await fill(rows)
        const [start, length] = [Date.parse(change), minutes * MINUTE_MS + 1]
        const [from, to] = [new Date(start), new Date(start + length - 1)]
        const filter =
          field === 'createdAt' ? { from, to } : { publishedFrom: from, publishedTo: to }
        const wanted = { totalsOf: [0, 1, 2], groupsOf: [1], groupBy: ['platform'] as const }
        const found = await ask({ filter, ...wanted })
        for (const window of [0, 1, 2]) {
          const begin = start - window * length
          const own = rows.filter((row) => {
            const at = row[field]?.getTime()
            return at !== undefined && begin <= at && at < begin + length
          })
          const totals = own.length === 0 ? undefined : bruteTotals(own)
          expect(found.totals.get(window)).toEqual(totals)
          const groups = window === 1 ? bruteGroups(own, wanted.groupBy, 'UTC') : []
          const named = orderGroups(found.groups.get(window) ?? [], wanted.groupBy)
          expect(named).toEqual(groups)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('are one statement, whatever the groups and the windows', async () => {
    await fill([])
    sent.length = 0
    const filter = { from: AT, to: AT, platform: 'x' } as const
    await ask({ filter, groupBy: ['day', 'account'], totalsOf: [0, 1], groupsOf: [0, 1] })
    expect(sent).toHaveLength(1)
  })

  test('stop at one group more than is allowed', async () => {
    const rows = CONTENT_TYPES.map((contentType) => ({
      ...publication({ id: contentType, contentType }),
      metrics: metrics(),
    }))
    await fill(rows)
    const found = await ask({ groupBy: ['contentType'], groupsOf: [0], totalsOf: [], groupsMax: 5 })
    expect(found.groups.get(0)).toHaveLength(6)
    expect(found.totals.size).toBe(0)
  })
})
