import { afterAll, expect, test } from 'vitest'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { insertVideos } from '../../src/store/videos.ts'
import { openGraphql } from '../support/graphql.ts'
import {
  AT,
  addAccounts,
  addWorkspace,
  later,
  metrics,
  outcome,
  publication,
} from '../support/rows.ts'

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())

const DAY = 24 * 3_600_000
const SUMMARY = `videoSummary {
  totalVideosTracked totalViews totalLikes totalComments totalShares totalBookmarks
  averageEngagementRate averageVideoViews weeklyPostAverage lastUpdatedAt
}`

/** Makes a workspace with so many accounts: the first has three videos, the others have none. */
async function fill(workspace: string, accounts: number): Promise<void> {
  const { db } = graphql
  await addWorkspace(db, workspace)
  await addAccounts(
    db,
    workspace,
    Array.from({ length: accounts - 1 }, (_, n) => `idle${n}`),
  )
  const days = [0, 10, 14]
  const rows = days.map((day) => publication({ id: `p${day}`, publishedAt: later(day * DAY) }))
  await insertPublications(db, workspace, rows)
  await insertVideos(
    db,
    workspace,
    rows.map(({ id }) => ({ id, videoId: id, publicationId: id })),
  )
  const known = { views: 8, likes: 1, comments: 0, shares: 1, saves: 5 }
  await storePublicationOutcomes(db, workspace, [
    outcome({ id: 'p0', metrics: metrics(known) }),
    outcome({ id: 'p10', metrics: metrics(known) }),
  ])
  graphql.statements.length = 0
}

test.each([1, 30])('the summaries of %i accounts cost one statement', async (count) => {
  const workspace = `of-${count}`
  await fill(workspace, count)
  const query = `{ accounts(first: 50) { nodes { localId ${SUMMARY} } } }`
  const { data, errors } = await graphql.query<Found, object>(query, {}, { workspace })
  expect(errors).toEqual([])
  expect(data.accounts.nodes).toHaveLength(count)
  const byId = new Map(data.accounts.nodes.map((node) => [node.localId, node.videoSummary]))
  expect(byId.get('account')).toEqual({
    ...{ totalVideosTracked: 3, totalViews: 16, totalLikes: 2, totalComments: 0, totalShares: 2 },
    ...{ totalBookmarks: null, averageEngagementRate: 25, averageVideoViews: 8 },
    ...{ weeklyPostAverage: 1.5, lastUpdatedAt: AT.toISOString() },
  })
  byId.delete('account')
  expect(new Set(byId.values())).toEqual(new Set(count === 1 ? [] : [null]))
  expect(graphql.statements).toHaveLength(2)
})

interface Found {
  accounts: { nodes: { localId: string; videoSummary: object | null }[] }
}
