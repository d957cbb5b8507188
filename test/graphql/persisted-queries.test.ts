import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { openGraphql, type TestGraphql } from '../support/graphql.ts'
import { addWorkspace } from '../support/rows.ts'

const QUERY = '{ workspace { name } }'
const ANSWER = { workspace: { name: 'Workspace one' } }

const hashOf = (query: string) => createHash('sha256').update(query).digest('hex')

function asked(sha256Hash: unknown, version: unknown = 1) {
  return { persistedQuery: { version, sha256Hash } }
}

async function open(limits: { persistedMaxBytes?: number } = {}) {
  const graphql = await openGraphql({ limits })
  await addWorkspace(graphql.db, 'one')
  return graphql
}

async function post(graphql: TestGraphql, body: object) {
  const headers = { 'content-type': 'application/json', ...graphql.key() }
  const response = await graphql.fetch({ method: 'POST', headers, body: JSON.stringify(body) })
  const { data, errors } = await response.json()
  return { status: response.status, data, errors }
}

async function get(graphql: TestGraphql, query: Record<string, string>) {
  const response = await graphql.fetch({ headers: graphql.key() }, `?${new URLSearchParams(query)}`)
  const { data, errors } = await response.json()
  return { status: response.status, data, errors }
}

const NOT_FOUND = {
  status: 200,
  errors: [
    { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
  ],
}

test('a query that came once with its hash is known by it, by POST and by GET', async () => {
  await using graphql = await open()
  const extensions = asked(hashOf(QUERY))
  expect(await post(graphql, { extensions })).toEqual(NOT_FOUND)
  expect((await post(graphql, { query: QUERY, extensions })).data).toEqual(ANSWER)
  expect((await post(graphql, { extensions })).data).toEqual(ANSWER)
  expect((await get(graphql, { extensions: JSON.stringify(extensions) })).data).toEqual(ANSWER)
})

test('a subscription is known by its hash as well, and a mutation only by POST', async () => {
  await using graphql = await open()
  const query = 'mutation { disconnectAccount(accountId: "none") { __typename } }'
  const extensions = asked(hashOf(query))
  expect((await post(graphql, { query, extensions })).errors).toBeUndefined()
  expect((await post(graphql, { extensions })).errors).toBeUndefined()
  const { status, errors } = await get(graphql, { extensions: JSON.stringify(extensions) })
  expect([status, errors[0].extensions.code]).toEqual([405, 'BAD_REQUEST'])
})

test('another query’s hash is refused, and nothing is remembered', async () => {
  await using graphql = await open()
  const extensions = asked(hashOf(QUERY))
  const { status, errors } = await post(graphql, { query: '{ __typename }', extensions })
  expect([status, errors[0].extensions.code]).toEqual([400, 'BAD_REQUEST'])
  expect(errors[0].message).toContain('is not the SHA-256 of the query')
  expect(await post(graphql, { extensions })).toEqual(NOT_FOUND)
})

test('what could not be run is not remembered', async () => {
  await using graphql = await open()
  for (const query of ['{', '{ nothing }', `{ ${'workspace { id } '.repeat(400)} }`]) {
    const extensions = asked(hashOf(query))
    expect((await post(graphql, { query, extensions })).errors).toHaveLength(1)
    expect(await post(graphql, { extensions })).toEqual(NOT_FOUND)
  }
})

test.each([
  ['of another version', asked(hashOf(QUERY), 2)],
  ['without a hash', asked(undefined)],
  ['with a hash that is no text', asked(7)],
])('a request %s is refused', async (_what, extensions) => {
  await using graphql = await open()
  const { status, errors } = await post(graphql, { query: QUERY, extensions })
  expect([status, errors[0].extensions.code]).toEqual([400, 'BAD_REQUEST'])
})

test('those that nobody has used for longest make room', async () => {
  await using graphql = await open({ persistedMaxBytes: 800 })
  const queries = [1, 2, 3].map((at) => `{ workspace { name } } # ${at}`)
  const remember = (query: string) => post(graphql, { query, extensions: asked(hashOf(query)) })
  const isKnown = async (query: string) =>
    (await post(graphql, { extensions: asked(hashOf(query)) })).errors === undefined
  await remember(queries[0] ?? '')
  await remember(queries[1] ?? '')
  expect(await isKnown(queries[0] ?? '')).toBe(true)
  await remember(queries[2] ?? '')
  expect(await Promise.all(queries.map(isKnown))).toEqual([true, false, true])
})
