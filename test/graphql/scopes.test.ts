import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertPosts } from '../../src/store/posts.ts'
import { insertPublications } from '../../src/store/publication-writes.ts'
import { openGraphql } from '../support/graphql.ts'
import { AT, addWorkspace, publication } from '../support/rows.ts'

const graphql = await openGraphql({ jobs: true })
afterAll(() => graphql[Symbol.asyncDispose]())

beforeAll(async () => {
  await addWorkspace(graphql.db, 'one')
  await insertPosts(graphql.db, 'one', [{ id: 'post', text: null, createdAt: AT }])
  await insertPublications(graphql.db, 'one', [publication({ id: 'p', postId: 'post' })])
})

const CONNECT = 'connectAccount(input: { platform: X, platformAccountId: "5", accessToken: "t" })'
const RECORD =
  'recordPost(input: { publications: [{ accountId: "account", platformPostId: "5" }] })'

const NEEDS = [
  ['query', 'analytics:read', 'accounts { totalCount }'],
  ['query', 'analytics:read', 'workspace { name }'],
  ['query', 'analytics:read', 'metricCatalog { name }'],
  ['query', 'analytics:read', 'node(id: "x") { id }'],
  ['mutation', 'analytics:refresh', 'refreshAccount(accountId: "account") { __typename }'],
  ['mutation', 'analytics:refresh', 'refreshPost(postId: "post") { __typename }'],
  ['mutation', 'workspace:manage', `${CONNECT} { __typename }`],
  ['mutation', 'workspace:manage', `${RECORD} { __typename }`],
  ['mutation', 'workspace:manage', 'disconnectAccount(accountId: "account") { __typename }'],
] as const

const ALL = ['analytics:read', 'analytics:refresh', 'workspace:manage'] as const

test.each(NEEDS)('%s with the scope %s alone: %s', async (operation, scope, field) => {
  const allowed = await graphql.query(`${operation} { ${field} }`, {}, { scopes: [scope] })
  expect(allowed.errors).toEqual([])
  const scopes = ALL.filter((each) => each !== scope)
  const refused = await graphql.query(`${operation} { ${field} }`, {}, { scopes })
  expect(refused.status).toBe(200)
  expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  expect(refused.errors[0]?.message).toContain(scope)
})

test('a key that may only change things learns what it changed, and no numbers', async () => {
  const scopes = ['workspace:manage'] as const
  const answer = (fields: string) =>
    graphql.query<{ connectAccount: object }, object>(
      `mutation { ${CONNECT} { ... on ConnectAccountSucceeded { account { ${fields} } } } }`,
      {},
      { scopes },
    )
  const plain = await answer('platformAccountId connection { status } freshness { status }')
  expect(plain.data.connectAccount).toEqual({
    account: {
      platformAccountId: '5',
      connection: { status: 'CONNECTED' },
      freshness: { status: 'PENDING' },
    },
  })
  for (const field of [
    'metrics { __typename }',
    'audience { followers }',
    'entries { name }',
    'rawMetrics',
    'posts { totalCount }',
    'videos { totalCount }',
    'refreshes { totalCount }',
  ]) {
    const { errors } = await answer(field)
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  }
})
