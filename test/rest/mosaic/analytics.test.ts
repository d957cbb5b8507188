import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { METRIC_FIELDS } from '../../../src/domain/metric.ts'
import { UNKNOWN_METRICS } from '../../../src/domain/normalize.ts'
import type { SyncStatus } from '../../../src/domain/sync.ts'
import { statusOf, sumsOf } from '../../../src/rest/mosaic/combining.ts'
import { ANALYTICS_EXAMPLE } from '../../../src/rest/mosaic/examples.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import {
  CONNECTION_ID,
  fill,
  fillExample,
  fillPost,
  POST_ID,
  type PublicationPlan,
  pathOf,
} from './published.ts'

const ANSWER = JSON.parse(readFileSync(new URL('./analytics.json', import.meta.url), 'utf8'))

type Answer = typeof ANALYTICS_EXAMPLE

async function read(gateway: Gateway, path: string): Promise<Answer> {
  const response = await gateway.rest(path)
  const body = await response.json()
  expect([response.status, body]).toMatchObject([200, {}])
  return body as Answer
}

test('the answer has the documented shape, its numbers in the documented order', async () => {
  await using gateway = await startGateway()
  await fillExample(gateway)
  const answer = await read(gateway, pathOf(POST_ID))
  expect(answer).toEqual(ANSWER)
  expect(Object.keys(answer)).toEqual(['analytics', 'stats'])
  const { totals, platforms } = answer.analytics
  for (const metrics of [totals, ...platforms.map((entry) => entry.metrics)]) {
    expect(Object.keys(metrics)).toEqual(Object.keys(ANSWER.analytics.totals))
  }
  expect(Object.keys(platforms[0] ?? {})).toEqual(Object.keys(ANSWER.analytics.platforms[0]))
})

test('one connection has its own entry, sums and state alone', async () => {
  await using gateway = await startGateway()
  await fillExample(gateway)
  for (const id of [CONNECTION_ID, CONNECTION_ID.toUpperCase()]) {
    expect(await read(gateway, pathOf(POST_ID, id))).toEqual(ANALYTICS_EXAMPLE)
  }
})

test('a connection may be named by whatever id its account has', async () => {
  await using gateway = await startGateway()
  await fillPost(gateway, [{ platform: 'x' }, { platform: 'tiktok' }])
  const { platforms } = (await read(gateway, pathOf('post_1', 'acc_tiktok'))).analytics
  expect(platforms.map(({ platform }) => platform)).toEqual(['tiktok'])
})

test('a post that was published nowhere has no state and no numbers', async () => {
  await using gateway = await startGateway()
  await fill(gateway, [{ type: 'post', id: 'post_1' }])
  const answer = await read(gateway, pathOf('post_1'))
  const nothing = Object.fromEntries(Object.keys(answer.analytics.totals).map((key) => [key, null]))
  const metadata = { post_id: 'post_1', last_updated_at: null, stale_after: null }
  expect(answer).toEqual({
    analytics: { status: null, totals: nothing, platforms: [], metadata },
    stats: { status: null },
  })
  expect(Object.keys(nothing)).toHaveLength(METRIC_FIELDS.length)
})

test('what was never read has its entry, with nothing known', async () => {
  await using gateway = await startGateway()
  await fillPost(gateway, [{ platform: 'x' }])
  expect(await read(gateway, pathOf('post_1'))).toMatchObject({
    analytics: {
      status: 'pending',
      platforms: [{ platform_post_id: 'native_0', post_url: null, raw_metrics: {} }],
      metadata: { last_updated_at: null, stale_after: null },
    },
    stats: { x: { id: 'native_0', analytics: {}, lastUpdated: null, nextUpdate: null } },
  })
})

const LIKED = (like_count: number, more: object = {}): PublicationPlan['snapshot'] => ({
  metrics: { like_count },
  ...more,
})

test('two accounts on one platform are a list in the older payload', async () => {
  await using gateway = await startGateway()
  await fillPost(gateway, [
    { platform: 'x', account: 'acc_a', snapshot: LIKED(1), capturedAt: '2026-06-29T07:00:00Z' },
    { platform: 'tiktok', snapshot: LIKED(0) },
    { platform: 'x', account: 'acc_b', snapshot: LIKED(2) },
  ])
  const { analytics, stats } = await read(gateway, pathOf('post_1'))
  expect(analytics.platforms.map(({ platform_post_id }) => platform_post_id)).toEqual([
    ...['native_0', 'native_1', 'native_2'],
  ])
  expect(analytics.totals.likes).toBe(3)
  expect(analytics.metadata).toMatchObject({
    last_updated_at: '2026-06-29T08:00:00Z',
    stale_after: '2026-06-29T13:00:00Z',
  })
  expect(stats).toMatchObject({
    x: [{ analytics: { like_count: 1 } }, { analytics: { like_count: 2 } }],
    tiktok: { analytics: { like_count: 0 } },
  })
})

test('an answer of a platform that is no object is not shown', async () => {
  await using gateway = await startGateway()
  const payloads = [[1], 'text', null, { id: '1901625213503277588' }]
  await fillPost(
    gateway,
    payloads.map((payload) => ({ platform: 'x', snapshot: LIKED(1, { payload }) })),
  )
  const { platforms } = (await read(gateway, pathOf('post_1'))).analytics
  expect(platforms.map(({ raw_metrics }) => raw_metrics)).toEqual([{}, {}, {}, payloads[3]])
})

test.each<[SyncStatus[], string | null]>([
  [[], null],
  [['synced', 'synced'], 'success'],
  [['pending', 'pending'], 'pending'],
  [['failed', 'requires_reconnect'], 'error'],
  [['partial'], 'partial'],
  [['synced', 'partial'], 'partial'],
  [['synced', 'pending'], 'partial'],
  [['synced', 'failed'], 'partial'],
  [['pending', 'failed'], 'partial'],
])('rows that are %j are together %s', (rows, status) => {
  expect(statusOf(rows)).toBe(status)
})

test('sums leave out what nobody reports, and what cannot be told exactly', () => {
  const row = (more: object) => ({ ...UNKNOWN_METRICS, ...more })
  expect(sumsOf([row({ likes: 1, videoViewers: 2 }), row({ videoViewers: 3 })])).toEqual(
    row({ likes: 1, videoViewers: 5 }),
  )
  const huge = { likes: Number.MAX_SAFE_INTEGER, views: 0 }
  expect(sumsOf([row(huge), row({ likes: 1 })])).toEqual(row({ views: 0 }))
})

test('a hundred publications cost as many statements as one', async () => {
  await using gateway = await startGateway()
  const counts: number[] = []
  await fillPost(gateway, [{ platform: 'x', snapshot: LIKED(1) }])
  await read(gateway, pathOf('post_1'))
  counts.push(gateway.statements.length)
  await fillPost(
    gateway,
    Array.from({ length: 100 }, () => ({ platform: 'x', snapshot: LIKED(1) })),
  )
  expect((await read(gateway, pathOf('post_1'))).analytics.platforms).toHaveLength(100)
  counts.push(gateway.statements.length)
  // The post, its publications, and their payloads.
  expect(counts).toEqual([3, 3])
})
