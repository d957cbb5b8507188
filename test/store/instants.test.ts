import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { describeStores } from '../support/database.ts'

const EARLIEST = new Date('1971-01-01T00:00:00Z')
const LATEST = new Date('9999-12-31T23:59:59.999Z')

describeStores('instants', (open) => {
  test('are read as they were written, to the millisecond and in any time zone', async () => {
    await using store = await open()
    const instant = fc.date({ min: EARLIEST, max: LATEST, noInvalidDate: true })
    const instants = fc.sample(instant, { numRuns: 500, seed: 7 })
    for (const zone of ['UTC', 'Asia/Kathmandu', 'America/St_Johns']) {
      const read = await store.db.transaction().execute(async (transaction) => {
        await sql`select set_config('TimeZone', ${zone}, true)`.execute(transaction)
        const { rows } = await sql<{ at: Date }>`
          select at::timestamptz(3) from unnest(${instants}::timestamptz[]) with ordinality as given (at, n)
          order by n`.execute(transaction)
        return rows.map(({ at }) => at)
      })
      expect(read).toEqual(instants)
    }
  })

  test('beyond four digits of a year are read, too', async () => {
    await using store = await open()
    const { rows } = await sql<{ late: Date }>`
      select '12026-06-29 09:00:00.5+00'::timestamptz as late`.execute(store.db)
    expect(rows).toEqual([{ late: new Date('+012026-06-29T09:00:00.500Z') }])
  })
})
