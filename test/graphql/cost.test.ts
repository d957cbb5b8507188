import { getIntrospectionQuery } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { eventsOf, subscriptionRequest } from '../support/events.ts'
import { openGraphql, type TestGraphql } from '../support/graphql.ts'
import { addWorkspace } from '../support/rows.ts'

const PAGE = 'query ($first: Int) { accounts(first: $first) { nodes { __typename handle } } }'

async function open(limits: { costPerMinute?: number; costMax?: number } = {}) {
  const graphql = await openGraphql({ limits, jobs: true })
  await addWorkspace(graphql.db, 'one')
  graphql.clock.now = new Date('2026-06-29T09:00:00Z')
  return graphql
}

async function send(graphql: TestGraphql, query: string, variables?: object, keyId = 'key') {
  const headers = { 'content-type': 'application/json', ...graphql.key({ keyId }) }
  const body = JSON.stringify({ query, variables })
  const response = await graphql.fetch({ method: 'POST', headers, body })
  const text = await response.text()
  const { errors = [], extensions } = JSON.parse(text)
  return { response, text, errors, cost: extensions?.cost }
}

test('every answer ends with its cost and what is left of the key’s minute', async () => {
  await using graphql = await open({ costPerMinute: 600 })
  const { text } = await send(graphql, PAGE, { first: 60 })
  expect(text).toBe(
    '{"data":{"accounts":{"nodes":[{"__typename":"Account","handle":"weir"}]}},' +
      '"extensions":{"cost":{"requested":61,"limit":600,"remaining":539,' +
      '"resetsAt":"2026-06-29T09:00:06.100Z"}}}',
  )
  graphql.clock.now = new Date('2026-06-29T09:00:06Z')
  const { cost } = await send(graphql, PAGE, { first: 1 })
  expect(cost).toMatchObject({ requested: 2, remaining: 597 })
})

test('errors of fields stand before the cost, which is taken all the same', async () => {
  await using graphql = await open()
  const { text, errors } = await send(graphql, PAGE, { first: 0 })
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  expect(text).toMatch(/,"extensions":\{"cost":\{"requested":2,[^{}]*\}\}\}$/)
})

test('a history up to now costs more as time goes by', async () => {
  await using graphql = await open()
  const query = `query ($from: DateTime!) {
    account(id: "account") { history(from: $from, interval: DAY) { at } }
  }`
  const ask = () => send(graphql, query, { from: '2026-06-29T00:00:00Z' })
  const { errors, cost } = await ask()
  graphql.clock.now = new Date('2027-06-29T09:00:00Z')
  const later = await ask()
  expect([errors, cost.requested, later.cost.requested]).toEqual([[], 3, 384])
})

test('a mutation costs as well', async () => {
  await using graphql = await open()
  const { cost } = await send(graphql, 'mutation { refreshAccount(accountId: "a") { __typename } }')
  expect(cost).toMatchObject({ requested: 1, remaining: 99_999 })
})

test('what the budget has no room for is refused, and takes nothing', async () => {
  await using graphql = await open({ costPerMinute: 60 })
  await send(graphql, PAGE, { first: 50 })
  graphql.statements.length = 0
  const { response, errors, cost } = await send(graphql, PAGE, { first: 10 })
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2'])
  expect(errors).toEqual([
    {
      message:
        'The operation costs 11, and the key has 9 left of 60 a minute. Try again in 2 s, or ask' +
        ' for less.',
      extensions: { code: 'RATE_LIMITED' },
    },
  ])
  expect(cost).toMatchObject({ requested: 11, remaining: 9 })
  expect(graphql.statements).toEqual([])
  graphql.clock.now = new Date('2026-06-29T09:00:02Z')
  expect((await send(graphql, PAGE, { first: 10 })).errors).toEqual([])
})

test('keys do not share a budget', async () => {
  await using graphql = await open({ costPerMinute: 60 })
  for (const key of ['a', 'b']) {
    expect((await send(graphql, PAGE, { first: 50 }, key)).errors).toEqual([])
    expect((await send(graphql, PAGE, { first: 50 }, key)).response.status).toBe(429)
  }
})

test('an introspection costs nothing, and is answered when nothing is left', async () => {
  await using graphql = await open({ costPerMinute: 60 })
  await send(graphql, PAGE, { first: 59 })
  for (const query of [
    getIntrospectionQuery(),
    '{ __typename }',
    '{ __type(name: "Post") { name } }',
  ]) {
    const { errors, cost } = await send(graphql, query)
    expect(errors).toEqual([])
    expect(cost).toMatchObject({ requested: 0, remaining: 0 })
  }
})

test('what is more than one operation may cost takes nothing, and so does what is not run', async () => {
  await using graphql = await open({ costMax: 60 })
  const { errors, cost } = await send(graphql, PAGE, { first: 60 })
  expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }])
  expect(cost).toMatchObject({ requested: 61, remaining: 100_000 })
  for (const [query, variables] of [
    ['{', {}],
    ['{ nothing }', {}],
    [PAGE, { first: 'x' }],
  ] as const) {
    expect((await send(graphql, query, variables)).cost).toBeUndefined()
  }
  expect((await send(graphql, '{ __typename }')).cost.remaining).toBe(100_000)
})

test('one operation may not cost more than a minute has', async () => {
  await using graphql = await open({ costPerMinute: 60 })
  const { errors } = await send(graphql, PAGE, { first: 60 })
  expect(errors[0].message).toContain('could answer with 61 objects, and 60 is the most')
})

describe('of an operation', () => {
  let graphql: TestGraphql
  beforeAll(async () => {
    graphql = await open()
    return () => graphql[Symbol.asyncDispose]()
  })

  const twice = '{ a: accounts(first: 5) { ...All } b: accounts(first: 5) { ...All } }'

  test('nothing is run when an argument cannot be told, and so its cost', async () => {
    const query = 'query ($id: ID! = "a") { account(id: $id) { id } accounts { totalCount } }'
    const body = await send(graphql, query, { id: null })
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    const nullable = query.replace('ID!', 'ID')
    graphql.statements.length = 0
    const { errors, cost } = await send(graphql, nullable, { id: null })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect([cost, graphql.statements]).toEqual([undefined, []])
  })

  test('fragments are counted wherever they are used', async () => {
    const fragment = 'fragment All on AccountConnection { nodes { handle freshness { status } } }'
    expect((await send(graphql, `${twice} ${fragment}`)).cost.requested).toBe(2 * (1 + 5 * (1 + 1)))
  })

  test.each([
    ['{ workspace { id name } }', 1],
    ['{ accounts(first: 3) { totalCount } }', 1],
    ['{ accounts(last: 3) { edges { cursor node { id } } } }', 1 + 3],
    ['{ accounts { nodes { freshness { status } } } }', 1 + 25 * 2],
    ['{ nodes(ids: ["a", "b", "c"]) { id } }', 3],
    ['{ accounts(first: 2) { nodes { entries { name } } } }', 1 + 2 * (1 + 10)],
    ['{ accounts(first: 2) { nodes { entries(names: ["a", "b"]) { name } } } }', 1 + 2 * (1 + 2)],
  ])('objects are counted: %s costs %d', async (query, requested) => {
    expect((await send(graphql, query)).cost).toMatchObject({ requested })
  })

  test('only the one that is named counts', async () => {
    const query = `query A { workspace { id } } query B { accounts(first: 9) { nodes { id } } }`
    const body = JSON.stringify({ query, operationName: 'A' })
    const headers = { 'content-type': 'application/json', ...graphql.key() }
    const response = await graphql.fetch({ method: 'POST', headers, body })
    expect((await response.json()).extensions.cost.requested).toBe(1)
  })
})

test('whoever subscribes pays once, and hears at every event what is left', async () => {
  await using graphql = await open({ costPerMinute: 100 })
  const query = 'subscription { refreshUpdated(accountId: "account") { status } }'
  await using events = eventsOf(await graphql.fetch(subscriptionRequest(query, graphql.key())))
  await graphql.query('mutation { refreshAccount(accountId: "account") { __typename } }')
  const event = await events.next()
  expect(event?.extensions?.['cost']).toMatchObject({ requested: 1, limit: 100, remaining: 98 })
})
