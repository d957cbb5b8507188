import { expect, test } from 'vitest'
import { startGateway } from '../support/gateway.ts'

const TOKEN = 'metrics-secret-of-a-test'
const SHOWN = { headers: { authorization: `Bearer ${TOKEN}` } }

/** The values of a metric by its labels. */
function valuesOf(text: string, name: string): Record<string, number> {
  const lines = [...text.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))]
  return Object.fromEntries(lines.map(([, labels = '', value]) => [labels, Number(value)]))
}

async function start(environment: Record<string, string> = { WEIR_METRICS_TOKEN: TOKEN }) {
  const gateway = await startGateway({ environment, isServing: true })
  const ask = (path: string, init?: RequestInit) => fetch(`${gateway.app.url}${path}`, init)
  const read = async (name: string) => valuesOf(await (await ask('/metrics', SHOWN)).text(), name)
  return { gateway, ask, read }
}

test('a refresh is counted with its calls, and the queues and budgets of all are told', async () => {
  const { gateway, read } = await start()
  await using _ = gateway
  const [account] = gateway.simulator.world.accounts
  if (!account) throw new Error('The world is empty.')
  const { platform } = await gateway.connect(account)
  await gateway.settled()
  const { updated } = await gateway.db
    .selectFrom('refresh')
    .select(['upstream_calls as updated'])
    .executeTakeFirstOrThrow()
  const of = `platform="${platform}"`
  const ended = async () => read('weir_refreshes_total')
  await expect.poll(ended).toEqual({ [`${of},outcome="succeeded",origin="connect"`]: 1 })
  expect(await read('weir_upstream_calls_total')).toEqual({ [`${of},status="2xx"`]: updated })
  expect(await read('weir_refresh_wait_seconds_count')).toEqual({ [of]: 1 })
  expect(await read('weir_queue_jobs')).toMatchObject({ [`${of},state="ready"`]: 0 })
  expect(await read('weir_upstream_day_calls')).toMatchObject({ [of]: expect.any(Number) })
  expect(Object.keys(await read('nodejs_eventloop_lag_p99_seconds'))).toEqual([''])
})

test('refusals are counted by what callers were told, on every surface', async () => {
  const { gateway, ask, read } = await start()
  await using _ = gateway
  const headers = { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' }
  const query = (text: string, more = headers) =>
    ask('/graphql', { method: 'POST', headers: more, body: JSON.stringify({ query: text }) })
  await query('{ nothing }')
  await query('{ __typename }', { ...headers, authorization: 'Bearer nobody' })
  const facade = gateway.app.rest.prefixes.find((prefix) => prefix.startsWith('/v1'))
  await ask(`${facade}/posts`, { headers: { authorization: 'Bearer nobody' } })
  await ask('/nowhere')
  const refused = await read('weir_refusals_total')
  expect(refused).toMatchObject({
    'surface="graphql",code="GRAPHQL_VALIDATION_FAILED"': 1,
    'surface="graphql",code="UNAUTHENTICATED"': 1,
  })
  const codes = Object.keys(refused).filter((labels) => !labels.includes('"graphql"'))
  expect(codes).toEqual([expect.stringMatching(/code="unknown_(key|path)"$/)])
  // A request is over a moment after its answer has come.
  await expect
    .poll(() => read('weir_requests_total'))
    .toMatchObject({
      'surface="graphql",method="POST",status="2xx"': 1,
      'surface="graphql",method="POST",status="4xx"': 1,
      'surface="other",method="GET",status="4xx"': 1,
    })
})

test('without a secret there are no metrics beside the graph, and a port of their own has them', async () => {
  const { gateway, ask } = await start({ WEIR_METRICS_PORT: '0' })
  await using _ = gateway
  expect((await ask('/metrics')).status).toBe(404)
  const { metricsUrl } = gateway.app
  const texts = await Promise.all(
    ['/metrics', '/healthz', '/readyz'].map(async (path) => {
      const answer = await fetch(`${metricsUrl}${path}`)
      return [answer.status, (await answer.text()).slice(0, 6)]
    }),
  )
  expect(texts).toEqual([
    [200, '# HELP'],
    [200, '{"stat'],
    [200, '{"stat'],
  ])
})

test('an unconfigured gateway serves and counts nothing', async () => {
  const { gateway, ask } = await start({})
  await using _ = gateway
  expect(gateway.app.metricsUrl).toBeNull()
  expect((await ask('/metrics', SHOWN)).status).toBe(404)
})

test('operation names and request ids of clients become no series', async () => {
  const { gateway, ask } = await start()
  await using _ = gateway
  const headers = { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' }
  const flood = async (round: number) => {
    for (let n = 0; n < 40; n += 1) {
      const operationName = `Op_${round}_${n}`
      const query = `query ${operationName} { __typename nothing${n % 2 ? n : ''} }`
      const body = JSON.stringify({ query, operationName })
      await ask('/graphql', { method: 'POST', headers, body })
    }
    // Node's own series come with each kind of garbage collection.
    return (await (await ask('/metrics', SHOWN)).text()).match(/^weir_.*$/gm)?.length ?? 0
  }
  const before = await flood(0)
  expect(before).toBeGreaterThan(20)
  expect(await flood(1)).toBeLessThan(before + 20)
})
