import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTrustedDocuments } from '../../src/graphql/trusted-documents.ts'
import { GRAPHQL_LIMITS } from '../../src/graphql/yoga.ts'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace } from '../support/rows.ts'

const QUERY = 'query Name { workspace { name } }'
const DOCUMENTS = {
  name: QUERY,
  page: 'query Page($first: Int) { accounts(first: $first) { nodes { localId } } }',
  mutation: 'mutation Leave { disconnectAccount(accountId: "none") { __typename } }',
}
const graphql = await openGraphql({ trustedDocuments: JSON.stringify(DOCUMENTS) })
afterAll(() => graphql[Symbol.asyncDispose]())
beforeAll(() => addWorkspace(graphql.db, 'one'))

const ANSWER = { workspace: { name: 'Workspace one' } }

async function post(body: object) {
  const headers = { 'content-type': 'application/json', ...graphql.key() }
  const response = await graphql.fetch({ method: 'POST', headers, body: JSON.stringify(body) })
  return response.json()
}

async function get(query: Record<string, string>) {
  const response = await graphql.fetch({ headers: graphql.key() }, `?${new URLSearchParams(query)}`)
  return { status: response.status, ...(await response.json()) }
}

describe('a document that is known', () => {
  const extensions = { persistedQuery: { version: 1, sha256Hash: 'name' } }

  test.each([{ documentId: 'name' }, { documentId: 'sha256:name' }, { extensions }])(
    'is run by its name: %j',
    async (body) => {
      expect((await post(body)).data).toEqual(ANSWER)
    },
  )

  test('is run with variables, and costs what it costs', async () => {
    const { data, extensions } = await post({ documentId: 'page', variables: { first: 3 } })
    expect(data).toEqual({ accounts: { nodes: [{ localId: 'account' }] } })
    expect(extensions.cost).toMatchObject({ requested: 4 })
  })

  test('is run by GET as well, unless it changes something', async () => {
    expect((await get({ documentId: 'name' })).data).toEqual(ANSWER)
    expect((await get({ extensions: JSON.stringify(extensions) })).data).toEqual(ANSWER)
    expect(await get({ documentId: 'mutation' })).toMatchObject({ status: 405 })
  })
})

describe('nothing else is run:', () => {
  test.each([
    ['no text', { query: QUERY }, 'Send no `query`'],
    ['no text beside a name', { query: QUERY, documentId: 'name' }, 'Send no `query`'],
    ['no introspection', { query: '{ __schema { types { name } } }' }, 'Send no `query`'],
    ['no unknown name', { documentId: 'other' }, 'this is none of them'],
    ['no name of every object', { documentId: 'constructor' }, 'this is none of them'],
    ['no name that is no text', { documentId: 7 }, 'Name one as `documentId`'],
    ['no request without a name', {}, 'Name one as `documentId`'],
  ])('%s', async (_what, body, message) => {
    const { data, errors } = await post(body)
    expect(data).toBeUndefined()
    expect(errors).toMatchObject([{ extensions: { code: 'UNTRUSTED_DOCUMENT' } }])
    expect(errors[0].message).toContain(message)
  })
})

test('whoever opens GraphiQL reads that there is none', async () => {
  const response = await graphql.fetch({ headers: { accept: 'text/html' } })
  expect(response.status).toBe(200)
  const page = await response.text()
  expect(page).toContain('runs the documents that it was started with, and no others')
  expect(page).not.toContain('<script')
})

test.each([
  ['no JSON', '{', 'holds no JSON object of documents by their hashes'],
  ['a list', '[]', 'holds no JSON object of documents by their hashes'],
  ['nothing', '{}', 'has no document, so that nothing could be asked'],
  ['no text', '{"a": 1}', 'has no text for a'],
  ['no GraphQL', '{"a": "query {"}', /^has a document that cannot be run, a: Syntax Error/],
  [
    'an unknown field',
    '{"a": "{ no }"}',
    /cannot be run, a: Cannot query field "no" on type "Query"/,
  ],
  [
    'more than is allowed',
    JSON.stringify({ ok: QUERY, wide: `{ workspace { ${'name '.repeat(500)}} }` }),
    /cannot be run, wide: The operation selects 501 fields, and 500 is the most/,
  ],
])('a file with %s is refused at the start', (_what, json, message) => {
  expect(() => readTrustedDocuments(json, GRAPHQL_LIMITS)).toThrow(message)
})
