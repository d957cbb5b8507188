import { afterAll, beforeAll, expect, test } from 'vitest'
import { storeAccountOutcome, upsertConnection } from '../../src/store/connections.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { PublicationDocument } from '../generated/documents.ts'
import { openGraphql } from '../support/graphql.ts'
import { AT, addWorkspace, connection, metrics, outcome, publication } from '../support/rows.ts'

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())

const POST_ID = '1901234567890123457'

beforeAll(async () => {
  await addWorkspace(graphql.db, 'one')
  await upsertConnection(graphql.db, 'one', connection({ scopes: ['tweet.read', 'users.read'] }))
  await insertPublications(graphql.db, 'one', [
    publication({ id: 'read', platformPostId: POST_ID, url: 'https://x.com/weir/1' }),
    publication({ id: 'unread', url: 'not an address' }),
    publication({ id: 'failed' }),
  ])
  await storePublicationOutcomes(graphql.db, 'one', [
    outcome({
      id: 'read',
      syncStatus: 'partial',
      warnings: ['X left out retweet_count.'],
      staleAfter: AT,
      native: { impression_count: 3_412_345_678, like_count: 0 },
      payload: { data: { id: POST_ID, public_metrics: { like_count: 0 } } },
      metrics: metrics({ impressions: 3_412_345_678, likes: 0 }),
    }),
    outcome({
      id: 'failed',
      syncStatus: 'failed',
      errorMessage: 'The platform did not answer.',
      lastUpdatedAt: null,
      staleAfter: null,
      native: null,
      metrics: null,
    }),
  ])
})

async function read(id: string) {
  const { data, errors } = await graphql.query(PublicationDocument, { id })
  expect(errors).toEqual([])
  return data.publication
}

test('large counts, real zeros, unknown numbers and 19-digit ids come through unchanged', async () => {
  expect(await read('read')).toMatchObject({
    localId: 'read',
    platformPostId: POST_ID,
    createdAt: '2026-03-04T05:06:07.089Z',
    publishedAt: null,
    engagementRate: null,
    metrics: { impressionCount: 3_412_345_678, likeCount: 0, retweetCount: null },
    normalized: { likes: 0, shares: null, views: null, impressions: 3_412_345_678 },
    rawMetrics: { data: { id: POST_ID, public_metrics: { like_count: 0 } } },
  })
})

test('every metric has an entry that says whether it was reported, and why not', async () => {
  const found = await read('read')
  expect(found?.entries).toEqual([
    { name: 'impression_count', value: 3_412_345_678, availability: 'REPORTED' },
    { name: 'like_count', value: 0, availability: 'REPORTED' },
    { name: 'retweet_count', value: null, availability: 'NOT_REPORTED' },
  ])
  const failed = await read('failed')
  expect(failed?.entries.map(({ availability }) => availability)).toEqual([
    'FETCH_FAILED',
    'FETCH_FAILED',
    'FETCH_FAILED',
  ])
})

test('numbers are stale from the instant that the row names, and when there never were any', async () => {
  expect((await read('read'))?.freshness).toEqual({
    status: 'PARTIAL',
    warnings: ['X left out retweet_count.'],
    errorMessage: null,
    lastUpdatedAt: '2026-03-04T05:06:07.089Z',
    staleAfter: '2026-03-04T05:06:07.089Z',
    isStale: true,
  })
  expect(await read('unread')).toMatchObject({
    metrics: null,
    freshness: { status: 'PENDING', lastUpdatedAt: null, staleAfter: null, isStale: true },
    rawMetrics: null,
  })
})

test('a publication is found by its plain id, its global one and the platform’s own', async () => {
  const byPlainId = await read('read')
  expect(await read(byPlainId?.id ?? '')).toEqual(byPlainId)
  expect(await read(POST_ID)).toEqual(byPlainId)
})

test('an address that no browser could open is null, and breaks nothing', async () => {
  expect((await read('read'))?.url).toBe('https://x.com/weir/1')
  expect((await read('unread'))?.url).toBeNull()
})

test('an account shows its platform’s numbers, and what every platform has', async () => {
  await storeAccountOutcome(graphql.db, 'one', 'account', {
    ...outcome({ id: 'account', native: { followers_count: 3_412_345_678, tweet_count: 0 } }),
    profile: null,
    connectionStatus: null,
  })
  const { data } = await graphql.query<object, object>(`{
    account(id: "account") {
      metrics { ... on XAccountMetrics { followersCount tweetCount listedCount } }
      audience { followers following posts }
    }
  }`)
  expect(data).toEqual({
    account: {
      metrics: { followersCount: 3_412_345_678, tweetCount: 0, listedCount: null },
      audience: { followers: 3_412_345_678, following: null, posts: 0 },
    },
  })
})

test('a connection names the scopes that would unlock numbers, where it knows what was granted', async () => {
  await upsertConnection(graphql.db, 'one', {
    ...connection({ id: 'narrow', platformAccountId: '7', scopes: ['tweet.read'] }),
  })
  await upsertConnection(graphql.db, 'one', {
    ...connection({ id: 'untold', platformAccountId: '8', scopes: null }),
  })
  const { data } = await graphql.query<object, object>(`{
    narrow: account(id: "narrow") { connection { status scopes missingScopes } }
    untold: account(id: "untold") { connection { status scopes missingScopes } }
  }`)
  expect(data).toEqual({
    narrow: {
      connection: { status: 'CONNECTED', scopes: ['tweet.read'], missingScopes: ['users.read'] },
    },
    untold: { connection: { status: 'CONNECTED', scopes: [], missingScopes: [] } },
  })
})
