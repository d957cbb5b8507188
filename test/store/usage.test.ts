import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  finishRefresh,
  insertRefresh,
  lastCharges,
  requeueRefresh,
} from '../../src/store/refreshes.ts'
import { takeUnits, usedInMonths } from '../../src/store/usage.ts'
import { describeStores, openTestStore, type TestStore } from '../support/database.ts'
import { AT, addWorkspace, later } from '../support/rows.ts'

const MONTH = '2026-03-01'

const END = {
  status: 'failed',
  finishedAt: later(2),
  updated: 0,
  failed: 1,
  upstreamCalls: 2,
  errorMessage: 'Nothing was read.',
} as const

function wish(id: string, chargedAt: Date | null) {
  const account = { accountId: 'account', origin: 'request', publicationIds: null } as const
  return { id, ...account, requestedAt: chargedAt ?? AT, chargedAt }
}

describeStores('usage', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
    for (const name of ['take', 'first', 'end', 'other']) await addWorkspace(store.db, name)
  })
  afterAll(() => store.close())

  const take = (workspaceId: string, units: number, limit: number) =>
    takeUnits(store.db, workspaceId, { month: MONTH, units, limit })
  const used = async (workspaceId: string, month = MONTH) =>
    (await usedInMonths(store.db, workspaceId, [month])).get(month)

  test('units are taken up to the limit, all of a wish or none', async () => {
    expect(await take('take', 2, 5)).toBe(true)
    expect(await take('take', 4, 5)).toBe(false)
    expect(await take('take', 3, 5)).toBe(true)
    expect(await take('take', 1, 5)).toBe(false)
    expect(await used('take')).toBe(5)
    expect(await take('take', 1, 2)).toBe(false)
    expect(await take('take', 1, 6)).toBe(true)
    expect(await used('other')).toBeUndefined()
  })

  test('the first units of a month keep to the limit too', async () => {
    expect(await take('first', 1, 0)).toBe(false)
    expect(await take('first', 3, 2)).toBe(false)
    expect(await used('first')).toBeUndefined()
    expect(await take('first', 2, 2)).toBe(true)
    expect(await usedInMonths(store.db, 'first', [MONTH, '2026-04-01'])).toEqual(
      new Map([[MONTH, 2]]),
    )
  })

  test('a refresh that brought nothing gives its unit back to the month that it was taken of', async () => {
    const { db } = store
    const chargedAt = new Date('2026-03-31T23:59:59.999Z')
    await take('end', 3, 5)
    await takeUnits(db, 'end', { month: '2026-04-01', units: 1, limit: 5 })
    await insertRefresh(db, 'end', wish('vain', chargedAt))
    expect(await lastCharges(db, 'end', ['account', 'nobody'])).toEqual(
      new Map([['account', chargedAt]]),
    )
    expect(await finishRefresh(db, 'end', 'vain', END)).toMatchObject({ status: 'failed' })
    expect(await finishRefresh(db, 'end', 'vain', END)).toBeNull()
    expect([await used('end'), await used('end', '2026-04-01')]).toEqual([2, 1])
    expect(await lastCharges(db, 'end', ['account'])).toEqual(new Map())
  })

  test('a refresh keeps its charge when it brought something, or was never charged', async () => {
    const { db } = store
    await insertRefresh(db, 'end', wish('good', AT))
    const progress = { publicationIds: null, failed: 0, upstreamCalls: 1, errorMessage: null }
    await requeueRefresh(db, 'end', 'good', { ...progress, updated: 1 })
    await finishRefresh(db, 'end', 'good', { ...END, updated: 1 })
    await insertRefresh(db, 'end', wish('free', null))
    await finishRefresh(db, 'end', 'free', END)
    expect(await used('end')).toBe(2)
    expect(await lastCharges(db, 'end', ['account'])).toEqual(new Map([['account', AT]]))
    expect(await lastCharges(db, 'other', ['account'])).toEqual(new Map())
  })
})

test('of many first units at once from several connections, no more than the limit are taken', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 10 })
  await addWorkspace(store.db, 'w')
  const wished = { month: MONTH, units: 1, limit: 7 }
  const taken = await Promise.all(
    Array.from({ length: 40 }, () => takeUnits(store.db, 'w', wished)),
  )
  expect(taken.filter(Boolean)).toHaveLength(7)
  expect(await usedInMonths(store.db, 'w', [MONTH])).toEqual(new Map([[MONTH, 7]]))
})
