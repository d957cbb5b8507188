import { expect, test } from 'vitest'
import type { StoryKind } from '../../src/simulator/account.ts'
import { at, DAY_MS, idsOf, listAt, NOW, planFor, startPlatforms } from './platforms.ts'

const ID = '17841400000000123'
const USUAL = 'views,reach,likes,comments,shares,saved,total_interactions'

const all = (kind: StoryKind) => ({ content: () => ({ kind }) })

test('insights of a medium are lifetime values, those of the world', async () => {
  await using platforms = await startPlatforms([planFor('instagram', all('image'))])
  const [medium] = platforms.world.publications(platforms.account(), NOW)
  const answer = await platforms.ask(`/v25.0/${medium?.platformPostId}/insights?metric=${USUAL}`)
  const numbers = platforms.world.publicationNumbers(medium ?? expect.fail('none'), NOW)
  expect(listAt(answer, 'data')).toEqual(
    USUAL.split(',').map((name) =>
      expect.objectContaining({ name, period: 'lifetime', values: [{ value: numbers[name] }] }),
    ),
  )
})

const ACCEPTED: [StoryKind, string][] = [
  ['image', `${USUAL},follows,profile_visits,profile_activity,reposts`],
  ['carousel', `${USUAL},follows,profile_visits,profile_activity,reposts`],
  [
    'video',
    `${USUAL},reposts,ig_reels_avg_watch_time,ig_reels_video_view_total_time,reels_skip_rate`,
  ],
  ['story', 'views,reach,shares,total_interactions,replies,link_clicks,follows,profile_visits'],
]

test.each(ACCEPTED)('a medium of kind %s has %s', async (kind, names) => {
  await using platforms = await startPlatforms([planFor('instagram', all(kind))])
  const answer = await platforms.ask(`/v25.0/${idsOf(platforms)[0]}/insights?metric=${names}`)
  expect(answer.status).toBe(200)
  expect(listAt(answer, 'data').map((one) => one['name'])).toEqual(names.split(','))
})

const REJECTED: [StoryKind, string][] = [
  ['image', 'ig_reels_avg_watch_time, replies'],
  ['carousel', 'ig_reels_video_view_total_time, link_clicks'],
  ['video', 'follows, profile_visits'],
  ['story', 'likes, comments, saved'],
]

test.each(REJECTED)('a medium of kind %s fails a call for %s, and says so', async (kind, names) => {
  await using platforms = await startPlatforms([planFor('instagram', all(kind))])
  const metric = `views,${names.replaceAll(' ', '')}`
  const answer = await platforms.ask(`/v25.0/${idsOf(platforms)[0]}/insights?metric=${metric}`)
  expect(at(answer, 'error', 'code')).toBe(100)
  expect(at(answer, 'error', 'message')).toContain(`does not support the ${names} metric`)
})

test('a video from before there were only reels is a feed video without views', async () => {
  const newestAt = new Date('2022-01-01T00:00:00Z')
  await using platforms = await startPlatforms([
    planFor('instagram', { ...all('video'), newestAt }),
  ])
  const path = `/v25.0/${idsOf(platforms)[0]}`
  const node = await platforms.ask(`${path}?fields=media_type,media_product_type`)
  expect(node.body).toMatchObject({ media_type: 'VIDEO', media_product_type: 'FEED' })
  expect((await platforms.ask(`${path}/insights?metric=views`)).status).toBe(400)
  expect((await platforms.ask(`${path}/insights?metric=reach,saved,likes,comments`)).status).toBe(
    200,
  )
})

test('media from before the conversion have no insights, and spoil a page that expands them', async () => {
  const convertedAt = new Date(NOW.getTime() - 2 * DAY_MS)
  await using platforms = await startPlatforms([planFor('instagram', { convertedAt })])
  const ids = idsOf(platforms)
  const old = await platforms.ask(`/v25.0/${ids[4]}/insights?metric=reach`)
  expect(old.body).toMatchObject({ error: { code: 100, error_subcode: 2108006 } })
  const fields = 'fields=id,insights.metric(reach,saved)'
  const page = await platforms.ask(`/v25.0/${ID}/media?${fields}`)
  expect(at(page, 'error', 'error_subcode')).toBe(2108006)
  const young = await platforms.ask(`/v25.0/${ID}/media?${fields}&limit=2`)
  expect(at(young, 'data', 1, 'insights', 'data', 1, 'name')).toBe('saved')
})

test('a story that four accounts saw keeps its insights to itself', async () => {
  const content = () => ({ kind: 'story' as const, numbers: { reach: 4 } })
  await using platforms = await startPlatforms([planFor('instagram', { content })])
  const { body } = await platforms.ask(`/v25.0/${idsOf(platforms)[0]}/insights?metric=views`)
  expect(body).toMatchObject({
    error: { code: 10, message: '(#10) Not enough viewers for the media to show insights' },
  })
})

test('withdrawn, unknown and cross-posted metrics fail the call', async () => {
  await using platforms = await startPlatforms([planFor('instagram', all('video'))])
  const ask = (metric: string) =>
    platforms.ask(`/v25.0/${idsOf(platforms)[0]}/insights?metric=${metric}`)
  for (const metric of ['impressions', 'plays,views', 'video_views', 'nothing', '']) {
    expect(at(await ask(metric), 'error', 'code')).toBe(100)
  }
  expect(at(await ask('views,facebook_views'), 'error', 'error_subcode')).toBe(2207086)
})
