import { expect, test } from 'vitest'
import { encodeId } from '../../src/graphql/ids.ts'
import { storeAccountOutcome } from '../../src/store/connections.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { insertVideos } from '../../src/store/videos.ts'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace, outcome, publication } from '../support/rows.ts'

test('what a global id names has its platform’s own numbers, as under its own field', async () => {
  await using graphql = await openGraphql()
  const { db } = graphql
  await addWorkspace(db, 'one')
  await insertPublications(db, 'one', [publication({ id: 'p', contentType: 'video' })])
  await insertVideos(db, 'one', [{ id: 'v', videoId: 'v', publicationId: 'p' }])
  await storePublicationOutcomes(db, 'one', [outcome({ id: 'p', native: { like_count: 7 } })])
  const read = { ...outcome({ id: 'account', native: { followers_count: 5 } }), profile: null }
  await storeAccountOutcome(db, 'one', 'account', { ...read, connectionStatus: null })
  const ids = [encodeId('Account', 'account'), encodeId('Publication', 'p'), encodeId('Video', 'v')]
  const query = `query ($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Account { accountMetrics: metrics { ... on XAccountMetrics { followersCount } } }
      ... on Publication { postMetrics: metrics { ... on XPostMetrics { likeCount } } }
      ... on Video { videoMetrics: metrics { __typename } }
    }
  }`
  const { data, errors } = await graphql.query<object, object>(query, { ids })
  expect(errors).toEqual([])
  expect(data).toEqual({
    nodes: [
      { accountMetrics: { followersCount: 5 } },
      { postMetrics: { likeCount: 7 } },
      { videoMetrics: { __typename: 'XVideoMetrics' } },
    ],
  })
})
