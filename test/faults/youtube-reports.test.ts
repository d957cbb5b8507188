import { expect, test } from 'vitest'
import { openJobs } from '../../src/store/jobs.ts'
import { openTestStore } from '../support/database.ts'
import { openScene, type Scene, STALE_SECONDS, START } from './scene.ts'

const REPORTS = '/v2/reports'
const UNREACHED = { kind: 'unavailable' } as const

/** The numbers and the state of the account's newest video. */
async function newestOf(scene: Scene) {
  const rows = Object.values(await scene.publications())
  const [newest] = rows.sort((a, b) => Number(b.publishedAt) - Number(a.publishedAt))
  if (newest === undefined) throw new Error('The account has no content.')
  return newest
}

test('reports that are down for a while are read again by themselves, and cost no number', async () => {
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  await using store = await openTestStore()
  const jobs = await openJobs(store, { now: () => START, log, supervise: false })
  await using scene = await openScene({ store, jobs, platform: 'youtube', workspaceId: 'w' })
  await scene.connect(30 * 86_400)
  const first = await scene.wish()
  if (first.kind !== 'queued') throw new Error('Nothing was queued.')
  await scene.run(first.refresh)
  const before = await newestOf(scene)
  scene.advance(STALE_SECONDS)
  scene.simulator.faults.add({ platform: 'youtube', path: REPORTS, fault: UNREACHED })
  const wish = await scene.wish()
  if (wish.kind !== 'queued') throw new Error('Nothing was queued.')
  const waiting = await scene.run(wish.refresh)
  expect(waiting).toMatchObject({ status: 'queued' })
  const meanwhile = await newestOf(scene)
  expect(meanwhile.syncStatus).toBe('synced')
  expect(meanwhile.native['view_count']).toBeGreaterThan(before.native['view_count'] ?? 0)
  expect(meanwhile.native['shares']).toBe(before.native['shares'])
  scene.simulator.faults.clear()
  scene.advance(60)
  const job = scene.queued.at(-1)
  expect(await scene.run(waiting, job?.attempt)).toMatchObject({ status: 'succeeded', failed: 0 })
  expect(await newestOf(scene)).toMatchObject({ syncStatus: 'synced', warnings: [], missing: {} })
  await jobs.stop()
})
