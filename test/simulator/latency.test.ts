import { expect, test } from 'vitest'
import { startSimulator } from '../../src/simulator/server.ts'
import { createWorld } from '../../src/simulator/world.ts'

const LATENCY_MS = 60

test('every answer of a platform takes as long as it is told to', async () => {
  const world = createWorld({ seed: 1 })
  const options = { world, port: 0, now: () => new Date(), latencyMs: LATENCY_MS }
  await using simulator = await startSimulator(options)
  const begun = performance.now()
  const answer = await fetch(`${simulator.origins['WEIR_X_API_URL']}/2/users/1`)
  expect(answer.status).toBe(401)
  // A timer may be early by part of a millisecond.
  expect(performance.now() - begun).toBeGreaterThanOrEqual(LATENCY_MS - 1)
})
