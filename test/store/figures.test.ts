import { expect, test } from 'vitest'
import { storeBudgets } from '../../src/store/budgets.ts'
import { databaseFigures } from '../../src/store/figures.ts'
import { openJobs } from '../../src/store/jobs.ts'
import { insertWorkspace } from '../../src/store/workspaces.ts'
import { describeStores, openTestStore, type TestStore } from '../support/database.ts'

const NOW = new Date('2026-06-29T09:00:00Z')
const LATER = new Date('2026-06-29T10:00:00Z')

async function addWorkspaces({ db }: TestStore): Promise<void> {
  for (const id of ['one', 'two']) {
    const limits = { refreshCooldownHours: null, refreshMonthlyQuota: null }
    await insertWorkspace(db, { id, name: id, createdAt: NOW, ...limits })
  }
}

describeStores('what the database knows of the work', (open) => {
  test('is nothing to do and nothing used while nobody asked for anything', async () => {
    await using store = await open()
    const { queues, budgets } = await databaseFigures(store.db, NOW)
    expect(queues[0]).toEqual({
      ...{ platform: 'facebook', ready: 0, deferred: 0, active: 0, oldestReadySeconds: 0 },
    })
    expect(budgets[0]).toEqual({
      ...{ platform: 'facebook', calls: 0, limit: null, used: null, accountsHeld: 0 },
    })
    expect([queues.length, budgets.length]).toEqual([6, 6])
  })

  test('are jobs that could start, that wait for a time, and that somebody has', async () => {
    await using store = await open()
    const log = { info() {}, warn() {}, error() {} }
    const jobs = await openJobs(store, { now: () => NOW, log, supervise: false })
    const add = (refreshId: string, startAfter: Date | null) =>
      jobs.enqueueRefresh(store.db, {
        ...{ workspaceId: 'one', accountId: 'a', platform: 'tiktok', attempt: 1 },
        ...{ refreshId, startAfter },
      })
    for (const id of ['r1', 'r2']) await add(id, null)
    await add('r3', LATER)
    const { promise: release, resolve } = Promise.withResolvers<void>()
    const { promise: taken, resolve: take } = Promise.withResolvers<void>()
    const workers = await jobs.work(['tiktok'], { concurrency: 3 }, () => {
      take()
      return release
    })
    await taken
    const at = async () => (await databaseFigures(store.db, NOW)).queues[3]
    await expect.poll(at).toMatchObject({ ready: 0, deferred: 1, active: 2 })
    resolve()
    await workers.stop()
    await add('r4', null)
    const waiting = await at()
    expect(waiting).toMatchObject({ platform: 'tiktok', ready: 1, deferred: 1, active: 0 })
    expect(waiting?.oldestReadySeconds).toBeLessThan(60)
    await jobs.stop()
  })

  test('is one budget for all workspaces, as the platform tells it or as it was counted', async () => {
    await using store = await open()
    await addWorkspaces(store)
    const told = { reserve: 0, resetsAt: LATER, scope: 'application' as const }
    const use = (workspaceId: string, remaining: number) =>
      storeBudgets(store.db, workspaceId, { platform: 'x', now: NOW }, [
        { accountId: null, calls: 3, budget: { ...told, limit: 100, remaining } },
        {
          accountId: 'a',
          calls: 3,
          budget: { ...told, scope: 'account', limit: 10, remaining: 0 },
        },
      ])
    await use('one', 70)
    await use('two', 60)
    for (const workspaceId of ['one', 'two']) {
      const budget = { ...told, limit: 10_000, remaining: null, resetsAt: null }
      const uses = [{ accountId: null, calls: 1, units: 40, budget }]
      await storeBudgets(store.db, workspaceId, { platform: 'youtube', now: NOW }, uses)
    }
    const { budgets } = await databaseFigures(store.db, NOW)
    expect(budgets.slice(4)).toEqual([
      { platform: 'x', calls: 6, limit: 100, used: 40, accountsHeld: 2 },
      { platform: 'youtube', calls: 2, limit: 10_000, used: 80, accountsHeld: 0 },
    ])
    const over = await databaseFigures(store.db, new Date('2026-07-02T00:00:00Z'))
    expect(over.budgets[4]).toMatchObject({ calls: 0, limit: null, used: null, accountsHeld: 0 })
  })
})

test('connections to a server are counted; an embedded database has none', async () => {
  await using server = await openTestStore({ backend: 'postgres', poolMax: 3 })
  await server.ping()
  expect(server.connections()).toEqual({ max: 3, inUse: 0, idle: 1, waiting: 0 })
  await using embedded = await openTestStore()
  expect(embedded.connections()).toBeNull()
})
