import { expect, test } from 'vitest'
import type { PublicationOutcome } from '../../src/domain/connector.ts'
import { accountOn, NOW, openUpstream, type Reply, refTo } from './support.ts'
import { CHANNEL_ID, ytTable, ytVideo, ytVideos } from './youtube-world.ts'

const ACCOUNT = accountOn('youtube', { platformAccountId: CHANNEL_ID })
const ID = 'vid00000001'
const NO_ROWS = ytTable(['video', 'views'])

const openWith = (videos: (ids: string[]) => Reply, reports: Reply = NO_ROWS) =>
  openUpstream('youtube', ({ url }) =>
    url.pathname === '/v2/reports' ? reports : videos(url.searchParams.get('id')?.split(',') ?? []),
  )

const readOne = async (video: object, reports?: Reply) => {
  const { connector, context } = openWith(() => ytVideos(video), reports)
  const [outcome] = await connector.readPublications(ACCOUNT, [refTo(ID)], context)
  if (outcome === undefined || !('reading' in outcome)) throw new Error('There is no reading.')
  return outcome.reading
}

const failureOf = (outcome: PublicationOutcome | undefined) =>
  outcome && 'failure' in outcome ? outcome.failure : null

test('a video has the counts of the Data API and the shares and times of the reports', async () => {
  const columns = ['averageViewDuration', 'video', 'shares', 'views', 'estimatedMinutesWatched']
  const reading = await readOne(ytVideo(ID), ytTable(columns, [[31, ID, 12, 1190, 640]]))
  expect(reading.native).toEqual({
    ...{ view_count: 1240, like_count: 84, comment_count: 6 },
    ...{ shares: 12, estimated_minutes_watched: 640, average_view_duration_seconds: 31 },
  })
  expect(reading).toMatchObject({ missing: {}, warnings: [] })
  expect(reading.content).toEqual({
    url: `https://www.youtube.com/watch?v=${ID}`,
    text: 'Shipping day\n\nOne API for all',
    contentType: 'video',
    thumbnailUrl: 'https://yt.example/hq.jpg',
    durationSeconds: 62,
    publishedAt: new Date('2025-11-12T19:20:02Z'),
  })
})

test('hidden likes and closed comments are unknown, and nothing is wrong with that', async () => {
  const reading = await readOne(ytVideo(ID, { statistics: { viewCount: '0' } }))
  expect(reading.native).toEqual({ view_count: 0 })
  expect(reading.missing).toMatchObject({
    like_count: 'not_reported',
    comment_count: 'not_reported',
  })
  expect(reading.warnings.join()).not.toMatch(/like_count|comment_count/)
})

const aged = (days: number, more: object = {}) => ({
  ...ytVideo(ID).snippet,
  publishedAt: new Date(NOW.getTime() - days * 86_400_000).toISOString(),
  ...more,
})

test.each([
  [0.5, {}, 'not_yet_available'],
  [20, { liveBroadcastContent: 'upcoming' }, 'not_yet_available'],
  [20, {}, 'not_reported'],
])('views of a video of %d days that are left out (%j) are %s', async (days, more, reason) => {
  const { missing } = await readOne(ytVideo(ID, { snippet: aged(days, more), statistics: {} }))
  expect(missing['view_count']).toBe(reason)
})

test.each([
  [2.9, 'not_yet_available', false],
  [3.1, 'not_reported', true],
])('after %d days a report without a row means %s', async (days, reason, isWarned) => {
  const reading = await readOne(ytVideo(ID, { snippet: aged(days) }))
  expect(reading.missing).toMatchObject({ shares: reason, estimated_minutes_watched: reason })
  expect(reading.warnings.some((text) => text.includes('shares'))).toBe(isWarned)
})

const [TALL, WIDE] = [
  { embedHeight: '720', embedWidth: '405' },
  { embedHeight: 405, embedWidth: 720 },
]
const SQUARE = { embedHeight: '720', embedWidth: '720' }

test.each([
  ['short', 'PT58S', TALL, {}],
  ['short', 'PT3M', SQUARE, {}],
  ['video', 'PT3M1S', TALL, {}],
  ['video', 'PT58S', WIDE, {}],
  ['video', 'PT2M', TALL, { publishedAt: '2024-10-14T00:00:00Z' }],
  ['short', 'PT1M', TALL, { publishedAt: '2024-10-14T00:00:00Z' }],
  ['short', 'PT1M', {}, {}],
  ['video', 'PT1M1S', {}, {}],
  ['video', 'P0D', TALL, { liveBroadcastContent: 'live' }],
  ['video', 'P1DT2H', TALL, {}],
])('%s: %s, %j, %j', async (contentType, duration, player, more) => {
  const snippet = { ...ytVideo(ID).snippet, ...more }
  const { content } = await readOne(ytVideo(ID, { snippet, player, contentDetails: { duration } }))
  expect(content?.contentType).toBe(contentType)
  expect(content?.url).toContain(contentType === 'short' ? '/shorts/' : '/watch?v=')
})

test.each([
  ['PT58S', 58],
  ['PT1H2M3S', 3723],
  ['P1DT1S', 86_401],
  ['P0D', null],
  ['PT', null],
  ['a while', null],
])('%s lasts %s seconds', async (duration, seconds) => {
  const { content } = await readOne(ytVideo(ID, { contentDetails: { duration } }))
  expect(content?.durationSeconds).toBe(seconds)
})

test('1,000 videos are 20 calls of 50 and 5 reports of 200, each id once', async () => {
  const upstream = openWith((ids) => ytVideos(...ids.toReversed().map((id) => ytVideo(id))))
  const refs = Array.from({ length: 1000 }, (_, place) => refTo(`vid${place}`))
  const outcomes = await upstream.connector.readPublications(
    ACCOUNT,
    [...refs, ...refs],
    upstream.context,
  )
  expect(outcomes.map((outcome) => outcome.platformPostId)).toEqual(
    refs.map((ref) => ref.platformPostId),
  )
  const reports = upstream.requests.filter(({ url }) => url.pathname === '/v2/reports')
  expect([upstream.calls(), reports.length]).toEqual([25, 5])
  expect(reports[0]?.url.searchParams.get('filters')).toMatch(/^video==(vid\d+,?){200}$/)
})

test('what is missing in an answer is gone, and costs the others nothing', async () => {
  const foreign = ytVideo('foreign', { snippet: { channelId: 'UCanother000000000000002' } })
  const { connector, context, requests } = openWith(() => ytVideos(ytVideo(ID), foreign))
  const refs = [ID, 'lost', 'foreign', 'a,b;c'].map((id) => refTo(id))
  const outcomes = await connector.readPublications(ACCOUNT, refs, context)
  const failures = new Map(outcomes.map((each) => [each.platformPostId, failureOf(each)?.kind]))
  expect(Object.fromEntries(failures)).toEqual({
    ...{ [ID]: undefined, lost: 'gone', foreign: 'unsupported', 'a,b;c': 'gone' },
  })
  expect(requests[1]?.url.searchParams.get('filters')).toBe(`video==${ID}`)
  expect(requests.map(({ url }) => url.href).join()).not.toContain('%3Bc')
})

test.each([
  ['gone', { kind: 'youtube#videoListResponse', pageInfo: { totalResults: 0 } }],
  ['gone', { items: [], pageInfo: { totalResults: 0 } }],
  ['malformed', {}],
  ['malformed', { kind: 'youtube#videoListResponse', pageInfo: { totalResults: 1 } }],
  ['malformed', { items: [ytVideo('other')], pageInfo: { totalResults: 2 } }],
])('a video is %s in %j', async (kind, json) => {
  const { connector, context } = openWith(() => ({ json }))
  const outcomes = await connector
    .readPublications(ACCOUNT, [refTo(ID), refTo('other')], context)
    .catch((error: unknown) => [{ platformPostId: ID, failure: Object(error).failure }])
  expect(failureOf(outcomes.find((each) => each.platformPostId === ID))?.kind).toBe(kind)
})

test('a batch that fails costs the other batches nothing', async () => {
  const { connector, context } = openWith((ids) =>
    ids.includes('vid60') ? { status: 200, text: '' } : ytVideos(...ids.map((id) => ytVideo(id))),
  )
  const refs = Array.from({ length: 120 }, (_, place) => refTo(`vid${place}`))
  const outcomes = await connector.readPublications(ACCOUNT, refs, context)
  const failed = outcomes.filter((outcome) => failureOf(outcome)?.kind === 'malformed')
  expect([outcomes.length, failed.length]).toEqual([120, 50])
})
