import { expect, test } from 'vitest'
import { createFaults } from '../../src/simulator/faults.ts'
import { createLimits } from '../../src/simulator/limits.ts'
import { SIMULATED_CLIENT, USUAL_SWITCHES } from '../../src/simulator/server.ts'
import type { Call, Mount, Simulation } from '../../src/simulator/simulation.ts'
import { createTokens } from '../../src/simulator/tokens.ts'
import { createWorld } from '../../src/simulator/world.ts'
import { youtubeMounts } from '../../src/simulator/youtube/mounts.ts'
import { NOW, planFor } from './platforms.ts'

const [DATA, REPORTS] = youtubeMounts as [Mount, Mount]

const CALL = {
  ...{ platform: 'youtube' as const, method: 'GET', baseUrl: 'http://127.0.0.1', body: '' },
  ...{ params: {}, rawQuery: '', accountId: null },
}

/** Asks the platform without a connection, which ten thousand calls would make slow. */
function openPlatform() {
  const accounts = [planFor('youtube'), planFor('youtube', { platformAccountId: 'UCother' })]
  const world = createWorld({ seed: 7, accounts })
  const tokens = createTokens(world.seed)
  const simulation: Simulation = {
    ...{ world, tokens, faults: createFaults(), limits: createLimits(), client: SIMULATED_CLIENT },
    switches: USUAL_SWITCHES,
  }
  const bearer = world.accounts.map((account) => {
    return `Bearer ${tokens.grant(account, { issuedAt: NOW, accessSeconds: 86_400 }).accessToken}`
  })
  return (mount: Mount, search: string, { now = NOW, place = 0 } = {}) => {
    const [route] = mount.routes
    const headers = { authorization: bearer[place] }
    const query = new URLSearchParams(search)
    const call: Call = { ...CALL, now, headers, query, path: route?.path ?? '' }
    try {
      return route?.handle(call, simulation).status
    } catch (refusal) {
      return JSON.parse(Object(refusal).answer.body).error.errors[0].reason
    }
  }
}

test('10,000 units are there for all accounts until midnight in California', () => {
  const ask = openPlatform()
  const own = 'part=id&mine=true'
  for (let unit = 0; unit < 9999; unit += 1) ask(DATA, own, { place: unit % 2 })
  expect(ask(DATA, 'part=nothing')).toBe('unknownPart')
  expect(ask(DATA, own)).toBe('quotaExceeded')
  expect(ask(DATA, own, { place: 1 })).toBe('quotaExceeded')
  const midnight = Date.parse('2026-11-21T08:00:00Z')
  expect(ask(DATA, own, { now: new Date(midnight - 1) })).toBe('quotaExceeded')
  expect(ask(DATA, own, { now: new Date(midnight) })).toBe(200)
})

test('reports have a limit of their own, 720 in a minute', () => {
  const ask = openPlatform()
  const query = 'ids=channel==MINE&startDate=2026-11-01&endDate=2026-11-20&metrics=views'
  for (let calls = 0; calls < 720; calls += 1) ask(REPORTS, query)
  expect(ask(REPORTS, query)).toBe('rateLimitExceeded')
  expect(ask(DATA, 'part=id&mine=true')).toBe(200)
  expect(ask(REPORTS, query, { now: new Date(NOW.getTime() + 60_000) })).toBe(200)
})
