import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { describeStores } from '../support/database.ts'

describeStores('connect', (open) => {
  test('big integers come back as exact numbers and dates as text', async () => {
    await using store = await open()
    const { rows } = await sql`
      select 3412345678::bigint as count, 9007199254740991::bigint as most,
        date '2026-01-31' as day`.execute(store.db)
    expect(rows).toEqual([
      {
        count: 3_412_345_678,
        most: Number.MAX_SAFE_INTEGER,
        day: '2026-01-31',
      },
    ])
  })

  test('a database that answers can be pinged, a closed one cannot', async () => {
    const store = await open()
    await store.ping()
    await store.close()
    await expect(store.ping()).rejects.toThrow()
  })
})
