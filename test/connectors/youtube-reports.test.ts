import { expect, test } from 'vitest'
import { accountOn, openUpstream, type Reply, type Request, refTo } from './support.ts'
import { CHANNEL_ID, ytError, ytTable, ytVideo, ytVideos } from './youtube-world.ts'

const GOOGLE = 'https://www.googleapis.com/auth/'
const READ = `${GOOGLE}youtube.readonly`
const ID = 'vid00000001'

const openWith = (reports: (request: Request) => Reply) => {
  const upstream = openUpstream('youtube', (request) =>
    request.url.pathname === '/v2/reports' ? reports(request) : ytVideos(ytVideo(ID)),
  )
  const reportCalls = () =>
    upstream.requests.filter(({ url }) => url.host === 'youtubeanalytics.googleapis.com')
  return { ...upstream, reportCalls }
}

type Opened = ReturnType<typeof openWith>

const accountWith = (scopes: string[] | null) =>
  accountOn('youtube', { platformAccountId: CHANNEL_ID, scopes })

const read = async ({ connector, context }: Opened, account = accountWith(null)) => {
  const [outcome] = await connector.readPublications(account, [refTo(ID)], context)
  if (outcome === undefined || !('reading' in outcome)) throw new Error('There is no reading.')
  return outcome.reading
}

const columnsOf = ({ url }: Request) => url.searchParams.get('metrics')?.split(',') ?? []

const VALUES: Record<string, unknown> = {
  ...{ views: 1190, shares: 12, estimatedMinutesWatched: 640, averageViewDuration: 31 },
}

/** Reports that have these columns beside `views`, and refuse a call for any other. */
const having = (columns: readonly string[], message: (wrong: string) => string) =>
  openWith((request) => {
    const asked = columnsOf(request)
    const wrong = asked.find((name) => name !== 'views' && !columns.includes(name))
    if (wrong !== undefined) return ytError(400, 'badRequest', { message: message(wrong) })
    return ytTable(['video', ...asked], [[ID, ...asked.map((name) => VALUES[name])]])
  })

const ALL = ['shares', 'estimatedMinutesWatched', 'averageViewDuration']
const NO_SHARES = { message: 'Unknown identifier (shares) given in field metrics.' }
const FEWER = ['shares', 'averageViewDuration']

test('the reports are asked for all time, as the platform takes it', async () => {
  const upstream = having(ALL, String)
  await read(upstream)
  const [request] = upstream.reportCalls()
  expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual({
    ids: 'channel==MINE',
    startDate: '2005-02-14',
    endDate: '2026-11-20',
    metrics: 'views,shares,estimatedMinutesWatched,averageViewDuration',
    dimensions: 'video',
    filters: `video==${ID}`,
    sort: '-views',
    maxResults: '200',
  })
})

test.each([
  ['in words', (wrong: string) => `Unknown identifier (${wrong}) given in field metrics.`, 2],
  ['without saying which', () => 'The query is not supported.', 4],
])('a column that is refused %s loses no other, and is left out for a day', async (...named) => {
  const [, message, calls] = named
  const upstream = having(FEWER, message)
  for (let time = 0; time < 2; time += 1) {
    const { native, missing, warnings } = await read(upstream)
    expect(native).toMatchObject({ view_count: 1240, shares: 12 })
    expect(native).toMatchObject({ average_view_duration_seconds: 31 })
    expect(missing).toEqual({ estimated_minutes_watched: 'fetch_failed' })
    expect(warnings).toEqual([])
    expect(upstream.reportCalls()).toHaveLength(calls + time)
  }
  const later = new Date(upstream.context.now.getTime() + 86_400_000)
  await read({ ...upstream, context: { ...upstream.context, now: later } })
  expect(columnsOf(upstream.reportCalls()[calls + 1] ?? expect.fail())).toContain(
    'estimatedMinutesWatched',
  )
})

test('a column that the reports of one channel refuse is asked for on every other one', async () => {
  const upstream = openWith((request) => {
    const asked = columnsOf(request)
    const isOther = request.headers['authorization'] === 'Bearer other'
    if (asked.includes('shares') && !isOther) return ytError(400, 'badRequest', NO_SHARES)
    return ytTable(['video', ...asked], [[ID, ...asked.map((name) => VALUES[name])]])
  })
  expect((await read(upstream)).missing).toEqual({ shares: 'fetch_failed' })
  const other = { ...accountWith(null), accessToken: 'other', refreshToken: 'other-grant' }
  expect(await read(upstream, other)).toMatchObject({ native: { shares: 12 }, missing: {} })
})

test('a query that is refused however it is asked is no column’s fault', async () => {
  const upstream = having([], () => 'The query is not supported.')
  for (let time = 1; time <= 2; time += 1) {
    expect((await read(upstream)).missing).toEqual({
      ...{ shares: 'fetch_failed', estimated_minutes_watched: 'fetch_failed' },
      average_view_duration_seconds: 'fetch_failed',
    })
    expect(upstream.reportCalls()).toHaveLength(4 * time)
  }
})

test('without the scope of reports the other numbers are fine, and no report is asked', async () => {
  const upstream = having(ALL, String)
  const reading = await read(upstream, accountWith([READ]))
  expect(reading.native).toMatchObject({ view_count: 1240, like_count: 84 })
  expect(new Set(Object.values(reading.missing))).toEqual(new Set(['missing_scope']))
  expect(reading.warnings).toEqual([
    `YouTube did not show shares, estimated_minutes_watched, average_view_duration_seconds: ${GOOGLE}yt-analytics.readonly was not granted.`,
  ])
  expect(upstream.reportCalls()).toEqual([])
  const more = await read(upstream, accountWith([READ, `${GOOGLE}yt-analytics-monetary.readonly`]))
  expect(more.missing).toEqual({})
})

test.each([
  ['insufficientPermissions', 'missing_scope'],
  ['forbidden', 'fetch_failed'],
] as const)('%s on reports is %s, found out once', async (reason, missing) => {
  const upstream = openWith(() => ytError(403, reason))
  for (let time = 0; time < 2; time += 1) {
    const reading = await read(upstream)
    expect(reading.native).toMatchObject({ view_count: 1240 })
    expect(new Set(Object.values(reading.missing))).toEqual(new Set([missing]))
    expect(reading.warnings.join()).toContain('YouTube did not show shares')
    expect(upstream.reportCalls()).toHaveLength(1)
  }
})

test.each([
  ['unavailable', ytError(503, 'backendError')],
  ['malformed', { json: { rows: [] } }],
  ['malformed', ytTable(['video', 'views', ...ALL], 'none')],
  ['rate_limited', ytError(429, 'rateLimitExceeded')],
] as const)(
  'reports that are %s now cost only their own numbers, and are worth another try',
  async (kind, trouble) => {
    let reply: Reply = trouble
    const upstream = openWith(() => reply)
    const reading = await read(upstream)
    expect(reading).toMatchObject({ native: { view_count: 1240 }, unread: { kind } })
    expect(reading.missing).toMatchObject({ shares: 'fetch_failed' })
    reply = ytTable(['video', ...ALL], [[ID, 0, 0, 0]])
    const { native, missing, unread } = await read(upstream)
    expect(native).toMatchObject({ shares: 0, estimated_minutes_watched: 0 })
    expect({ missing, unread }).toEqual({ missing: {}, unread: undefined })
  },
)

test.each([
  ['quotaExceeded', 1],
  ['insufficientPermissions', 1],
  ['badRequest', 8],
])('%s on reports keeps nothing waiting until they are read', async (reason, calls) => {
  const upstream = openWith(() => ytError(reason === 'badRequest' ? 400 : 403, reason))
  for (let time = 0; time < 2; time += 1) {
    expect(await read(upstream)).not.toHaveProperty('unread')
  }
  expect(upstream.reportCalls()).toHaveLength(calls)
})

/** A channel of so many videos, with reports that refuse every query for one of these. */
function startWith(count: number, isBad: (index: number) => boolean, idsMax = 200) {
  const ids = Array.from({ length: count }, (_, index) => `vid${String(index).padStart(8, '0')}`)
  const bad = ids.filter((_, index) => isBad(index))
  const upstream = openUpstream('youtube', (request) => {
    const { searchParams, pathname } = request.url
    if (pathname !== '/v2/reports') {
      return ytVideos(...(searchParams.get('id')?.split(',') ?? []).map((id) => ytVideo(id)))
    }
    const asked = searchParams.get('filters')?.replace('video==', '').split(',') ?? []
    if (asked.length > idsMax || asked.some((id) => bad.includes(id)))
      return ytError(400, 'badRequest')
    const names = columnsOf(request)
    return ytTable(
      ['video', ...names],
      asked.map((id) => [id, ...names.map((name) => VALUES[name])]),
    )
  })
  const readAll = async () => {
    const refs = ids.map((id) => refTo(id))
    const before = upstream.requests.length
    const outcomes = await upstream.connector.readPublications(
      accountWith(null),
      refs,
      upstream.context,
    )
    const isReport = ({ url }: Request) => url.pathname === '/v2/reports'
    const calls = upstream.requests.slice(before).filter(isReport).length
    const lost = outcomes.filter(
      (outcome) => 'reading' in outcome && outcome.reading.native['shares'] !== 12,
    )
    return { lost, calls }
  }
  return { ids, readAll }
}

test('a query that fails for some videos loses no report of other queries', async () => {
  const { ids, readAll } = startWith(201, (index) => index < 200)
  const { lost, calls } = await readAll()
  expect(lost.map(({ platformPostId }) => platformPostId)).toEqual(ids.slice(0, 200))
  expect(lost[0]).toMatchObject({ reading: { missing: { shares: 'fetch_failed' } } })
  // The query, its columns, both of its halves, and the last video’s own.
  expect(calls).toBe(1 + 3 + 2 + 1)
})

test('one video for which Google refuses a query loses no report of 199 others', async () => {
  const { ids, readAll } = startWith(200, (index) => index === 137)
  const { lost, calls } = await readAll()
  expect(lost).toMatchObject([
    { platformPostId: ids[137], reading: { missing: { shares: 'fetch_failed' } } },
  ])
  expect(calls).toBeLessThanOrEqual(1 + 3 + 2 * 8)
  const again = await readAll()
  expect(again.lost).toHaveLength(1)
  expect(again.calls).toBe(1)
})

test('a query that is refused as a whole and in no half of it loses no report', async () => {
  const { readAll } = startWith(120, () => false, 100)
  expect(await readAll()).toEqual({ lost: [], calls: 1 + 3 + 2 })
})
