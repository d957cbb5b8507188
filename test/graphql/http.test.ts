import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace } from '../support/rows.ts'

const graphql = await openGraphql({ limits: { bodyMaxBytes: 2000, tokensMax: 400 } })
afterAll(() => graphql[Symbol.asyncDispose]())
beforeAll(() => addWorkspace(graphql.db, 'one'))

const QUERY = '{ workspace { name } }'
const RESPONSE_TYPE = { accept: 'application/graphql-response+json' }
const JSON_TYPE = { 'content-type': 'application/json' }

const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`

const post = (body: string, headers: Record<string, string> = {}) =>
  graphql.fetch({ method: 'POST', body, headers: { ...JSON_TYPE, ...graphql.key(), ...headers } })

async function codeOf(response: Response) {
  const { errors, data } = await response.json()
  expect(data ?? null).toBeNull()
  return [response.status, errors[0].extensions.code]
}

test.each([{}, { authorization: 'Bearer wrong' }, { authorization: 'Basic abc' }])(
  'without a good key there is no answer: %j',
  async (headers) => {
    const body = JSON.stringify({ query: QUERY })
    const init = { method: 'POST', body, headers: { ...JSON_TYPE, ...headers } }
    const response = await graphql.fetch(init as RequestInit)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(response.headers.get('content-type')).toMatch(/json/)
    expect(await codeOf(response)).toEqual([401, 'UNAUTHENTICATED'])
  },
)

test('a key is asked for before anything else is told', async () => {
  for (const method of ['GET', 'POST', 'PUT']) {
    expect((await graphql.fetch({ method })).status).toBe(401)
  }
})

describe('a body', () => {
  test.each([
    ['that is no JSON', '{"query":', 'BAD_REQUEST'],
    ['that is not an object', '"query"', 'BAD_REQUEST'],
    ['without a query', '{}', 'BAD_REQUEST'],
    ['with an unknown parameter', `{"query":"${QUERY}","more":1}`, 'BAD_REQUEST'],
    ['with several operations', `[{"query":"${QUERY}"},{"query":"${QUERY}"}]`, 'BAD_REQUEST'],
    [
      'that names no operation of its own',
      '{"query":"query A { __typename }","operationName":"B"}',
      'BAD_REQUEST',
    ],
    ['that nests deeply', `{"query":"${QUERY}","variables":${nested(20)}}`, 'BAD_REQUEST'],
  ])('%s is 400', async (_what, body, code) => {
    expect(await codeOf(await post(body))).toEqual([400, code])
    expect(await codeOf(await post(body, RESPONSE_TYPE))).toEqual([400, code])
  })

  test('may nest as deep as is allowed', async () => {
    const response = await post(`{"query":"${QUERY}","variables":${nested(19)}}`)
    expect((await response.json()).data).toEqual({ workspace: { name: 'Workspace one' } })
  })

  test.each([
    ['that does not parse', '{"query":"{ workspace {"}', 'GRAPHQL_PARSE_FAILED'],
    ['that asks for what there is not', '{"query":"{ nothing }"}', 'GRAPHQL_VALIDATION_FAILED'],
    ['with more tokens than allowed', `{"query":"{ ${'a '.repeat(500)}}"}`, 'QUERY_TOO_COMPLEX'],
    [
      'with a variable of the wrong type',
      '{"query":"query ($n: Int) { accounts(first: $n) { totalCount } }","variables":{"n":"x"}}',
      'BAD_USER_INPUT',
    ],
  ])('%s is 400, or 200 for those who take the older media type', async (_what, body, code) => {
    expect(await codeOf(await post(body, RESPONSE_TYPE))).toEqual([400, code])
    expect(await codeOf(await post(body, { accept: 'application/json' }))).toEqual([200, code])
    expect(await codeOf(await post(body))).toEqual([200, code])
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/graphql',
    'application/graphql-response+json',
    'application/jsonp',
    'text/plain; application/json',
    '',
  ])('of the type "%s" is 415', async (type) => {
    const response = await post(JSON.stringify({ query: QUERY }), { 'content-type': type })
    expect(await codeOf(response)).toEqual([415, 'BAD_REQUEST'])
  })

  test('over the limit is 413, told or not', async () => {
    const body = JSON.stringify({ query: `${QUERY} #${'x'.repeat(2000)}` })
    const told: Record<string, string> = { 'content-length': `${body.length}` }
    for (const headers of [{}, told]) {
      const response = await post(body, headers)
      expect(await response.clone().text()).toContain('larger than 2000 bytes, the most')
      expect(await codeOf(response)).toEqual([413, 'BAD_REQUEST'])
    }
  })
})

describe('GET', () => {
  const get = (query: string, headers: Record<string, string> = {}) =>
    graphql.fetch({ headers: { ...graphql.key(), ...headers } }, `?${query}`)

  test('answers queries', async () => {
    const response = await get(`query=${encodeURIComponent(QUERY)}`)
    expect(response.status).toBe(200)
    const cost = expect.objectContaining({ requested: 1 })
    const data = { workspace: { name: 'Workspace one' } }
    expect(await response.json()).toEqual({ data, extensions: { cost } })
  })

  test('never changes anything', async () => {
    const mutation = 'mutation { disconnectAccount(accountId: "account") { __typename } }'
    const response = await get(`query=${encodeURIComponent(mutation)}`)
    expect(response.headers.get('allow')).toBe('POST')
    expect(await codeOf(response)).toEqual([405, 'BAD_REQUEST'])
  })

  test('with variables that are no JSON is 400', async () => {
    const response = await get(`query=${encodeURIComponent(QUERY)}&variables={`)
    expect(await codeOf(response)).toEqual([400, 'BAD_REQUEST'])
  })
})

test('other methods are refused, and other paths are unknown', async () => {
  const response = await graphql.fetch({ method: 'PUT', headers: graphql.key() })
  expect(response.headers.get('allow')).toBe('GET, POST')
  expect(await codeOf(response)).toEqual([405, 'BAD_REQUEST'])
  expect((await graphql.fetch({}, '/elsewhere')).status).toBe(404)
})
