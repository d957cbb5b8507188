import { request } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import type { DatabaseFigures } from '../../src/domain/figures.ts'
import { NO_TRACE } from '../../src/domain/trace.ts'
import {
  createMetrics,
  createMetricsEndpoint,
  type MetricsOptions,
} from '../../src/http/metrics.ts'
import { createRequestScopes } from '../../src/http/request-scope.ts'
import { startHttpServer } from '../../src/http/server.ts'

const FIGURES: DatabaseFigures = {
  queues: [{ platform: 'x', ready: 2, deferred: 1, active: 3, oldestReadySeconds: 4.5 }],
  budgets: [{ platform: 'x', calls: 7, limit: 100, used: 40, accountsHeld: 1 }],
}

async function serve(sources: Partial<MetricsOptions> = {}, token: string | null = null) {
  const metrics = createMetrics({ withProcess: false, ...sources })
  const { telemetry } = metrics
  const ok = (_request: unknown, response: { end(text: string): void }) => response.end('ok')
  const server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, home: '/', requestTimeoutMs: 5000, stopTimeoutMs: 100 },
    routes: {
      '/graphql': ok,
      '/held': () => {},
      '/metrics': createMetricsEndpoint(metrics, token),
    },
    mounts: { '/v1': ok },
    surfaces: { '/graphql': 'graphql', '/v1': 'facade', '/metrics': 'metrics' },
    log: { info() {}, warn() {}, error() {} },
    observers: {
      ...{ telemetry, trace: NO_TRACE, requests: createRequestScopes('p'), logsRequests: false },
    },
  })
  onTestFinished(() => server.stop())
  const ask = (path: string, init?: RequestInit) => fetch(server.url + path, init)
  return { metrics, server, ask }
}

/** The values of a metric by its labels. */
function valuesOf(text: string, name: string): Record<string, number> {
  const lines = [...text.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))]
  return Object.fromEntries(lines.map(([, labels = '', value]) => [labels, Number(value)]))
}

test('requests are counted by surface, method and class of status, and timed by surface', async () => {
  const { ask, metrics } = await serve()
  await ask('/graphql', { method: 'POST', body: '{}' })
  await ask('/v1/posts/1?cursor=2')
  await ask('/v1/posts/2')
  await ask('/nowhere')
  const total = async () => valuesOf(await metrics.text(), 'weir_requests_total')
  await expect.poll(total).toEqual({
    'surface="graphql",method="POST",status="2xx"': 1,
    'surface="facade",method="GET",status="2xx"': 2,
    'surface="other",method="GET",status="4xx"': 1,
  })
  const text = await metrics.text()
  expect(valuesOf(text, 'weir_request_duration_seconds_count')).toMatchObject({
    'surface="facade"': 2,
  })
  expect(valuesOf(text, 'weir_requests_active')['surface="facade"']).toBe(0)
})

test('an event stream that its client leaves is counted, and no slow answer', async () => {
  const { server, metrics } = await serve()
  const headers = { accept: 'text/event-stream' }
  const left = request(`${server.url}/held`, { headers })
  left.on('error', () => {})
  left.end()
  const active = async () => valuesOf(await metrics.text(), 'weir_requests_active')
  await expect.poll(active).toMatchObject({ 'surface="events"': 1 })
  left.destroy()
  const total = async () => valuesOf(await metrics.text(), 'weir_requests_total')
  await expect.poll(total).toMatchObject({ 'surface="events",method="GET",status="aborted"': 1 })
  expect(await metrics.text()).not.toContain('weir_request_duration_seconds_count{surface="events"')
})

test('clients cannot make series: not by paths, methods, names or codes', async () => {
  const { ask, metrics, server } = await serve()
  const series = async () => (await metrics.text()).split('\n').filter((line) => /^\w/.test(line))
  const send = (method: string, path: string, headers = {}) =>
    new Promise<void>((resolve) => {
      const sent = request(server.url + path, { method, headers }, (response) =>
        response.resume().on('end', resolve),
      )
      sent.on('error', () => resolve()).end()
    })
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'MKCOL', 'LOCK', 'SEARCH']
  const flood = async (round: number) => {
    for (let n = 0; n < 100; n += 1) {
      const path = `/${['v1/', '', 'graphql?operationName='][n % 3]}${round}-${n}`
      await send(methods[n % methods.length] ?? 'GET', path, { 'x-request-id': `${round}.${n}` })
    }
    for (let n = 0; n < 500; n += 1) metrics.telemetry.refused('graphql', `CODE_${round}_${n}`)
  }
  await flood(0)
  await ask('/graphql')
  const before = await series()
  await flood(1)
  const after = await series()
  expect(after.length - before.length).toBeLessThan(10)
  expect(after.length).toBeLessThan(300)
})

test('what the database knows is told, and asked for once however often somebody looks', async () => {
  let asked = 0
  const { metrics } = await serve({
    database: async () => {
      asked += 1
      return FIGURES
    },
    connections: () => ({ max: 10, inUse: 3, idle: 1, waiting: 2 }),
  })
  await Promise.all([metrics.text(), metrics.text()])
  const text = await metrics.text()
  expect(asked).toBe(1)
  expect(valuesOf(text, 'weir_queue_jobs')).toEqual({
    'platform="x",state="ready"': 2,
    'platform="x",state="deferred"': 1,
    'platform="x",state="active"': 3,
  })
  expect(valuesOf(text, 'weir_queue_oldest_seconds')).toEqual({ 'platform="x"': 4.5 })
  expect(valuesOf(text, 'weir_upstream_budget_used')).toEqual({ 'platform="x"': 40 })
  expect(valuesOf(text, 'weir_database_connections')).toEqual({
    'state="in_use"': 3,
    'state="idle"': 1,
  })
})

test('a database that fails or hangs leaves its numbers out, and the others are told', async () => {
  const failing = await serve({ database: () => Promise.reject(new Error('down')) })
  const text = await (await failing.ask('/metrics')).text()
  expect(valuesOf(text, 'weir_queue_jobs')).toEqual({})
  expect(valuesOf(text, 'weir_scrape_failures_total')).toEqual({ '': 1 })
  const hanging = await serve({ database: () => new Promise(() => {}), timeoutMs: 20 })
  const answers = await Promise.all([hanging.ask('/metrics'), hanging.ask('/graphql')])
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  const left = (await answers[0]?.text()) ?? ''
  expect(left).toContain('weir_requests_total')
  expect(valuesOf(left, 'weir_scrape_failures_total')).toEqual({ '': 1 })
})

test('with a secret, only whoever shows it reads them', async () => {
  const { ask } = await serve({}, 'open-sesame-open')
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
  const refused = await ask('/metrics')
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  for (const wrong of ['', 'open-sesame', 'open-sesame-open-', 'OPEN-SESAME-OPEN']) {
    expect((await ask('/metrics', bearer(wrong))).status).toBe(401)
  }
  const read = await ask('/metrics', bearer('open-sesame-open'))
  expect([read.status, read.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ])
  const init = { ...bearer('open-sesame-open'), method: 'POST' }
  expect((await ask('/metrics', init)).status).toBe(405)
})

test('the cache is told of where there is one', async () => {
  const { metrics } = await serve()
  expect(valuesOf(await metrics.text(), 'weir_answer_cache_on')).toEqual({})
  const { answerCache } = metrics.telemetry
  answerCache.watch(() => ({ entries: 2, bytes: 300, isOn: true }))
  answerCache.hit()
  answerCache.evicted(3)
  const text = await metrics.text()
  const told = ['on', 'entries', 'bytes', 'hits_total', 'misses_total', 'evictions_total']
  const values = told.map((name) => valuesOf(text, `weir_answer_cache_${name}`)[''])
  expect(values).toEqual([1, 2, 300, 1, 0, 3])
})
