import { createHistogram } from 'node:perf_hooks'
import autocannon from 'autocannon'

// Sends requests to a server as fast as it answers, from a process of its own. It ends when whoever
// started it lets go.
const MICROSECONDS_PER_MS = 1000
const LOOK_AGAIN_MS = 50

/**
 * One run: every connection sends the next request when the last is answered.
 * @param {{ url: string, method: string, headers: object, body?: string, connections: number,
 *   seconds: number }} run
 */
async function load({ url, method, headers, body, connections, seconds }) {
  const times = createHistogram()
  const startedAt = performance.now()
  let endedAt = startedAt
  const running = autocannon({
    ...{ url, method, headers, body, connections, duration: seconds, sampleInt: LOOK_AGAIN_MS },
  })
  running.on('response', (_client, _status, _bytes, ms) => {
    times.record(Math.max(1, Math.round(ms * MICROSECONDS_PER_MS)))
    endedAt = performance.now()
  })
  const { errors, non2xx } = await running
  const milliseconds = (percent) => times.percentile(percent) / MICROSECONDS_PER_MS
  return {
    answers: times.count,
    seconds: (endedAt - startedAt) / 1000,
    p50Ms: milliseconds(50),
    p99Ms: milliseconds(99),
    failures: errors + non2xx,
  }
}

process.on('message', async (run) => process.send(await load(run)))
process.send('started')
