import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { upsertConnection } from '../../src/store/connections.ts'
import { insertPosts } from '../../src/store/posts.ts'
import { insertPublications } from '../../src/store/publication-writes.ts'
import { insertRefresh } from '../../src/store/refreshes.ts'
import { insertVideos } from '../../src/store/videos.ts'
import { insertWorkspace } from '../../src/store/workspaces.ts'
import { openGraphql } from '../support/graphql.ts'
import { AT, addWorkspace, connection, publication } from '../support/rows.ts'

const graphql = await openGraphql({ jobs: true })
afterAll(() => graphql[Symbol.asyncDispose]())

const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64')
const OWN = { workspace: 'one' }
const OTHER = { workspace: 'two' }

beforeAll(async () => {
  const { db } = graphql
  await addWorkspace(db, 'one')
  await insertPosts(db, 'one', [{ id: 'post', text: null, createdAt: AT }])
  await insertPublications(db, 'one', [
    publication({ id: 'publication', postId: 'post', platformPostId: '99' }),
  ])
  await insertVideos(db, 'one', [{ id: 'video', videoId: '99', publicationId: 'publication' }])
  await insertRefresh(db, 'one', {
    id: 'refresh',
    accountId: 'account',
    origin: 'request',
    publicationIds: null,
    requestedAt: AT,
    chargedAt: null,
  })
  await insertWorkspace(db, {
    id: 'two',
    name: 'Another',
    refreshCooldownHours: null,
    refreshMonthlyQuota: null,
    createdAt: AT,
  })
})

const NOUNS = ['account', 'post', 'publication', 'video', 'refresh'] as const
const typeOf = (noun: string) => `${noun[0]?.toUpperCase()}${noun.slice(1)}`

describe.each(NOUNS)('%s', (noun) => {
  const query = `query ($id: ID!) { ${noun}(id: $id) { id } }`
  const node = 'query ($id: ID!) { node(id: $id) { __typename id } nodes(ids: [$id]) { id } }'
  const id = globalId(typeOf(noun), noun)

  test('is found by its plain and by its global id in its own workspace', async () => {
    for (const given of [noun, id]) {
      expect(await graphql.query(query, { id: given }, OWN)).toMatchObject({
        data: { [noun]: { id } },
      })
    }
    expect(await graphql.query(node, { id }, OWN)).toMatchObject({
      data: { node: { __typename: typeOf(noun), id }, nodes: [{ id }] },
    })
  })

  test('answers in another workspace as one that does not exist', async () => {
    for (const given of [noun, id, 'never-was', globalId(typeOf(noun), 'never-was')]) {
      const found = await graphql.query(query, { id: given }, OTHER)
      expect(found).toEqual({ status: 200, errors: [], data: { [noun]: null } })
    }
    const found = await graphql.query(node, { id }, OTHER)
    expect(found).toEqual({ status: 200, errors: [], data: { node: null, nodes: [null] } })
  })

  test('is not found by the global id of another type', async () => {
    const found = await graphql.query(query, { id: globalId('Workspace', noun) }, OWN)
    expect(found.data).toEqual({ [noun]: null })
  })
})

test('lists, their counts and their totals hold nothing of another workspace', async () => {
  const query = `{
    accounts { nodes { id } totalCount }
    posts { nodes { id } totalCount }
    publications { nodes { id } totalCount totals { publications } }
    videos { nodes { id } totalCount }
  }`
  const none = { nodes: [], totalCount: 0 }
  const { data } = await graphql.query(query, {}, OTHER)
  expect(data).toEqual({
    accounts: none,
    posts: none,
    publications: { ...none, totals: { publications: 0 } },
    videos: none,
  })
})

test.each([
  'refreshAccount(accountId: "account") { __typename }',
  'refreshPost(postId: "post") { __typename }',
  'disconnectAccount(accountId: "account") { __typename }',
  `recordPost(input: { publications: [{ accountId: "${globalId('Account', 'account')}", platformPostId: "1" }] }) { __typename }`,
])('%s does not reach another workspace', async (field) => {
  const { data } = await graphql.query<Record<string, object>, object>(
    `mutation { answer: ${field} }`,
    {},
    OTHER,
  )
  expect(data['answer']).toEqual({ __typename: 'NotFoundError' })
})

test('a filter by another workspace’s account or post matches nothing', async () => {
  const query = `query ($filter: PublicationFilter) {
    publications(filter: $filter) { totalCount }
  }`
  await upsertConnection(graphql.db, 'two', connection({ id: 'theirs' }))
  for (const filter of [
    { accountId: 'account' },
    { accountId: globalId('Account', 'account') },
    { postId: 'post' },
  ]) {
    const own = await graphql.query(query, { filter }, OWN)
    expect(own.data).toEqual({ publications: { totalCount: 1 } })
    const other = await graphql.query(query, { filter }, OTHER)
    expect(other.data).toEqual({ publications: { totalCount: 0 } })
  }
})

test('ids that no row can have are refused or unknown, and break nothing', async () => {
  const query = 'query ($id: ID!) { account(id: $id) { id } }'
  const zero = await graphql.query(query, { id: 'a\0b' })
  expect(zero.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'id' } }])
  for (const id of ['', ' ', '*', 'QWNjb3VudDo=', globalId('Nothing', '1'), '💧'.repeat(999)]) {
    expect((await graphql.query(query, { id })).data).toEqual({ account: null })
    const node = await graphql.query('query ($id: ID!) { node(id: $id) { id } }', { id })
    expect(node).toEqual({ status: 200, errors: [], data: { node: null } })
  }
})
