import { expect, test } from 'vitest'
import {
  at,
  idsOf,
  listAt,
  NOW,
  type Platforms,
  planFor,
  type Said,
  startPlatforms,
} from './platforms.ts'

const METRICS = 'views,shares,estimatedMinutesWatched,averageViewDuration'
const USUAL = {
  ids: 'channel==MINE',
  startDate: '2020-01-01',
  endDate: '2026-11-20',
  metrics: METRICS,
}
const PER_VIDEO = { ...USUAL, dimensions: 'video', sort: '-views', maxResults: '200' }

const ask = ({ ask }: Platforms, query: Record<string, string>) =>
  ask(`/v2/reports?${new URLSearchParams(query)}`, { prefix: 'youtube-analytics' })

const rowsOf = (answer: Said) => (at(answer, 'rows') ?? []) as unknown[][]
const said = (answer: Said) => [answer.status, at(answer, 'error', 'message')]

/** Five videos, one a day, the newest of which is an hour old. */
const start = () => startPlatforms([planFor('youtube')])

test('videos have rows until the last settled day; younger ones have none', async () => {
  await using platforms = await start()
  const { world, account } = platforms
  const answer = await ask(platforms, PER_VIDEO)
  expect(listAt(answer, 'columnHeaders').map((column) => column['name'])).toEqual([
    ...['video', 'views', 'shares', 'estimatedMinutesWatched', 'averageViewDuration'],
  ])
  const rows = new Map(rowsOf(answer).map(([id, _views, ...values]) => [id, values]))
  for (const video of world.publications(account(), NOW)) {
    const numbers = world.publicationNumbers(video, NOW)
    const values = ['shares', 'estimated_minutes_watched', 'average_view_duration_seconds']
    const isSettled = video.publishedAt < new Date('2026-11-18T08:00:00Z')
    expect(rows.get(video.platformPostId)).toEqual(
      isSettled ? values.map((name) => numbers[name]) : undefined,
    )
  }
  expect(rows.size).toBe(2)
})

test('rows come in the order and number that are asked for, columns in that of the names', async () => {
  await using platforms = await start()
  const filters = `video==${idsOf(platforms).toReversed().join(',')}`
  const query = { ...PER_VIDEO, metrics: 'shares,views', filters }
  const all = rowsOf(await ask(platforms, query)).map(([, shares, views]) => [shares, views])
  const views = all.map(([, count]) => Number(count))
  expect(views).toEqual(views.toSorted((a, b) => b - a))
  expect(Number(all[0]?.[0])).toBeLessThan(views[0] ?? 0)
  expect(rowsOf(await ask(platforms, { ...query, maxResults: '1' }))).toHaveLength(1)
})

test('days add up to the whole, and a span without anything has no rows', async () => {
  await using platforms = await start()
  const query = { ...USUAL, startDate: '2026-11-10', metrics: 'views,shares' }
  const [whole] = rowsOf(await ask(platforms, query))
  const days = rowsOf(await ask(platforms, { ...query, dimensions: 'day', sort: 'day' }))
  expect(days.map(([day]) => day)).toEqual(['2026-11-16', '2026-11-17'])
  const sum = (column: number) => days.reduce((total, row) => total + Number(row[column]), 0)
  expect([sum(1), sum(2)]).toEqual(whole)
  const empty = await ask(platforms, { ...query, startDate: '2026-11-19' })
  expect(empty.status).toBe(200)
  expect(empty.body).not.toHaveProperty('rows')
})

test.each([
  ['an unknown metric', { metrics: 'views,saves' }, 'Unknown identifier (saves)'],
  ['an unknown dimension', { dimensions: 'mood' }, 'Unknown identifier (mood)'],
  ['videos without an order', { sort: '' }, 'The query is not supported.'],
  ['videos in rising order', { sort: 'views' }, 'The query is not supported.'],
  ['201 videos', { maxResults: '201' }, 'The query is not supported.'],
  ['a filter by another thing', { filters: 'country==DE' }, 'The query is not supported.'],
  ['a day that is none', { startDate: '20260101' }, "Invalid date '20260101'"],
])('%s is refused', async (_name, more, message) => {
  await using platforms = await start()
  const answer = await ask(platforms, { ...PER_VIDEO, ...more })
  expect(said(answer)).toEqual([400, expect.stringContaining(message)])
})

test('another channel’s reports are forbidden, and a withdrawn metric is unknown', async () => {
  await using platforms = await start()
  const other = await ask(platforms, { ...PER_VIDEO, ids: 'channel==UCsomebody' })
  expect([other.status, at(other, 'error', 'errors', 0, 'reason')]).toEqual([403, 'forbidden'])
  const fault = { kind: 'retired_metric', metric: 'shares' } as const
  platforms.simulator.faults.add({ platform: 'youtube', times: 1, fault })
  expect(said(await ask(platforms, PER_VIDEO))).toEqual([
    400,
    'Unknown identifier (shares) given in field parameters.metrics.',
  ])
  expect((await ask(platforms, PER_VIDEO)).status).toBe(200)
})
