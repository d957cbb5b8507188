import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { SCOPES } from '../../src/auth/scopes.ts'
import { NO_OBSERVERS } from '../../src/domain/observers.ts'
import { createRateLimit } from '../../src/domain/rate-limit.ts'
import { NO_TELEMETRY } from '../../src/domain/telemetry.ts'
import { createGraphqlListener } from '../../src/graphql/listener.ts'
import { GRAPHQL_LIMITS } from '../../src/graphql/yoga.ts'
import { type Gateway, startGateway, WORKSPACE } from '../support/gateway.ts'
import { openGraphql } from '../support/graphql.ts'
import { addAccounts, addWorkspace } from '../support/rows.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway({ isWorker: false, isServing: true })
  await addAccounts(gateway.db, WORKSPACE, ['one', 'other', 'third'])
})
afterAll(() => gateway[Symbol.asyncDispose]())

interface Sent {
  method?: string
  query?: string
  body?: string
  headers?: Record<string, string>
}

interface Got {
  status: number | undefined
  headers: IncomingHttpHeaders
  body: string
}

async function send({ method = 'POST', query = '', body, headers }: Sent): Promise<Got> {
  const sent = request(`${gateway.app.url}/graphql${query}`, {
    method,
    headers: {
      ...{ authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
      ...headers,
    },
  })
  sent.end(body)
  const [response] = await once(sent, 'response')
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

const CHUNKED = { 'transfer-encoding': 'chunked' }
const EVENTS = { accept: 'text/event-stream' }
const ACCOUNTS = JSON.stringify({ query: '{ accounts { totalCount } }' })
const leave = (id: string) =>
  JSON.stringify({ query: `mutation { disconnectAccount(accountId: "${id}") { __typename } }` })

test('every answer says which data it is made of, however it was asked for', async () => {
  const { version } = await gateway.db
    .selectFrom('workspace')
    .select('data_version as version')
    .executeTakeFirstOrThrow()
  for (const headers of [{}, CHUNKED, EVENTS]) {
    const answer = await send({ body: ACCOUNTS, headers })
    expect([answer.status, answer.headers['weir-version']]).toEqual([200, String(version)])
  }
  for (const [index, headers] of [{}, CHUNKED, EVENTS].entries()) {
    const id = ['one', 'other', 'third'][index] ?? ''
    const answer = await send({ body: leave(id), headers })
    expect(answer.body).toContain('DisconnectAccountSucceeded')
    expect(answer.headers['weir-version']).toBe(String(version + index + 1))
  }
})

test('what was changed is answered though the database does not say which data that made', async () => {
  await using graphql = await openGraphql()
  await addWorkspace(graphql.db, 'one')
  await addAccounts(graphql.db, 'one', ['here'])
  const listener = createGraphqlListener({
    graphql: graphql.endpoint,
    answers: { find: () => null, keep: () => {} },
    versions: {
      ...{ current: () => 0, read: async () => 0, readWritten: async () => null },
      ...{ isHeard: () => true, close: () => {} },
    },
    authenticate: async () => ({ workspaceId: 'one', keyId: 'key', scopes: SCOPES }),
    budget: createRateLimit(GRAPHQL_LIMITS.costPerMinute),
    limits: GRAPHQL_LIMITS,
    requests: NO_OBSERVERS.requests,
    telemetry: NO_TELEMETRY.cost,
    now: () => graphql.clock.now,
  })
  const server = createServer(listener).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  for (const headers of [{}, EVENTS]) {
    const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
      ...{ method: 'POST', body: leave('here') },
      headers: { ...graphql.key(), 'content-type': 'application/json', ...headers },
    })
    expect(await answer.text()).toContain('DisconnectAccountSucceeded')
    expect([answer.status, answer.headers.get('weir-version')]).toEqual([200, null])
  }
})

test('a GET may leave the name of the operation empty', async () => {
  const answer = await send({ method: 'GET', query: '?query={workspace{id}}&operationName=' })
  expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('{"data":')])
})

test('a POST without a body is refused, even where a GET of the address was answered', async () => {
  const query = '?query={workspace{id}}'
  for (const _ of [1, 2]) expect((await send({ method: 'GET', query })).status).toBe(200)
  const headers = { 'content-length': '0' }
  expect((await send({ query, headers })).status).toBe(400)
  expect((await send({ headers })).status).toBe(400)
})
