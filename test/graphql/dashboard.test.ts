import { afterAll, expect, test } from 'vitest'
import { storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { DashboardDocument, TotalsDocument } from '../generated/documents.ts'
import { openGraphql } from '../support/graphql.ts'
import { addPublications, addWorkspace, metrics, outcome } from '../support/rows.ts'

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())

/** Makes a workspace with an account and so many publications, all of them read. */
async function addDashboard(workspace: string, rows: number): Promise<void> {
  await addWorkspace(graphql.db, workspace)
  const ids = Array.from({ length: rows }, (_, index) => `p${String(index).padStart(3, '0')}`)
  await addPublications(graphql.db, workspace, ids)
  const read = { native: { like_count: 3 }, metrics: metrics({ likes: 3 }) }
  const outcomes = ids.map((id) => outcome({ id, ...read }))
  await storePublicationOutcomes(graphql.db, workspace, outcomes)
  graphql.statements.length = 0
}

test.each([25, 100])('a dashboard of %i rows costs two statements', async (rows) => {
  const workspace = `of-${rows}`
  await addDashboard(workspace, rows)
  const { data, errors } = await graphql.query(DashboardDocument, { first: rows }, { workspace })
  expect(errors).toEqual([])
  expect(data.publications.nodes).toHaveLength(rows)
  expect(data.publications.nodes[0]).toMatchObject({
    account: { localId: 'account', handle: 'weir' },
    metrics: { __typename: 'XPostMetrics', likeCount: 3, impressionCount: null },
    normalized: { likes: 3, views: null },
    freshness: { status: 'SYNCED', isStale: false },
  })
  expect(graphql.statements).toHaveLength(2)
})

test('rows are counted and summed only when the answer shows it', async () => {
  const sender = { workspace: 'counted' }
  await addDashboard('counted', 3)
  await graphql.query('{ publications(first: 1) { nodes { id } } }', {}, sender)
  expect(graphql.statements.splice(0)).toHaveLength(1)
  await graphql.query('{ publications(first: 1) { nodes { id } totalCount } }', {}, sender)
  expect(graphql.statements.splice(0)).toHaveLength(2)
  await graphql.query(TotalsDocument, {}, sender)
  expect(graphql.statements.splice(0)).toHaveLength(3)
})

test('totals say out of how many rows they were made, and never add different people', async () => {
  const sender = { workspace: 'totals' }
  await addDashboard('totals', 3)
  await storePublicationOutcomes(graphql.db, 'totals', [
    outcome({ id: 'p000', metrics: metrics({ views: 3_412_345_678, videoViewers: 2 }) }),
    outcome({ id: 'p001', metrics: metrics({ views: 1, likes: 0, videoViewers: 2 }) }),
  ])
  const { data } = await graphql.query(TotalsDocument, {}, sender)
  expect(data.publications).toEqual({
    totalCount: 3,
    totals: {
      publications: 3,
      values: { likes: 3, views: 3_412_345_679, videoViewers: null },
      coverage: { likes: 2, views: 2, videoViewers: 2 },
    },
  })
})

test('an account of many rows is read once, and so are videos, posts and payloads', async () => {
  const sender = { workspace: 'related' }
  await addDashboard('related', 25)
  const query = `{
    publications { nodes { account { handle } video { id } post { id } rawMetrics } }
  }`
  const { errors } = await graphql.query(query, {}, sender)
  expect(errors).toEqual([])
  // The page, the accounts, the videos and the payloads; no row has a post.
  expect(graphql.statements).toHaveLength(4)
})
