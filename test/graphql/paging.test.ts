import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertPosts } from '../../src/store/posts.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { insertVideos } from '../../src/store/videos.ts'
import {
  PublicationPageDocument,
  type PublicationPageQueryVariables,
} from '../generated/documents.ts'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace, later, metrics, outcome, publication } from '../support/rows.ts'

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

beforeAll(async () => {
  await addWorkspace(graphql.db, 'one')
  const posts = IDS.map((id, index) => ({ id, text: null, createdAt: later(index) }))
  await insertPosts(graphql.db, 'one', posts)
  const rows = IDS.map((id, index) =>
    publication({ id, postId: id, createdAt: later(index), publishedAt: later(-index) }),
  )
  await insertPublications(graphql.db, 'one', rows)
  const videos = IDS.map((id) => ({ id, videoId: id, publicationId: id }))
  await insertVideos(graphql.db, 'one', videos)
  // Views: two rows tie, and two have none.
  const views = [5, 9, null, 5, 7, null, 1]
  const outcomes = IDS.map((id, index) =>
    outcome({ id, metrics: metrics({ views: views[index] ?? null }) }),
  )
  await storePublicationOutcomes(graphql.db, 'one', outcomes)
})

async function page(variables: PublicationPageQueryVariables) {
  const { data, errors } = await graphql.query(PublicationPageDocument, variables)
  expect(errors).toEqual([])
  const { edges, pageInfo } = data.publications
  return { ids: edges.map(({ node }) => node.localId).join(''), pageInfo }
}

/** The whole list, read two rows at a time from either end. */
async function walk(orderBy: PublicationPageQueryVariables['orderBy'], from: 'start' | 'end') {
  const pages: string[] = []
  let cursor: string | null = null
  for (;;) {
    const size = from === 'start' ? { first: 2, after: cursor } : { last: 2, before: cursor }
    const { ids, pageInfo } = await page({ ...size, orderBy })
    pages.push(ids)
    cursor = from === 'start' ? pageInfo.endCursor : pageInfo.startCursor
    if (!(from === 'start' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) break
  }
  return (from === 'start' ? pages : pages.reverse()).join('')
}

describe.each([
  ['CREATED_AT', 'ASC', 'abcdefg'],
  ['CREATED_AT', 'DESC', 'gfedcba'],
  ['PUBLISHED_AT', 'DESC', 'abcdefg'],
  ['VIEWS', 'DESC', 'beda' + 'g' + 'fc'],
  ['VIEWS', 'ASC', 'gadeb' + 'cf'],
] as const)('by %s %s', (field, direction, expected) => {
  test.each(['start', 'end'] as const)('pages from the %s hold every row once', async (from) => {
    expect(await walk({ field, direction }, from)).toBe(expected)
  })
})

test('a page says whether the list goes on at either end', async () => {
  const first = await page({ first: 3 })
  expect(first).toMatchObject({
    ids: 'gfe',
    pageInfo: { hasNextPage: true, hasPreviousPage: false },
  })
  const second = await page({ first: 10, after: first.pageInfo.endCursor })
  expect(second).toMatchObject({
    ids: 'dcba',
    pageInfo: { hasNextPage: false, hasPreviousPage: true },
  })
})

test('an empty page has no cursors', async () => {
  const { pageInfo } = await page({ filter: { accountId: 'nobody' } })
  expect(pageInfo).toEqual({
    hasNextPage: false,
    hasPreviousPage: false,
    startCursor: null,
    endCursor: null,
  })
})

test.each(['accounts', 'posts', 'videos', 'publications'])(
  '%s go on where a page ended',
  async (list) => {
    const query = `query ($after: String) {
    ${list}(first: 1, after: $after) { nodes { localId } pageInfo { endCursor } totalCount }
  }`
    const first = await graphql.query<Record<string, Found>, object>(query)
    const { pageInfo, nodes, totalCount } = first.data[list] as Found
    const next = await graphql.query<Record<string, Found>, object>(query, {
      after: pageInfo.endCursor,
    })
    expect(next.data[list]?.nodes).not.toEqual(nodes)
    expect(totalCount).toBe(list === 'accounts' ? 1 : IDS.length)
  },
)

interface Found {
  nodes: { localId: string }[]
  pageInfo: { endCursor: string | null }
  totalCount: number
}

const byLikes = { field: 'LIKES', direction: 'ASC' } as const

test.each([
  [{ first: 0 }, 'first', '1 to 100, not 0'],
  [{ first: 101 }, 'first', '1 to 100, not 101'],
  [{ last: -1 }, 'last', '1 to 100, not -1'],
  [{ first: 1, last: 1 }, 'last', 'not both'],
  [{ after: 'nonsense' }, 'after', 'not a cursor'],
  [{ before: Buffer.from('["posts",1]').toString('base64url') }, 'before', 'not a cursor'],
])('%j is refused, naming the argument', async (variables, field, message) => {
  const { errors, status } = await graphql.query(PublicationPageDocument, variables)
  expect(status).toBe(200)
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }])
  expect(errors[0]?.message).toContain(message)
})

test('a cursor of another list or another order is refused', async () => {
  const { pageInfo } = await page({ first: 1 })
  const after = pageInfo.endCursor
  const other = await graphql.query(PublicationPageDocument, { after, orderBy: byLikes })
  expect(other.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'after' } }])
  const posts = await graphql.query(
    'query ($after: String) { posts(after: $after) { nodes { id } } }',
    { after },
  )
  expect(posts.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'after' } }])
})
