import { expect, test } from 'vitest'
import { type SentSpan, startCollector } from '../support/collector.ts'
import { startWeir, temporaryFolder } from '../support/weir.ts'

const ACCOUNT = 'acc_tarnandtide_tiktok'
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const CALLER = '00f067aa0ba902b7'
const REFRESH = `mutation { refreshAccount(accountId: "${ACCOUNT}") { __typename } }`

// Says which files of the tracing library the command loads.
const WATCH = encodeURIComponent(`import { registerHooks } from 'node:module'
registerHooks({
  load(url, context, next) {
    if (url.includes('/@opentelemetry/sdk-trace/')) process.stderr.write('LOADED ' + url + '\\n')
    return next(url, context)
  },
})`)

async function startTraced(environment: Record<string, string>) {
  const folder = temporaryFolder()
  const weir = startWeir(['serve'], {
    ...{ WEIR_DATA_DIR: `${folder}/data`, WEIR_SCHEDULER: 'off', ...environment },
    NODE_OPTIONS: `--import=data:text/javascript,${WATCH}`,
  })
  const [, url = ''] = await weir.until(/GraphiQL +(\S+)\/graphql\n/)
  const [, key = ''] = await weir.until(/API key +(\S+)\n/)
  const ask = async (query: string, headers = {}) => {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    })
    return { status: answer.status, text: await answer.text() }
  }
  return { weir, url, key, ask }
}

/** The names of the spans right below one. */
function below(spans: SentSpan[], parent: SentSpan | undefined): string[] {
  return spans.filter(({ parentSpanId }) => parentSpanId === parent?.spanId).map(({ name }) => name)
}

test('a request, its operation and its SQL are spans of the caller’s trace; a refresh is one with its calls', async () => {
  await using collector = await startCollector()
  const { spans, bodies, url } = collector
  const { weir, ask, key } = await startTraced({ OTEL_EXPORTER_OTLP_ENDPOINT: url })
  const traceparent = `00-${TRACE}-${CALLER}-01`
  await ask('query Mine { accounts(first: 3) { nodes { handle } } }', { traceparent })
  await ask(REFRESH)
  await weir.until(/"refresh ended"/, 'errors')
  // What is left is sent at the end.
  expect(await weir.stop()).toBe(0)
  expect(weir.errors).toContain('LOADED')
  const mine = spans.filter(({ traceId }) => traceId === TRACE)
  const request = mine.find(({ parentSpanId }) => parentSpanId === CALLER)
  expect(request).toMatchObject({ name: 'POST graphql', service: 'weir', isError: false })
  expect(request?.attributes).toMatchObject({ 'http.response.status_code': 200 })
  const operation = mine.find(({ name }) => name === 'graphql query')
  expect(operation?.parentSpanId).toBe(request?.spanId)
  expect(operation?.attributes['graphql.operation.name']).toBe('Mine')
  expect(below(mine, operation)).toContain('sql select')
  const refresh = spans.find(({ name }) => name === 'refresh')
  const parts = new Set(below(spans, refresh))
  expect([...parts]).toEqual(expect.arrayContaining(['upstream TikTok', 'sql select']))
  const call = spans.find(({ name }) => name === 'upstream TikTok')
  expect(call?.attributes).toEqual({
    'http.request.method': expect.stringMatching(/GET|POST/),
    'server.address': expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    'http.response.status_code': 200,
  })
  const texts = spans.map(({ attributes }) => attributes['db.query.text']).filter(Boolean)
  expect(texts.join()).not.toContain(ACCOUNT)
  expect(bodies.join()).not.toContain(key)
}, 120_000)

test('a collector that is away is said once in the log, and holds up neither answers nor the end', async () => {
  const environment = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:9/v1/traces' }
  const { weir, ask } = await startTraced({ ...environment, WEIR_STOP_TIMEOUT_MS: '1000' })
  for (let n = 0; n < 20; n += 1) expect((await ask('{ __typename }')).status).toBe(200)
  const startedAt = performance.now()
  expect(await weir.stop()).toBe(0)
  expect(weir.errors.match(/traces could not be sent/g)).toHaveLength(1)
  expect(performance.now() - startedAt).toBeLessThan(5000)
}, 120_000)

test('without a collector the code that traces is not even loaded', async () => {
  const { weir } = await startTraced({})
  expect(weir.errors).not.toContain('LOADED')
  expect(await weir.stop()).toBe(0)
}, 120_000)
