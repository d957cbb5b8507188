import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Budget } from '../../src/domain/budget.ts'
import {
  type BudgetUse,
  budgetsOfAccount,
  budgetsOfWorkspace,
  countedBudget,
  storeBudgets,
} from '../../src/store/budgets.ts'
import { insertWorkspace } from '../../src/store/workspaces.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import { AT, later } from '../support/rows.ts'

const DAY_MS = 86_400_000
const X = { id: 'a', platform: 'x' } as const

function said(more: Partial<Budget> = {}): Budget {
  const resetsAt = later(60_000)
  return { scope: 'account', limit: 900, remaining: 800, reserve: 0, resetsAt, ...more }
}

describeStores('budgets', (open) => {
  let store: TestStore
  let workspaceId = ''
  let made = 0

  beforeEach(async () => {
    store ??= await open()
    workspaceId = `w${made++}`
    const limits = { refreshCooldownHours: null, refreshMonthlyQuota: null }
    await insertWorkspace(store.db, { id: workspaceId, name: 'W', createdAt: AT, ...limits })
  })
  afterAll(() => store.close())

  const keep = (uses: BudgetUse[], now = AT) =>
    storeBudgets(store.db, workspaceId, { platform: 'x', now }, uses)
  const own = async (budget: Budget | null, calls = 1, now = AT) => {
    await keep([{ accountId: 'a', calls, budget }], now)
    const [row] = await budgetsOfAccount(store.db, workspaceId, X, AT)
    return row
  }

  test('calls of one day add up, and another day begins anew', async () => {
    expect(await own(said(), 2)).toMatchObject({ day: '2026-03-04', calls: 2, remaining: 800 })
    expect(await own(said({ remaining: 797 }), 3)).toMatchObject({ calls: 5, remaining: 797 })
    const next = await own(null, 1, later(DAY_MS))
    expect(next).toMatchObject({ day: '2026-03-05', calls: 1 })
    expect(await own(null, 4)).toMatchObject({ day: '2026-03-05', calls: 1 })
  })

  test('what a platform left unsaid does not replace what it said', async () => {
    const none = await own(said({ remaining: 0 }))
    expect(await own(null)).toMatchObject({ ...none, calls: 2 })
    const unsaid = said({ limit: 600, remaining: null, resetsAt: later(DAY_MS) })
    expect(await own(unsaid)).toMatchObject({ remaining: 0, limit: 900, resetsAt: none?.resetsAt })
    const afterwards = await own(unsaid, 1, later(60_000))
    expect(afterwards).toMatchObject({ remaining: null, limit: 600, resetsAt: later(DAY_MS) })
  })

  test('a hold lasts until its reset, unless a later word names a reset of its own', async () => {
    const hold = said({ limit: 100, remaining: 5, reserve: 10 })
    const held = { limit: 100, remaining: 5, reserve: 10, resetsAt: hold.resetsAt }
    await own(hold)
    for (const remaining of [0, 72]) {
      expect(await own(said({ remaining, resetsAt: null }))).toMatchObject(held)
      expect(await own(said({ remaining, resetsAt: AT }))).toMatchObject(held)
    }
    const longer = said({ remaining: 0, resetsAt: later(120_000) })
    expect(await own(longer)).toMatchObject({ limit: 900, remaining: 0, resetsAt: later(120_000) })
    const open = said({ remaining: 1, resetsAt: later(90_000) })
    expect(await own(open)).toMatchObject({ remaining: 1, resetsAt: later(90_000) })
  })

  test('a hold that is over gives way, and so does what holds nobody', async () => {
    const unsaid = said({ remaining: 72, resetsAt: null })
    await own(said({ remaining: 0 }))
    expect(await own(unsaid, 1, later(60_000))).toMatchObject({ remaining: 72, resetsAt: null })
    await own(said({ remaining: 11, reserve: 10 }))
    expect(await own(unsaid)).toMatchObject({ remaining: 72, resetsAt: null })
  })

  describe('a limit whose rest the platform does not tell', () => {
    const limit = said({ limit: 100, remaining: null, reserve: 5, resetsAt: later(DAY_MS) })
    const spend = (units: number, now = AT, budget: Budget | null = limit) =>
      keep([{ accountId: null, calls: 1, units, budget }], now)
    const left = async () => (await budgetsOfWorkspace(store.db, workspaceId, 10))[0]?.remaining

    beforeEach(() => store.db.updateTable('upstream_budget').set({ units: 0 }).execute())

    test('is what its units leave, until the day is over', async () => {
      await spend(30)
      await spend(45)
      expect(await left()).toBe(25)
      await spend(40)
      expect(await left()).toBe(0)
      await spend(1, later(DAY_MS))
      expect(await left()).toBe(99)
    })

    test('is used up when the platform says so, whatever was counted', async () => {
      await spend(1, AT, { ...limit, remaining: 0 })
      expect(await left()).toBe(0)
      await spend(1)
      expect(await left()).toBe(0)
    })

    test('is one for all workspaces, and all that one of them learns of the others', async () => {
      await spend(30)
      const [first, more] = [workspaceId, { refreshCooldownHours: null, refreshMonthlyQuota: null }]
      workspaceId = `w${made++}`
      await insertWorkspace(store.db, { id: workspaceId, name: 'W', createdAt: AT, ...more })
      const seen = (of: typeof X | { id: 'a'; platform: 'tiktok' }, now: Date) =>
        budgetsOfAccount(store.db, workspaceId, of, now)
      const known = { limit: 100, remaining: 70, reserve: 5, resetsAt: later(DAY_MS) }
      expect(await seen(X, AT)).toEqual([
        { ...known, platform: 'x', accountId: null, day: '2026-03-04', calls: 0 },
      ])
      expect(await countedBudget(store.db, 'x', AT)).toMatchObject({ ...known, calls: 0 })
      expect(await countedBudget(store.db, 'x', later(DAY_MS))).toBeNull()
      expect(await seen(X, later(DAY_MS))).toEqual([])
      expect(await seen({ id: 'a', platform: 'tiktok' }, AT)).toEqual([])
      await spend(60)
      expect(await left()).toBe(10)
      expect(await budgetsOfWorkspace(store.db, first, 10)).toMatchObject([{ remaining: 10 }])
    })
  })

  test('an account sees its own and the application’s, and a workspace all of its own', async () => {
    const application = { accountId: null, calls: 9, budget: said({ limit: 100, reserve: 10 }) }
    const others = ['a', 'b'].map((accountId) => ({ accountId, calls: 1, budget: null }))
    await keep([application, ...others])
    const seen = await budgetsOfAccount(store.db, workspaceId, X, AT)
    expect(new Set(seen.map(({ accountId }) => accountId))).toEqual(new Set([null, 'a']))
    const all = await budgetsOfWorkspace(store.db, workspaceId, 10)
    expect(all.map(({ accountId }) => accountId)).toEqual([null, 'a', 'b'])
    expect(all[0]).toMatchObject({ platform: 'x', calls: 9, limit: 100, reserve: 10 })
    expect(await budgetsOfWorkspace(store.db, workspaceId, 1)).toHaveLength(1)
    expect(await budgetsOfWorkspace(store.db, 'nobody', 10)).toEqual([])
  })
})
