import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Platform } from '../../src/domain/platform.ts'
import { accountTokenContext } from '../../src/domain/secrets.ts'
import { runRefresh } from '../../src/refresh/engine.ts'
import { openStore } from '../../src/store/connect.ts'
import { sealedTokens } from '../../src/store/connections.ts'
import { type Jobs, openJobs } from '../../src/store/jobs.ts'
import { openTestStore, type TestStore } from '../support/database.ts'
import { openScene, type Scene, START } from './scene.ts'

/** The platforms that give out refresh tokens; the last two give out another one every time. */
const REFRESHABLE: [Platform, { rotates: boolean }][] = [
  ['linkedin', { rotates: false }],
  ['youtube', { rotates: false }],
  ['tiktok', { rotates: true }],
  ['x', { rotates: true }],
]
const EXCHANGE = /oauth|\/token$/
const API = /^(?!.*(oauth|\/token$))/
const DAYS_30 = 30 * 86_400
const FOUR_MINUTES = 240

// Two pools want a server. The scenes of one store have a workspace each.
let shared: { store: TestStore; jobs: Jobs }
let scenes = 0

beforeAll(async () => {
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const store = await openTestStore({ backend: 'postgres' })
  shared = { store, jobs: await openJobs(store, { now: () => START, log, supervise: false }) }
})

afterAll(async () => {
  await shared.jobs.stop()
  await shared.store.close()
})

const open = (platform: Platform) =>
  openScene({ ...shared, platform, workspaceId: `w${(scenes++).toString()}` })

async function queue(scene: Scene) {
  const wish = await scene.wish()
  if (wish.kind !== 'queued') throw new Error(`The wish was answered as ${wish.kind}.`)
  return wish.refresh
}

async function storedTokens({ deps, workspaceId }: Scene) {
  const sealed = await sealedTokens(deps.db, workspaceId, 'acc_1')
  if (sealed === null) throw new Error('There are no tokens.')
  const binding = accountTokenContext(workspaceId, 'acc_1')
  const { accessToken, refreshToken } = sealed
  return {
    sealed,
    access: deps.cipher.open(accessToken, binding),
    refresh: refreshToken && deps.cipher.open(refreshToken, binding),
  }
}

describe.each(REFRESHABLE)('on %s', (platform, { rotates }) => {
  test('a token is exchanged before its end, and the new end is known', async () => {
    await using scene = await open(platform)
    const { tokenExpiresAt: end } = await scene.connect(FOUR_MINUTES)
    const ended = await scene.run(await queue(scene))
    expect(ended.status).toBe('succeeded')
    const paths = scene.simulator.calls.list().map(({ path }) => EXCHANGE.test(path))
    expect(paths[0]).toBe(true)
    expect(paths.filter((isExchange) => isExchange)).toHaveLength(1)
    const { tokenExpiresAt } = await scene.account()
    expect(tokenExpiresAt?.getTime()).toBeGreaterThan(end?.getTime() ?? 0)
  })

  test('both new tokens are stored, and sealed, before the new one is used', async () => {
    await using scene = await open(platform)
    await scene.connect(FOUR_MINUTES)
    const before = await storedTokens(scene)
    expect(before.sealed.accessToken).not.toContain(before.access)
    scene.simulator.faults.add({ platform, path: API, fault: { kind: 'timeout' } })
    await scene.restart({ deadlineMs: 400, attemptsMax: 1 })
    const run = scene.run(await queue(scene))
    await vi.waitFor(() => expect(scene.simulator.calls.count({ path: API })).toBeGreaterThan(0))
    const during = await storedTokens(scene)
    expect(during.access).not.toBe(before.access)
    expect(during.refresh !== before.refresh).toBe(rotates)
    await run
  })

  test('two runs over two pools exchange a token once', async () => {
    await using scene = await open(platform)
    await scene.connect(FOUR_MINUTES)
    const { databaseUrl } = shared.store
    const other = await openStore({ databaseUrl, dataDir: null, poolMax: 4 })
    const refresh = await queue(scene)
    const deps = { ...scene.deps, db: other.db }
    const second = runRefresh(deps, scene.workspaceId, refresh.id, 1)
    const [ended] = await Promise.all([scene.run(refresh), second])
    await other.close()
    expect(scene.simulator.calls.count({ path: EXCHANGE })).toBe(1)
    expect(ended.status).not.toBe('failed')
    expect((await scene.account()).connectionStatus).toBe('connected')
  })

  test('a dead token is found out once, and nothing is asked until somebody connects again', async () => {
    await using scene = await open(platform)
    await scene.connect(DAYS_30)
    scene.simulator.faults.add({ platform, fault: { kind: 'revoked_token' } })
    const refresh = await queue(scene)
    await scene.run(refresh)
    expect((await scene.account()).connectionStatus).toBe('requires_reconnect')
    const calls = scene.simulator.calls.count()
    expect((await scene.wish()).kind).toBe('not_connected')
    await scene.run(refresh)
    expect(scene.simulator.calls.count()).toBe(calls)
    scene.simulator.faults.clear()
    expect((await scene.connect(DAYS_30)).connectionStatus).toBe('connected')
    expect((await scene.run(await queue(scene))).status).toBe('succeeded')
    expect((await scene.account()).syncStatus).toBe('synced')
  })
})

test('an Instagram token is exchanged for itself weeks before its end', async () => {
  await using scene = await open('instagram')
  await scene.connect(10 * 86_400)
  scene.advance(2 * 86_400)
  const before = await storedTokens(scene)
  expect((await scene.run(await queue(scene))).status).toBe('succeeded')
  expect(scene.simulator.calls.count({ path: '/refresh_access_token' })).toBe(1)
  expect((await storedTokens(scene)).access).not.toBe(before.access)
  const { tokenExpiresAt } = await scene.account()
  expect(tokenExpiresAt?.getTime()).toBeGreaterThan(scene.now().getTime() + 50 * 86_400_000)
})
