import { afterAll, expect, test } from 'vitest'
import { upsertConnection } from '../../src/store/connections.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { insertVideos } from '../../src/store/videos.ts'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace, connection, later, metrics, outcome, publication } from '../support/rows.ts'

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())

/** Makes a workspace with so many accounts, each with three publications that are videos. */
async function addAccounts(workspace: string, count: number): Promise<string[]> {
  const { db } = graphql
  await addWorkspace(db, workspace)
  const others = Array.from({ length: count - 1 }, (_, index) => `account${index}`)
  for (const id of others) {
    await upsertConnection(db, workspace, connection({ id, platformAccountId: id }))
  }
  const rows = ['account', ...others].flatMap((accountId) =>
    [1, 2, 3].map((n) =>
      publication({
        id: `${accountId}-${n}`,
        accountId,
        createdAt: later(n),
        contentType: 'video',
      }),
    ),
  )
  await insertPublications(db, workspace, rows)
  const read = { metrics: metrics({ likes: 2 }) }
  const outcomes = rows.map(({ id }) => outcome({ id, ...read }))
  await storePublicationOutcomes(db, workspace, outcomes)
  const videos = rows.map(({ id }) => ({ id: `v-${id}`, videoId: id, publicationId: id }))
  await insertVideos(db, workspace, videos)
  graphql.statements.length = 0
  return ['account', ...others]
}

const LISTS = `{
  accounts(first: 100) {
    nodes {
      localId
      posts(first: 2) { nodes { localId } pageInfo { hasNextPage } totalCount totals { values { likes } } }
      videos(last: 1) { nodes { localId } totalCount }
      refreshes { nodes { id } totalCount }
    }
  }
}`

test.each([2, 40])('the lists of %i accounts cost one statement each', async (count) => {
  const workspace = `of-${count}`
  const accounts = await addAccounts(workspace, count)
  const { data, errors } = await graphql.query(LISTS, {}, { workspace })
  expect(errors).toEqual([])
  const nodes = accounts.map((id) => ({
    localId: id,
    posts: {
      nodes: [{ localId: `${id}-3` }, { localId: `${id}-2` }],
      pageInfo: { hasNextPage: true },
      totalCount: 3,
      totals: { values: { likes: 6 } },
    },
    videos: { nodes: [{ localId: `v-${id}-1` }], totalCount: 3 },
    refreshes: { nodes: [], totalCount: 0 },
  }))
  expect(data).toEqual({ accounts: { nodes: expect.arrayContaining(nodes) } })
  // The accounts; a page, a count and the totals of posts; pages and counts of the other two.
  expect(graphql.statements).toHaveLength(1 + 3 + 2 + 2)
})

test('a page of one account goes on where it ended', async () => {
  await addAccounts('paging', 2)
  const query = `query ($after: String) {
    account(id: "account0") { posts(first: 2, after: $after) { nodes { localId } pageInfo { endCursor } } }
  }`
  const first = await graphql.query<Found, object>(query, {}, { workspace: 'paging' })
  const after = first.data.account.posts.pageInfo.endCursor
  const next = await graphql.query<Found, object>(query, { after }, { workspace: 'paging' })
  expect(next.data.account.posts.nodes).toEqual([{ localId: 'account0-1' }])
})

interface Found {
  account: { posts: { nodes: { localId: string }[]; pageInfo: { endCursor: string } } }
}

test('an account shows nothing of another one, whatever the filter says', async () => {
  await addAccounts('filter', 2)
  const query = `query ($id: ID!) {
    account(id: "account") {
      posts(filter: { accountId: $id }) { totalCount totals { publications } nodes { id } }
      videos(filter: { accountId: $id }) { totalCount }
    }
  }`
  const own = await graphql.query(query, { id: 'account' }, { workspace: 'filter' })
  expect(own.data).toMatchObject({
    account: { posts: { totalCount: 3, totals: { publications: 3 } }, videos: { totalCount: 3 } },
  })
  const other = await graphql.query(query, { id: 'account0' }, { workspace: 'filter' })
  expect(other.data).toEqual({
    account: {
      posts: { totalCount: 0, totals: { publications: 0 }, nodes: [] },
      videos: { totalCount: 0 },
    },
  })
})
