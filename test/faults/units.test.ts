import { expect, test } from 'vitest'
import { budgetsOfWorkspace } from '../../src/store/budgets.ts'
import { openJobs } from '../../src/store/jobs.ts'
import { openTestStore } from '../support/database.ts'
import { openScene, type Scene, STALE_SECONDS, START } from './scene.ts'

const MIDNIGHT = new Date('2026-11-21T08:00:00.000Z')
const TOMORROW = { limit: 5, resetsAt: new Date('2026-11-22T08:00:00.000Z') }

/** Wishes for fresh numbers and runs the refresh once, hours after the last one. */
async function refresh(scene: Scene) {
  scene.advance(STALE_SECONDS)
  const wish = await scene.wish()
  if (wish.kind !== 'queued') throw new Error(`The wish was answered as ${wish.kind}.`)
  return scene.run(wish.refresh)
}

/** The application's budget as the workspace sees it. */
async function budgetOf({ deps, workspaceId }: Scene) {
  const [{ accountId, limit, remaining, resetsAt } = { accountId: '' }] = await budgetsOfWorkspace(
    deps.db,
    workspaceId,
    1,
  )
  return { accountId, limit, remaining, resetsAt }
}

test('when the units of a day are used up, YouTube is not asked before midnight in California', async () => {
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  await using store = await openTestStore()
  const jobs = await openJobs(store, { now: () => START, log, supervise: false })
  const shared = { store, jobs, platform: 'youtube' as const, workspaceId: 'w' }
  await using scene = await openScene(shared)
  await scene.restart({ quotas: { WEIR_YOUTUBE_UNITS_PER_DAY: 5 } })
  await scene.connect(30 * 86_400)
  // The list, the channel and the videos; the report is of another quota.
  expect(await refresh(scene)).toMatchObject({ status: 'succeeded', upstreamCalls: 4 })
  const own = { accountId: null, limit: 5, resetsAt: MIDNIGHT }
  expect(await budgetOf(scene)).toEqual({ ...own, remaining: 2 })
  await refresh(scene)
  expect(await budgetOf(scene)).toEqual({ ...own, remaining: 0 })
  scene.simulator.calls.clear()
  expect(await refresh(scene)).toMatchObject({ status: 'queued', upstreamCalls: 0 })
  expect(scene.simulator.calls.count()).toBe(0)
  const job = scene.queued.at(-1)
  expect(job).toMatchObject({ startAfter: MIDNIGHT })
  scene.advance(3600)
  expect(await scene.run({ id: job?.refreshId ?? '' })).toMatchObject({ status: 'succeeded' })
  expect(await budgetOf(scene)).toMatchObject({ ...TOMORROW, remaining: 2 })
  await jobs.stop()
})
