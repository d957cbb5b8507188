import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillWorld } from '../../bench/insight-fill.ts'
import { readsOf } from '../../bench/insight-plans.ts'
import { openWorld, STEADY, type World } from '../../bench/insight-questions.ts'
import { readsFor } from '../../bench/insight-times.ts'
import { openTestStore, type TestStore } from '../support/database.ts'

const SIZE = { accounts: 2, publications: 3000 }

let store: TestStore
let world: World

beforeAll(async () => {
  store = await openTestStore({ backend: 'postgres' })
  const url = store.databaseUrl ?? ''
  await fillWorld(url, SIZE, () => {})
  world = await openWorld(url)
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await store.close()
})

test.each(STEADY)('$name is found by indexes', async (question) => {
  const { indexes, wholeTables } = await readsFor(question, world)
  expect(wholeTables).toEqual([])
  expect(indexes).not.toEqual([])
})

test('a table that is read from end to end is told, of a month as well', async () => {
  const all = async (table: string) =>
    readsOf(world.db, { sql: `select * from ${table} where clicks = $1`, parameters: [1] })
  expect(await all('account cross join publication')).toMatchObject({
    wholeTables: ['publication'],
  })
  expect(await all('snapshot_2026_05')).toMatchObject({ wholeTables: ['snapshot_2026_05'] })
})

test('the most viewed of an account are read in their order, and no more of them', async () => {
  const [question] = STEADY.filter(({ name }) => name.includes('top 25'))
  const { indexes } = question ? await readsFor(question, world) : { indexes: [] }
  expect(indexes).toEqual(['publication_of_account_by_views'])
})
