import { expect, test, vi } from 'vitest'
import { requeueLostRefreshes } from '../../src/refresh/lost-jobs.ts'
import { startWorker } from '../../src/refresh/worker.ts'
import { refreshesByIds } from '../../src/store/refreshes.ts'
import { describeStores, openTestStore } from '../support/database.ts'
import { deleteJobs, jobCount } from '../support/jobs.ts'
import { openRefreshing, WORKSPACE } from './refreshing.ts'

const WAIT = { timeout: 10_000, interval: 20 }

describeStores('a refresh whose job vanished', (open) => {
  test('is run by the next worker that starts, and blocks its account no longer', async () => {
    await using store = await open()
    await using weir = await openRefreshing(store)
    const { refresh } = await weir.connect()
    await deleteJobs(store)
    const worker = await startWorker(weir.deps)
    const statusNow = async () =>
      (await refreshesByIds(store.db, WORKSPACE, [refresh.id]))[0]?.status
    await vi.waitFor(async () => expect(await statusNow()).toBe('succeeded'), WAIT)
    await worker.stop()
  })
})

test('refreshes that have a job, or have ended, get no other one', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account, refresh } = await weir.connect()
  await requeueLostRefreshes(weir.deps)
  expect(await jobCount(store)).toBe(1)
  await weir.run(refresh)
  await deleteJobs(store)
  await requeueLostRefreshes(weir.deps)
  expect(await jobCount(store)).toBe(0)
  expect((await weir.account(account.id)).syncStatus).toBe('synced')
})

test('workers that look for lost jobs at the same time queue each of them once', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 8 })
  await using weir = await openRefreshing(store)
  await weir.connect()
  await deleteJobs(store)
  await Promise.all(Array.from({ length: 8 }, () => requeueLostRefreshes(weir.deps)))
  expect(await jobCount(store)).toBe(1)
})
