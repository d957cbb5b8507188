import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PLATFORMS, type Platform } from '../../src/domain/platform.ts'
import { type Jobs, openJobs } from '../../src/store/jobs.ts'
import { openTestStore, type TestStore } from '../support/database.ts'
import { playCase } from './act.ts'
import { type Ending, endingOn, type FaultCase, type Wait } from './case.ts'
import { CASES } from './cases.ts'
import { START } from './scene.ts'

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

describe.each<Platform>(PLATFORMS)('on %s', (platform) => {
  test.each(CASES)('$title: every row ends as the matrix says', async (fault: FaultCase) => {
    const workspaceId = `${platform} ${fault.key}`
    const played = await playCase({ ...shared, platform, workspaceId }, fault)
    if ('never' in played) return expect(played.never).not.toBe('')
    const { others, ...ending } = played
    const expected = endingOn(fault, platform)
    expect({ ...ending, waits: named(ending.waits, expected, fault) }).toEqual(expected)
    if (fault.isOfOneItem) expect(others).toEqual(['synced, new', 'synced, new'])
  })
})

// How soon a host counts as down depends on how many calls were under way. Once it is back, one call
// finds that out, and what was asked at the same moment comes half a minute later.
function named(waits: readonly Wait[], expected: Ending, { waitsMax }: FaultCase): readonly Wait[] {
  if (expected.waits[0] !== 'longer') return waits
  const down = waits.slice(0, waitsMax)
  const isLonger = down.every((wait, each) => wait > (down[each - 1] ?? 0))
  const back = waits.slice(down.length)
  const isBack = back.length <= 1 && back.every((wait) => wait === 30)
  return isLonger && isBack && (down[0] === 15 || down[0] === 30) ? ['longer'] : waits
}

test('every fault has a name and a title of its own', () => {
  for (const name of ['key', 'title'] as const) {
    expect(new Set(CASES.map((each) => each[name])).size).toBe(CASES.length)
  }
})
