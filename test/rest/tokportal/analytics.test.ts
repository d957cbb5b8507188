import { expect, test } from 'vitest'
import { WORKSPACE } from '../../support/gateway.ts'
import {
  ACCOUNT,
  accountPath,
  ask,
  byFormula,
  documented,
  EXAMPLE_RECORDS,
  type ImportRecord,
  startFilled,
  video,
} from './documented.ts'

const OF_WORKSPACE = { workspace_id: WORKSPACE }
const [ACCOUNT_RECORD = {}] = EXAMPLE_RECORDS
const AT = '2026-02-10T09:15:00Z'

const accountNumbers = (metrics: object): ImportRecord => ({
  ...{ type: 'snapshot', ...OF_WORKSPACE, account_id: ACCOUNT, captured_at: AT, metrics },
})

async function dataOf(records: readonly ImportRecord[], path = accountPath('')): Promise<object> {
  await using gateway = await startFilled(records)
  const { status, body } = await ask(gateway, path)
  expect(status).toBe(200)
  return (body as { data: object }).data
}

test('the totals are those that the document prints, the rate by its formula', async () => {
  await using gateway = await startFilled()
  const { status, body } = await ask(gateway, accountPath(''))
  expect(status).toBe(200)
  expect(JSON.stringify(body)).toBe(JSON.stringify(byFormula('analytics')))
})

test('an account of which nothing was read has no analytics', async () => {
  await using gateway = await startFilled([ACCOUNT_RECORD, ...video('a', null)])
  const { status, body } = await ask(gateway, accountPath(''))
  expect([status, body]).toEqual([404, documented('not-found')])
})

test('what nobody knows is 0, and said to be unavailable', async () => {
  const data = await dataOf([
    ACCOUNT_RECORD,
    accountNumbers({ follower_count: 5 }),
    ...video('a', { view_count: 0, like_count: 3 }),
    ...video('b', null),
  ])
  expect(data).toMatchObject({
    ...{ followers_count: 5, following_count: 0, total_videos_tracked: 2 },
    ...{ total_views: 0, total_likes: 3, total_comments: 0, total_bookmarks: 0 },
    ...{ average_engagement_rate: null, average_video_views: 0, weekly_post_average: null },
    unavailable: ['following_count', 'total_comments', 'total_shares', 'total_bookmarks'],
  })
  expect(Object.keys(data).at(-1)).toBe('unavailable')
})

test('an account without videos has totals of 0, and no averages', async () => {
  const data = await dataOf([
    ACCOUNT_RECORD,
    accountNumbers({ follower_count: 5, following_count: 1 }),
  ])
  expect(data).toEqual({
    ...{ account_id: ACCOUNT, followers_count: 5, following_count: 1, total_videos_tracked: 0 },
    ...{ total_views: 0, total_likes: 0, total_comments: 0, total_shares: 0, total_bookmarks: 0 },
    ...{ average_engagement_rate: null, average_video_views: null, weekly_post_average: null },
    scraped_at: AT,
  })
})

test('videos that were read are enough, and rates are rounded', async () => {
  const numbers = { like_count: 1, comment_count: 0, share_count: 0, bookmark_count: 0 }
  const data = await dataOf([
    ACCOUNT_RECORD,
    ...video('a', { view_count: 2, ...numbers }, { published_at: '2026-01-01T00:00:00Z' }),
    ...video('b', { view_count: 1, ...numbers }, { published_at: '2026-01-22T00:00:00Z' }),
  ])
  expect(data).toMatchObject({
    ...{ average_engagement_rate: 66.67, average_video_views: 2, weekly_post_average: 0.7 },
    ...{ scraped_at: AT, unavailable: ['followers_count', 'following_count'] },
  })
})

test('saves are bookmarks, and video views are views, where the platform calls them so', async () => {
  const account = { ...ACCOUNT_RECORD, platform: 'instagram' }
  const reel = { content_type: 'reel', duration_seconds: 7.6 }
  const numbers = { views: 200, likes: 10, comments: 4, shares: 1, saved: 5 }
  const records = [account, ...video('a', numbers, reel)]
  expect(await dataOf(records)).toMatchObject({
    ...{ total_views: 200, total_bookmarks: 5, average_engagement_rate: 10 },
  })
  const one = await dataOf(records, '/api/ext/videos/a/analytics')
  expect(one).toMatchObject({ bookmarks: 5, engagement_rate: 10, duration_seconds: 8 })
  const onX = [{ ...ACCOUNT_RECORD, platform: 'x' }, ...video('a', { view_count: 9 })]
  expect(await dataOf(onX)).toMatchObject({ total_views: 9, average_video_views: 9 })
  expect(await dataOf(onX, '/api/ext/videos/a/analytics')).toMatchObject({ views: 9 })
})

test('a video is the one that the document prints, the rate by its formula', async () => {
  await using gateway = await startFilled()
  const { status, body } = await ask(gateway, '/api/ext/videos/va_001/analytics')
  expect(status).toBe(200)
  expect(JSON.stringify(body)).toBe(JSON.stringify(byFormula('video')))
})

test.each(['va_099', '7123456789', 'vid_abc123', 'pub_va_001', 'VA_001', '%00', '%zz'])(
  'a video is found by its record alone, not by %s',
  async (id) => {
    await using gateway = await startFilled()
    const { status, body } = await ask(gateway, `/api/ext/videos/${id}/analytics`)
    expect([status, body]).toEqual([404, documented('video-not-found')])
  },
)

test('a video that was never read is shown with all that is known', async () => {
  const data = await dataOf([ACCOUNT_RECORD, ...video('a', null)], '/api/ext/videos/a/analytics')
  expect(data).toEqual({
    ...{ id: 'a', video_id: 'a', url: null, description: null, thumbnail_url: null },
    ...{ upload_date: null, duration_seconds: 0, views: 0, likes: 0, comments: 0, shares: 0 },
    ...{ bookmarks: 0, engagement_rate: null, platform: 'tiktok', content_type: 'video' },
    scraped_at: null,
    unavailable: ['duration_seconds', 'views', 'likes', 'comments', 'shares', 'bookmarks'],
  })
})

test('the totals of a hundred videos cost as many statements as those of one', async () => {
  const ids = Array.from({ length: 100 }, (_, index) => `v${index}`)
  const all = ids.flatMap((id) => video(id, { view_count: 1 }))
  const counts: number[] = []
  for (const records of [all.slice(0, 3), all]) {
    await using gateway = await startFilled([ACCOUNT_RECORD, ...records])
    await ask(gateway, accountPath(''))
    counts.push(gateway.statements.length)
  }
  expect(counts).toEqual([2, 2])
})
