import { afterAll, beforeAll, expect, test } from 'vitest'
import { heldUntil } from '../../src/domain/budget.ts'
import { budgetsOfWorkspace } from '../../src/store/budgets.ts'
import { type Jobs, openJobs } from '../../src/store/jobs.ts'
import { openTestStore, type TestStore } from '../support/database.ts'
import { endOf } from './act.ts'
import { found, openScene, type Scene, STALE_SECONDS, START } from './scene.ts'

const MIDNIGHT = new Date('2026-11-21T00:00:00Z')
const DAY_SECONDS = 86_400
const VIDEO = /videoAnalytics/
const LIMITED = { kind: 'refused', reason: 'APPLICATION' } as const

let shared: { store: TestStore; jobs: Jobs }

beforeAll(async () => {
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const store = await openTestStore()
  shared = { store, jobs: await openJobs(store, { now: () => START, log, supervise: false }) }
})

afterAll(async () => {
  await shared.jobs.stop()
  await shared.store.close()
})

/** A page that was read once, and is stale. */
async function openPage(workspaceId: string) {
  const scene = await openScene({ ...shared, platform: 'linkedin', workspaceId })
  await scene.connect(400 * DAY_SECONDS)
  await refreshed(scene)
  const before = { account: await scene.account(), video: await videoOf(scene) }
  scene.advance(STALE_SECONDS)
  return { scene, before, [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose]() }
}

async function refreshed(scene: Scene) {
  const wish = await scene.wish()
  if (wish.kind !== 'queued') throw new Error(`The wish was answered as ${wish.kind}.`)
  scene.advance(1)
  return scene.run(wish.refresh)
}

async function videoOf(scene: Scene) {
  const all = Object.values(await scene.publications())
  return found(all.find(({ contentType }) => contentType === 'video'))
}

const limit = ({ simulator }: Scene, path: RegExp) =>
  simulator.faults.add({ platform: 'linkedin', path, fault: LIMITED })

const untilMidnight = (scene: Scene) =>
  scene.advance((MIDNIGHT.getTime() - scene.now().getTime()) / 1000)

const SHARES = 'share_statistics_impression_count'

test('a used up quota of videos leaves them their state and their numbers until midnight', async () => {
  await using page = await openPage('videos')
  const { scene, before } = page
  limit(scene, VIDEO)
  const waiting = await refreshed(scene)
  expect(waiting).toMatchObject({ status: 'queued', failed: 0, publicationIds: [before.video.id] })
  expect(scene.queued.at(-1)).toMatchObject({ startAfter: MIDNIGHT, attempt: 1 })
  const video = await videoOf(scene)
  expect(video).toMatchObject({ syncStatus: 'synced', warnings: [] })
  expect(video.native['video_view']).toBe(before.video.native['video_view'])
  expect(video.native[SHARES]).toBeGreaterThan(before.video.native[SHARES] ?? 0)
  const budgets = await budgetsOfWorkspace(shared.store.db, 'videos', 10)
  expect(budgets.map((budget) => heldUntil(budget, scene.now()))).toEqual([null, null])
  scene.simulator.faults.clear()
  untilMidnight(scene)
  expect(await scene.run(waiting)).toMatchObject({ status: 'succeeded', updated: 4, failed: 0 })
  const native = (await videoOf(scene)).native
  expect(native['video_view']).toBeGreaterThan(before.video.native['video_view'] ?? 0)
})

test('a used up quota of one endpoint of a page holds up the application, not the other numbers', async () => {
  await using page = await openPage('followers')
  const { scene, before } = page
  limit(scene, /networkSizes/)
  const waiting = await refreshed(scene)
  expect(waiting).toMatchObject({ status: 'queued', failed: 0 })
  const account = await scene.account()
  expect(account).toMatchObject({ syncStatus: 'synced', warnings: [] })
  const followers = 'follower_statistics_total_follower_count'
  expect(account.native[followers]).toBe(before.account.native[followers])
  expect(endOf(before.account, account)).toBe('synced, new')
  const [application, own] = await budgetsOfWorkspace(shared.store.db, 'followers', 10)
  expect(heldUntil(found(application), scene.now())).toEqual(MIDNIGHT)
  expect(heldUntil(found(own), scene.now())).toBeNull()
  scene.simulator.faults.clear()
  untilMidnight(scene)
  expect(await scene.run(waiting)).toMatchObject({ status: 'succeeded', updated: 4, failed: 0 })
  expect((await scene.account()).native[followers]).not.toBe(before.account.native[followers])
})

test('a page that shows its member nothing has failed, stays connected, and keeps its numbers', async () => {
  await using page = await openPage('denied')
  const { scene, before } = page
  const fault = { kind: 'refused', reason: 'ACCESS_DENIED' } as const
  scene.simulator.faults.add({ platform: 'linkedin', fault })
  expect(await refreshed(scene)).toMatchObject({ status: 'failed' })
  const account = await scene.account()
  expect(endOf(before.account, account)).toBe('failed, old')
  expect(account.connectionStatus).toBe('connected')
  expect(account.errorMessage).toContain('It takes the role ADMINISTRATOR')
})

test('a video that LinkedIn has forgotten keeps the numbers that it was last told', async () => {
  await using page = await openPage('forgotten')
  const { scene } = page
  scene.advance(170 * DAY_SECONDS)
  await refreshed(scene)
  const told = await videoOf(scene)
  scene.advance(30 * DAY_SECONDS)
  await refreshed(scene)
  const video = await videoOf(scene)
  expect(video).toMatchObject({ syncStatus: 'synced', missing: { video_view: 'not_reported' } })
  for (const name of ['video_view', 'viewer', 'time_watched']) {
    expect(video.native[name]).toBe(told.native[name])
  }
  expect(video.metrics.videoViews).toBe(told.native['video_view'])
})

test('a page that LinkedIn has no statistics of is a synced one, with its followers', async () => {
  await using page = await openPage('quiet')
  const { scene } = page
  const body = JSON.stringify({ paging: { start: 0, count: 10, links: [] }, elements: [] })
  const fault = { kind: 'answer', status: 200, body } as const
  const path = /Statistics$/
  scene.simulator.faults.add({ platform: 'linkedin', path, fault })
  await refreshed(scene)
  const account = await scene.account()
  expect(account).toMatchObject({ syncStatus: 'synced', warnings: [] })
  expect(Object.keys(account.native)).toEqual(['follower_statistics_total_follower_count'])
})
