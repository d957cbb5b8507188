import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { METRIC_FIELDS, type Metrics } from '../../src/domain/metric.ts'
import { totalsOf } from '../../src/domain/totals.ts'
import { storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { publicationTotals } from '../../src/store/publications.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import { addPublications, addWorkspace, metrics, outcome } from '../support/rows.ts'

const numbers: fc.Arbitrary<Metrics> = fc.record(
  Object.fromEntries(
    METRIC_FIELDS.map((field) => [field, fc.option(fc.constantFrom(0, 1, 3_412_345_678))]),
  ) as Record<keyof Metrics, fc.Arbitrary<number | null>>,
)

describeStores('totals', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
    await addWorkspace(store.db, 'w')
  })
  afterAll(() => store.close())

  async function totalsIn(rows: Metrics[]) {
    await sql`truncate publication cascade`.execute(store.db)
    const ids = rows.map((_, index) => `publication-${index}`)
    await addPublications(store.db, 'w', ids)
    const outcomes = ids.map((id, index) => outcome({ id, metrics: rows[index] ?? metrics() }))
    await storePublicationOutcomes(store.db, 'w', outcomes)
    return publicationTotals(store.db, 'w', {})
  }

  test('the database adds up as the domain does, unknown numbers and unique counts included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(numbers, { maxLength: 4 }), async (rows) => {
        expect(await totalsIn(rows)).toEqual(totalsOf(rows))
      }),
      { numRuns: 20 },
    )
  })

  test('a sum that is no exact number any more is unknown, and still counted', async () => {
    const most = metrics({ likes: Number.MAX_SAFE_INTEGER })
    expect((await totalsIn([most])).values.likes).toBe(Number.MAX_SAFE_INTEGER)
    const totals = await totalsIn([most, metrics({ likes: 1 })])
    expect(totals.values.likes).toBeNull()
    expect(totals.coverage.likes).toBe(2)
  })
})
