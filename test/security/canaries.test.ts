import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTokenCipher } from '../../src/auth/tokens.ts'
import type { TraceRules } from '../../src/cli/telemetry-variables.ts'
import { ENDPOINTS } from '../../src/connectors/endpoints.ts'
import { PLATFORMS, type Platform } from '../../src/domain/platform.ts'
import { createRequestScopes } from '../../src/http/request-scope.ts'
import { createLog } from '../../src/log.ts'
import { startTracing, type Tracing } from '../../src/tracing.ts'
import { type Collector, startCollector } from '../support/collector.ts'
import { type Gateway, NOW, startGateway, WORKSPACE } from '../support/gateway.ts'
import { claimsAt, JWT_ENVIRONMENT, SECRET, signed } from '../support/jwt.ts'
import { runCommand } from '../support/terminal.ts'
import { ECHO_WAYS, type Echo, type EchoWay, startEcho } from './echo.ts'
import { leaksIn } from './leaks.ts'
import { routesOf, urlOf } from './routes.ts'

const SECRET_KEY = Buffer.from('canary-secret-key-of-32-bytes-ok')
const ODD = '7f"/+=\\~%27z&y'
const said: Record<string, string> = {}
const secrets: Record<string, string> = {
  'the key that seals': SECRET_KEY.toString(),
  'the secret of tokens': Buffer.from(SECRET).toString('base64'),
  'a password': 'canary-password-9d1',
  'a token in a query': 'canary-query-3b7',
}

let gateway: Gateway
let echo: Echo
let collector: Collector
let tracing: Tracing
beforeAll(async () => {
  echo = await startEcho()
  collector = await startCollector()
  const lines: string[] = []
  const requests = createRequestScopes('canaries')
  const log = createLog(
    'trace',
    (line) => {
      lines.push(line)
      said['the log'] = lines.join('\n')
    },
    requests,
  )
  const rules: TraceRules = {
    ...{ url: `${collector.url}/v1/traces`, serviceName: 'weir', sampler: 'always_on', ratio: 1 },
  }
  tracing = startTracing(rules, { timeoutMs: 5000, log })
  const environment = {
    ...JWT_ENVIRONMENT,
    ...Object.fromEntries(ENDPOINTS.map(({ variable }) => [variable, echo.url])),
    WEIR_REFRESH_ATTEMPTS_MAX: '1',
    WEIR_UPSTREAM_ATTEMPTS_MAX: '1',
    WEIR_UPSTREAM_CIRCUIT_FAILURES: '1000',
    WEIR_REST_REFRESH_BUDGET_MS: '0',
    WEIR_LOG_REQUESTS: 'on',
    WEIR_METRICS_TOKEN: 'canary-metrics-token-0123456789',
  }
  const cipher = createTokenCipher(SECRET_KEY)
  const watching = { trace: tracing.trace, requests }
  gateway = await startGateway({ environment, log, cipher, watching, isServing: true })
  secrets['a key'] = gateway.key
  secrets['a client secret'] = gateway.simulator.client.secret
  secrets['a token of metrics'] = environment.WEIR_METRICS_TOKEN
  secrets['a token of a dashboard'] = await signed(claimsAt(NOW, { exp: 4_000_000_000 }))
}, 60_000)
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await echo[Symbol.asyncDispose]()
  await collector[Symbol.asyncDispose]()
})

const DAY_MS = 86_400_000

const later = (ms: number) => new Date(gateway.clock.now.getTime() + ms)

async function connect(platform: Platform, number: number): Promise<string> {
  const accessToken = `canary-access-${platform}-${number}-${ODD}`
  const refreshToken = `canary-refresh-${platform}-${number}-${ODD}`
  Object.assign(secrets, { [`access ${platform} ${number}`]: accessToken })
  Object.assign(secrets, { [`refresh ${platform} ${number}`]: refreshToken })
  const answer = await gateway.app.commands.connectAccount(WORKSPACE, {
    ...{ platform, accessToken, refreshToken, scopes: null, handle: null, localId: null },
    ...{ platformAccountId: `${1000 + number}`, tokenExpiresAt: later(60_000) },
  })
  if (answer.kind !== 'connected') throw new Error(answer.message)
  return answer.account.id
}

/** Whether a worker has been at every refresh. */
async function isAllTried(): Promise<boolean> {
  const rows = await gateway.db.selectFrom('refresh').select(['status', 'started_at']).execute()
  return rows.every(({ status, started_at: at }) => at !== null && status !== 'running')
}

async function ask(path: string, init: RequestInit = {}): Promise<void> {
  const headers = { authorization: `Bearer ${gateway.key}`, ...init.headers }
  const answer = await fetch(`${gateway.app.url}${path}`, { ...init, headers, redirect: 'manual' })
  const told = `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`
  said[`the answer to ${init.method ?? 'GET'} ${path.slice(0, 60)} ${Object.keys(said).length}`] =
    told
}

const query = (text: string, variables = {}, more: Record<string, string> = {}) =>
  ask('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...more },
    body: JSON.stringify({ query: text, variables }),
  })

const EVERYTHING = `{
  accounts(first: 100) { nodes { id handle displayName avatarUrl rawMetrics
    freshness { warnings errorMessage } connection { status }
    refreshes { nodes { status errorMessage } } entries { name value } } }
  publications(first: 100) { nodes { id text url rawMetrics freshness { warnings errorMessage } } }
  workspace { upstream { platform callsToday } }
}`

/** Asks for what is known of accounts in every way that there is. */
async function askEverything(ids: readonly string[]): Promise<void> {
  await query(EVERYTHING)
  for (const route of await routesOf(gateway)) {
    for (const id of ['none', ...ids]) {
      const given = { id, account_id: id, post_id: id, accountId: id, subject: 'account' }
      await ask(urlOf(route, given).replace('http://gateway.test', ''), { method: route.method })
    }
  }
  await ask('/metrics', { headers: { authorization: `Bearer ${secrets['a token of metrics']}` } })
}

async function dump(): Promise<string> {
  const { rows: tables } = await sql<{ schema: string; name: string }>`
    select schemaname as schema, tablename as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`.execute(gateway.db)
  const rows = tables.map(async ({ schema, name }) => {
    const table = sql.table(`${schema}.${name}`)
    return (await sql`select to_jsonb(one)::text as row from ${table} as one`.execute(gateway.db))
      .rows
  })
  return JSON.stringify(await Promise.all(rows))
}

/** What has leaked since the last look; the log and the database are looked through every time. */
function leaks() {
  const found = leaksIn(said, secrets)
  for (const place of Object.keys(said)) if (/^the (answer|command)/.test(place)) delete said[place]
  return found
}

test.each(Object.keys(ECHO_WAYS) as EchoWay[])(
  'a platform that repeats tokens in %s has them repeated nowhere else',
  async (way) => {
    echo.way = way
    // What was limited or down yesterday is asked again.
    gateway.clock.now = later(DAY_MS)
    echo.heard.length = 0
    const number = Object.keys(secrets).length
    const ids: string[] = []
    for (const platform of PLATFORMS) ids.push(await connect(platform, number))
    await expect.poll(isAllTried, { timeout: 60_000 }).toBe(true)
    const heard = echo.heard.join('\n')
    for (const platform of PLATFORMS) {
      expect(heard).toMatch(new RegExp(`canary-(access|refresh)-${platform}-${number}-`))
    }
    await askEverything(ids)
    said['the database'] = await dump()
    expect(leaks()).toEqual([])
  },
  120_000,
)

test('what callers do wrong is written down without what they showed', async () => {
  const jwt = secrets['a token of a dashboard'] ?? ''
  const inQuery = secrets['a token in a query'] ?? ''
  for (const path of [
    '/graphql',
    '/v1/analytics/accounts',
    '/export/publications',
    '/nothing',
    '/healthz',
    '/',
  ]) {
    await ask(`${path}?access_token=${inQuery}&api_key=${inQuery}`)
    await ask(path, { headers: { authorization: `Bearer ${jwt}` } })
    await ask(path, { headers: { authorization: `Bearer ${jwt}x` } })
    await ask(path, { headers: { authorization: `Basic ${btoa(`user:${gateway.key}`)}` } })
    await ask(path, {
      method: 'POST',
      body: '{"token": ',
      headers: { 'content-type': 'application/json' },
    })
  }
  const token =
    secrets['access x 6'] ?? Object.values(secrets).find((text) => text.includes('access')) ?? ''
  await query('{ nonsense }', { token })
  await query(
    'mutation ($input: ConnectAccountInput!) { connectAccount(input: $input) { __typename } }',
    {
      input: { platform: 'X', platformAccountId: '\0', accessToken: token },
    },
  )
  expect(leaks()).toEqual([])
})

test('what breaks here is written down without what it was about', async () => {
  await sql`alter table account rename to account_away`.execute(gateway.db)
  try {
    await askEverything(['1'])
    const input = `{ platform: X, platformAccountId: "7", accessToken: "${secrets['a password']}" }`
    await query(`mutation { connectAccount(input: ${input}) { __typename } }`)
  } finally {
    await sql`alter table account_away rename to account`.execute(gateway.db)
  }
  expect(said['the log']).toContain('"level":"error"')
  expect(leaks()).toEqual([])
})

test('commands that cannot start say why without what they were given', async () => {
  const password = secrets['a password'] ?? ''
  const DATABASE_URL = `postgres://weir:${password}@127.0.0.1:1/weir`
  const key = SECRET_KEY.toString('base64')
  for (const environment of [
    { DATABASE_URL, WEIR_SECRET_KEY: key },
    { DATABASE_URL: `mysql://weir:${password}@db/weir` },
    { DATABASE_URL: `postgres://weir:${password}@[/weir`, WEIR_SECRET_KEY: key },
    { DATABASE_URL, WEIR_SECRET_KEY: `${key}x` },
    { DATABASE_URL, WEIR_SECRET_KEY: key, WEIR_SECRET_KEYS_OTHER: `${key},${password}` },
    { WEIR_X_CLIENT_SECRET: `${password} with a space` },
    { WEIR_X_CLIENT_SECRET: password },
    { WEIR_JWT_SECRET: password },
    { WEIR_METRICS_TOKEN: `${password} with a space` },
    { WEIR_JWT_JWKS_URL: `https://user:${password}@id.example.com/` },
    { WEIR_X_API_URL: `https://user:${password}@api.x.test/` },
  ] as Record<string, string>[]) {
    const { output, errors, code } = await runCommand(['keys', 'list'], { environment })
    said[`the command ${Object.keys(said).length}`] = output + errors
    expect([Object.keys(environment), code]).toEqual([Object.keys(environment), 1])
  }
  expect(leaks()).toEqual([])
})

test('the traces of all of that say none of it', async () => {
  await tracing.stop()
  const names = new Set(collector.spans.map(({ name }) => name))
  const followed = ['graphql query', 'sql select', 'refresh', 'upstream X', 'POST graphql']
  expect([...names]).toEqual(expect.arrayContaining(followed))
  expect(collector.spans.some(({ isError }) => isError)).toBe(true)
  said['the traces'] = collector.bodies.join('\n')
  expect(leaks()).toEqual([])
})

test('neither do the names of processes say any of it', () => {
  said['the process'] = `${process.title} ${process.argv.join(' ')}`
  expect(leaks()).toEqual([])
})

test('a secret that is written down anywhere is found, in whatever form', () => {
  const secret = secrets['access x 6'] ?? `canary ${ODD}`
  const inJson = JSON.stringify({ deep: JSON.stringify({ secret }) })
  const forms = [
    ...[secret, inJson, encodeURIComponent(secret), Buffer.from(`a${secret}`).toString('base64')],
    ...[Buffer.from(`user:${secret}`).toString('base64url'), Buffer.from(secret).toString('hex')],
  ]
  for (const text of forms) {
    expect(leaksIn({ there: `before ${text} after` }, { secret })).not.toEqual([])
  }
})
