import { expect, test } from 'vitest'
import { at, idsOf, listAt, planFor, startPlatforms } from './platforms.ts'

const SPAN = 'start_time=2026-11-18T00:00:00Z&end_time=2026-11-20T00:00:00Z'
const FIELDS = 'analytics.fields=impressions,likes'

test('analytics are for applications that are let in', async () => {
  await using platforms = await startPlatforms([planFor('x')])
  const refused = await platforms.ask(`/2/tweets/analytics?ids=1&${SPAN}&${FIELDS}`)
  expect(refused.status).toBe(403)
  expect(at(refused, 'reason')).toBe('client-not-enrolled')
})

test('analytics of posts are what was added in each step of the span', async () => {
  const switches = { xAnalytics: 'enrolled' as const }
  await using platforms = await startPlatforms([planFor('x')], { switches })
  const id = idsOf(platforms)[2]
  const path = `/2/tweets/analytics?ids=${id}&${SPAN}&${FIELDS}`
  const total = await platforms.ask(path)
  const days = await platforms.ask(`${path}&granularity=daily`)
  const sum = listAt(days, 'data', 0, 'timestamped_metrics')
    .map((one) => Number(Object(one['metrics'])['impressions']))
    .reduce((a, b) => a + b, 0)
  expect(at(total, 'data', 0, 'timestamped_metrics', 0, 'metrics', 'impressions')).toBe(sum)
  expect(at(days, 'data', 0, 'timestamped_metrics', 0, 'timestamp')).toBe('2026-11-18T00:00:00Z')
  expect((await platforms.ask(`/2/tweets/analytics?ids=${id}&${FIELDS}`)).status).toBe(400)
})

test('media analytics know the watch time, and may send numbers as text', async () => {
  const switches = { xAnalytics: 'enrolled', xAnalyticsNumbers: 'strings' } as const
  const content = () => ({ kind: 'video' as const })
  await using platforms = await startPlatforms([planFor('x', { content })], { switches })
  const expanded = await platforms.ask(
    `/2/tweets?ids=${idsOf(platforms)[2]}&expansions=attachments.media_keys`,
  )
  const key = at(expanded, 'includes', 'media', 0, 'media_key')
  const fields = 'media_analytics.fields=video_views,watch_time_ms,playback_complete'
  const answer = await platforms.ask(`/2/media/analytics?media_keys=${key}&${SPAN}&${fields}`)
  expect(at(answer, 'data', 0, 'timestamped_metrics', 0, 'metrics')).toEqual({
    video_views: expect.stringMatching(/^\d+$/),
    watch_time_ms: expect.any(Number),
    playback_complete: expect.stringMatching(/^\d+$/),
  })
})
