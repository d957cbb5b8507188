import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordChanges } from '../../src/store/changes.ts'
import { insertPublications } from '../../src/store/publication-writes.ts'
import { insertVideos } from '../../src/store/videos.ts'
import { openGraphql } from '../support/graphql.ts'
import { AT, addWorkspace, later, publication } from '../support/rows.ts'

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())

const FEED = /* GraphQL */ `
  query ($first: Int, $after: String) {
    changes(first: $first, after: $after) {
      edges {
        cursor
        node {
          at
          subject {
            __typename
            freshness { status }
            ... on Account { localId }
            ... on Publication { localId }
            ... on Video { localId }
          }
        }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`

interface Feed {
  changes: {
    edges: {
      cursor: string
      node: { at: string; subject: { __typename: string; localId: string } }
    }[]
    pageInfo: {
      hasNextPage: boolean
      hasPreviousPage: boolean
      startCursor: string | null
      endCursor: string | null
    }
  }
}

beforeAll(async () => {
  const { db } = graphql
  await addWorkspace(db, 'one')
  await addWorkspace(db, 'two')
  const ids = ['p0', 'p1', 'p2', 'p3']
  await insertPublications(
    db,
    'one',
    ids.map((id) => publication({ id })),
  )
  await insertVideos(
    db,
    'one',
    ids.map((id) => ({ id: `v-${id}`, videoId: id, publicationId: id })),
  )
  const of = (subjectId: string) => ({ subject: 'publication' as const, subjectId })
  await recordChanges(db, 'one', AT, { changes: [{ subject: 'account', subjectId: 'account' }] })
  const first = [...ids.map(of), { subject: 'video' as const, subjectId: 'v-p0' }]
  await recordChanges(db, 'one', later(1), { changes: first })
  await recordChanges(db, 'one', later(2), {})
  await recordChanges(db, 'one', later(3), { changes: [of('p1')] })
})

async function feed(variables: { first?: number; after?: string | null }, workspace = 'one') {
  const answer = await graphql.query<Feed, typeof variables>(FEED, variables, { workspace })
  expect(answer.errors).toEqual([])
  return answer.data.changes
}

test('the feed tells what changed in the order of commits, each with what it is now', async () => {
  const { edges, pageInfo } = await feed({})
  const told = edges.map(({ node }) => `${node.subject.__typename} ${node.subject.localId}`)
  const publications = ['p0', 'p1', 'p2', 'p3'].map((id) => `Publication ${id}`)
  expect(told).toEqual(['Account account', ...publications, 'Video v-p0', 'Publication p1'])
  expect(edges.map(({ node }) => new Date(node.at).getTime() - AT.getTime())).toEqual([
    ...[0, 1, 1, 1, 1, 1, 3],
  ])
  expect(pageInfo).toEqual({
    ...{ hasNextPage: false, hasPreviousPage: false },
    ...{ startCursor: edges[0]?.cursor, endCursor: edges.at(-1)?.cursor },
  })
})

test('pages of any size hold every change once, and the last cursor is where to ask again', async () => {
  const whole = (await feed({})).edges.map(({ cursor }) => cursor)
  for (const first of [1, 2, 3, 5, 100]) {
    const seen: string[] = []
    let after: string | null = null
    for (;;) {
      const { edges, pageInfo }: Feed['changes'] = await feed({ first, after })
      seen.push(...edges.map(({ cursor }) => cursor))
      expect(pageInfo.hasPreviousPage).toBe(after !== null)
      after = pageInfo.endCursor
      if (!pageInfo.hasNextPage) break
    }
    expect(seen).toEqual(whole)
    const empty = await feed({ first, after })
    expect(empty.edges).toEqual([])
    expect(empty.pageInfo).toMatchObject({
      hasNextPage: false,
      startCursor: null,
      endCursor: after,
    })
  }
  expect((await feed({}, 'two')).pageInfo.endCursor).toBeNull()
})

test('a page costs four statements, whatever it holds', async () => {
  for (const first of [6, 7]) {
    graphql.statements.length = 0
    await feed({ first })
    expect(graphql.statements).toHaveLength(4)
  }
})

test('what is gone is passed over, and the feed goes on after it', async () => {
  await recordChanges(graphql.db, 'two', AT, {
    changes: [
      { subject: 'account', subjectId: 'account' },
      { subject: 'publication', subjectId: 'gone' },
    ],
  })
  const { edges, pageInfo } = await feed({}, 'two')
  expect(edges.map(({ node }) => node.subject.localId)).toEqual(['account'])
  expect(await feed({ after: pageInfo.endCursor }, 'two')).toMatchObject({ edges: [] })
})

const text = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')

test.each([
  ['no cursor', 'nonsense'],
  ['a cursor of another list', text(['accounts.connectedAt.asc', AT.toISOString(), 'account'])],
  ['a place of no number', text(['changes', null, 'account a'])],
  ['a place that is no version', text(['changes', 1.5, 'account a'])],
  ['a subject that is none', text(['changes', 1, 'post a'])],
  ['no subject', text(['changes', 1, 'a'])],
])('%s is refused', async (_, after) => {
  const { errors } = await graphql.query(FEED, { after })
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'after' } }])
})

test('a page holds 1 to 100 changes, and counts as many', async () => {
  for (const first of [0, 101]) {
    const { errors } = await graphql.query(FEED, { first })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'first' } }])
  }
  const lists = Array.from(
    { length: 34 },
    (_, index) => `a${index}: changes(first: 100) {
    edges { node { subject { freshness { status } } } }
  }`,
  )
  const { errors } = await graphql.query(`{ ${lists.join('\n')} }`)
  expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }])
})
