import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PLATFORMS, type Platform } from '../../src/domain/platform.ts'
import { type Jobs, openJobs } from '../../src/store/jobs.ts'
import { openTestStore, type TestStore } from '../support/database.ts'
import { openScene, type Scene, STALE_SECONDS, START } from './scene.ts'
import { type Change, type Spoiler, startSpoiler } from './spoiler.ts'

const DAYS_30 = 30 * 86_400
/** The last attempt: what fails then is stored. */
const LAST = 3
const ROWS_MAX = 200

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

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    ...[null, '', 0, -1, -0, 1e300, 2 ** 53, 0.1, true, [], {}, [[]], '1', 'ok', 'many'],
    ...['\0', '\ud800', '9'.repeat(400), 'not a date', '275760-09-13T00:00:00.001Z', 8.64e15],
    ...['https://', 'javascript:1', { value: null }, { __proto__: null, id: 1 }, [null, null]],
  ),
)

const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.record({ place: fc.nat({ max: 5000 }), value: odd }),
  { minLength: 1, maxLength: 6 },
)

const instead = fc.record({
  status: fc.constantFrom(200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 429, 500),
  text: fc.oneof(fc.json({ maxDepth: 4 }), fc.string({ unit: 'binary' })),
})

/** Refreshes the account once more, and answers how that ended. Throws when it broke off. */
async function refresh(scene: Scene): Promise<string> {
  scene.advance(STALE_SECONDS)
  const { connectionStatus } = await scene.account()
  if (connectionStatus !== 'connected') await scene.connect(DAYS_30)
  const wish = await scene.wish()
  if (wish.kind !== 'queued') return wish.kind
  return (await scene.run(wish.refresh, LAST)).status
}

async function expectSound(scene: Scene): Promise<void> {
  const publications = Object.values(await scene.publications())
  expect(publications.length).toBeLessThan(ROWS_MAX)
  for (const row of [await scene.account(), ...publications]) {
    for (const number of Object.values(row.native)) expect(Number.isFinite(number)).toBe(true)
    const metrics = 'metrics' in row ? Object.values(row.metrics) : []
    for (const number of metrics) expect(number === null || Number.isSafeInteger(number)).toBe(true)
  }
}

const ENDS = ['succeeded', 'partial', 'failed', 'queued']

async function open(platform: Platform, name: string, spoiler: Spoiler): Promise<Scene> {
  const { through } = spoiler
  const workspaceId = `${platform} ${name}`
  const scene = await openScene({ ...shared, platform, workspaceId, through })
  await scene.restart({ circuitFailures: 1000, attemptsMax: 1 })
  await scene.connect(DAYS_30)
  expect(await refresh(scene)).toBe('succeeded')
  return scene
}

describe.each<Platform>(PLATFORMS)('%s', (platform) => {
  test('whatever stands in a place of its answers, a refresh ends and rows stay sound', async () => {
    await using spoiler = await startSpoiler()
    await using scene = await open(platform, 'changes', spoiler)
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        spoiler.changes = list
        expect(ENDS).toContain(await refresh(scene))
        await expectSound(scene)
      }),
      { numRuns: 10, endOnFailure: true },
    )
  })

  test('whatever it answers instead, a refresh ends, and the next good one brings all back', async () => {
    await using spoiler = await startSpoiler()
    await using scene = await open(platform, 'instead', spoiler)
    await fc.assert(
      fc.asyncProperty(instead, async (answer) => {
        spoiler.instead = answer
        expect(ENDS).toContain(await refresh(scene))
        await expectSound(scene)
      }),
      { numRuns: 6, endOnFailure: true },
    )
    spoiler.instead = null
    scene.advance(DAYS_30)
    await scene.connect(DAYS_30)
    await refresh(scene)
    expect((await scene.account()).syncStatus).toBe('synced')
  })
})
