import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway({ isWorker: false, isServing: true })
})
afterAll(() => gateway[Symbol.asyncDispose]())

const QUERY = '{ workspace { id } }'
const JSON_TYPE = { 'content-type': 'application/json' }
const body = (query: string) => JSON.stringify({ query })
const post = (query: string): RequestInit => ({ method: 'POST', body: body(query) })

test.each<[string, string, RequestInit]>([
  ['an answer', '/graphql', post(QUERY)],
  ['the same answer, given again', '/graphql', post(QUERY)],
  ['an answer to GET', `/graphql?query=${encodeURIComponent(QUERY)}`, {}],
  ['what does not parse', '/graphql', post('{')],
  ['what is no operation', '/graphql', { method: 'POST', body: '[]' }],
  ['what is too large', '/graphql', { method: 'POST', body: 'x'.repeat(300_000) }],
  ['a change by GET', '/graphql?query=mutation%7B__typename%7D', {}],
  ['another method', '/graphql', { method: 'PUT' }],
  ['GraphiQL', '/graphql', { headers: { accept: 'text/html' } }],
  ['a request without a key', '/graphql', { headers: { authorization: 'none' } }],
  ['a REST API', '/v1/analytics/accounts', {}],
  ['a path of a REST API that is none', '/v1/analytics/nothing', {}],
  ['the documentation', '/openapi.json', {}],
  ['a probe', '/healthz', {}],
  ['nothing', '/nothing', {}],
])('%s names its request, by the id that it came with', async (_what, path, init) => {
  const id = 'req-7_b'
  const key = { authorization: `Bearer ${gateway.key}` }
  const send = (more: Record<string, string>) =>
    fetch(`${gateway.app.url}${path}`, {
      ...init,
      headers: { ...JSON_TYPE, ...key, ...more, ...init.headers },
    })
  const named = await send({ 'x-request-id': id })
  expect(named.headers.get('x-request-id')).toBe(id)
  await named.text()
  const unnamed = await send({})
  expect(unnamed.headers.get('x-request-id')).toMatch(/^[\w-]{6,64}$/)
  await unnamed.text()
})
