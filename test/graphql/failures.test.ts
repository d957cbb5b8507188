import { expect, test } from 'vitest'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace } from '../support/rows.ts'

test('what nobody expected is hidden, and logged under the request’s id', async () => {
  await using graphql = await openGraphql()
  await graphql.loseDatabase()
  const { data, errors, status } = await graphql.query('{ workspace { name } }')
  expect([status, data]).toEqual([200, null])
  expect(errors).toMatchObject([
    {
      path: ['workspace'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
    },
  ])
  expect(Object.keys(errors[0]?.extensions ?? {})).toEqual(['code', 'requestId'])
  expect(graphql.logged).toMatchObject([
    { requestId: errors[0]?.extensions['requestId'], error: { message: expect.any(String) } },
  ])
})

test('a request that names itself is named so in the error', async () => {
  await using graphql = await openGraphql()
  await graphql.loseDatabase()
  const answer = async (id: string) => {
    const headers = { 'x-request-id': id, ...graphql.key() }
    const response = await graphql.fetch({ headers }, '?query={workspace{name}}')
    return (await response.json()).errors[0].extensions.requestId
  }
  expect(await answer('req-7.a')).toBe('req-7.a')
  expect(await answer('<script>')).not.toBe('<script>')
})

const DEEP = '{ publications { nodes { account { posts { nodes { account { handle } } } } } } }'

test.each([
  [{ depthMax: 6 }, 'nests 7 fields'],
  [{ breadthMax: 6 }, 'selects 7 fields'],
  [{ costMax: 700 }, 'could answer with 1326 objects'],
])('an operation beyond %j is refused before anything is read', async (limits, message) => {
  await using graphql = await openGraphql({ limits })
  await addWorkspace(graphql.db, 'one')
  graphql.statements.length = 0
  const { errors } = await graphql.query(DEEP)
  expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }])
  expect(errors[0]?.message).toContain(message)
  expect(graphql.statements).toEqual([])
})

test('page sizes count, from variables too, and introspection does not', async () => {
  await using graphql = await openGraphql({ limits: { costMax: 60, depthMax: 6 } })
  await addWorkspace(graphql.db, 'one')
  const query = 'query ($first: Int) { accounts(first: $first) { nodes { handle } } }'
  expect((await graphql.query(query, { first: 50 })).errors).toEqual([])
  expect((await graphql.query(query, { first: 60 })).errors).toMatchObject([
    { extensions: { code: 'QUERY_TOO_COMPLEX' } },
  ])
  const types =
    '{ __schema { types { fields { type { ofType { ofType { ofType { name } } } } } } } }'
  expect((await graphql.query(types)).errors).toEqual([])
})
