import type { JsonValue } from '../../domain/json.ts'
import { pacificDay, pacificMidnight } from '../../domain/pacific.ts'
import type { SimulatedPublication } from '../account.ts'
import { jsonAnswer } from '../answer.ts'
import { partOf } from '../growth.ts'
import { publicationNumbersFor } from '../numbers.ts'
import { type Call, faultTarget, type Route, type Simulation } from '../simulation.ts'
import { refusal } from './errors.ts'
import { type ReportQuery, reportMetrics, reportQuery } from './report-query.ts'
import { type Admitted, callerOf, checkNames, countDaily } from './route.ts'
import { ANALYTICS_SCOPE, settledAt, whenSettled } from './world.ts'

const PER_MINUTE = { max: 720, windowMs: 60_000 }
const PER_DAY = 100_000
const PARAMETERS = [
  ...['ids', 'startDate', 'endDate', 'metrics', 'dimensions', 'filters', 'sort', 'maxResults'],
  ...['startIndex', 'currency', 'includeHistoricalChannelData'],
]

/** The reports of the Analytics API. What is older than three days is settled. */
export const reportsRoute: Route = {
  method: 'GET',
  path: '/v2/reports',
  idsOf: (call) =>
    (call.query.get('filters') ?? '').replace('video==', '').split(',').filter(Boolean),
  handle(call, simulation) {
    const caller = callerOf(call, simulation, ANALYTICS_SCOPE)
    countCalls(call, simulation)
    checkNames(call, PARAMETERS)
    const withdrawn = simulation.faults
      .takeAll('retired_metric', faultTarget(call, [caller.platformAccountId]))
      .map(({ metric }) => metric)
    const admitted = { call, simulation, caller }
    return tableAnswer(admitted, reportQuery(admitted, withdrawn))
  },
}

/** What reports count of a video within a span of time, by the names of their metrics. */
type Totals = Record<string, number | null>

function countCalls(call: Call, simulation: Simulation): void {
  const { limits, switches } = simulation
  countDaily(call, simulation, { key: 'reports', max: PER_DAY, reason: 'quotaExceeded' })
  const { isExceeded } = limits.countSliding('youtube reports', PER_MINUTE, call.now)
  if (isExceeded && switches.limits === 'on') throw refusal('rateLimitExceeded')
}

function tableAnswer(admitted: Admitted, query: ReportQuery) {
  const { dimension, metrics, rowsMax, sortBy } = query
  const rows = rowsOf(admitted, query)
  const sorted =
    sortBy === null ? rows : rows.toSorted((a, b) => cellOf(b, sortBy) - cellOf(a, sortBy))
  const table = sorted.slice(0, rowsMax).map(({ key, totals }): JsonValue[] => {
    const cells = metrics.map((name) => totals[name] ?? null)
    return key === null ? cells : [key, ...cells]
  })
  return jsonAnswer(200, {
    kind: 'youtubeAnalytics#resultTable',
    columnHeaders: [
      ...(dimension === null ? [] : [header(dimension, 'DIMENSION', 'STRING')]),
      ...metrics.map((name) => {
        const isShare = name === 'averageViewPercentage'
        return header(name, 'METRIC', isShare ? 'FLOAT' : 'INTEGER')
      }),
    ],
    // Where there is nothing to tell, there are no rows.
    ...(table.length === 0 ? {} : { rows: table }),
  })
}

interface Row {
  key: string | null
  totals: Totals
}

function rowsOf(admitted: Admitted, query: ReportQuery): Row[] {
  const { since, until } = query
  if (since >= until) return []
  const videos = videosOf(admitted, query)
  const sum = (from: Date, to: Date) =>
    sumOf(videos.map((one) => totalsOf(admitted, one, from, to)))
  if (query.dimension === 'video') {
    return videos.flatMap((one) => {
      const totals = totalsOf(admitted, one, since, until)
      return totals['views'] ? [{ key: one.platformPostId, totals }] : []
    })
  }
  const spans = query.dimension === 'day' ? daysBetween(since, until) : [{ from: since, to: until }]
  return spans.flatMap(({ from, to }) => {
    const totals = sum(from, to)
    const key = query.dimension === 'day' ? pacificDay(from) : null
    return totals['views'] ? [{ key, totals }] : []
  })
}

function videosOf({ call, caller, simulation }: Admitted, { videoIds }: ReportQuery) {
  const { faults, world } = simulation
  const all =
    videoIds === null
      ? world.publications(caller, call.now)
      : [...new Set(videoIds)].flatMap((id) => world.publication('youtube', id, call.now) ?? [])
  return all.filter((video) => {
    const isGone = faults.take(['gone'], faultTarget(call, [video.platformPostId])) !== null
    return video.account === caller && !isGone
  })
}

function totalsOf(admitted: Admitted, video: SimulatedPublication, from: Date, to: Date): Totals {
  const { call, simulation } = admitted
  const end = countedUntil(simulation, video, to)
  const start = from <= video.publishedAt ? {} : countedUntil(simulation, video, from)
  const counted = Object.keys(end).map((name) => [name, (end[name] ?? 0) - (start[name] ?? 0)])
  const counts: Record<string, number> = Object.fromEntries(counted)
  const views = counts['view_count'] ?? 0
  const average = end['average_view_duration_seconds'] ?? 0
  const shown = publicationNumbersFor(call, video, simulation)
  const isHeld = (name: string) =>
    to >= settledAt(call.now) && end[name] !== undefined && shown[name] === undefined
  const catalogued = reportMetrics(call.now).map(({ aggregation, name, wire }) => {
    // A rate of all the time until a day is no sum of the days before it.
    const value = (aggregation === 'rate' ? end[name] : counts[name]) ?? 0
    return [wire, isHeld(name) ? null : value]
  })
  return {
    views,
    engagedViews: partOf(views, 0.82),
    likes: counts['like_count'] ?? 0,
    dislikes: partOf(counts['like_count'] ?? 0, 0.02),
    comments: counts['comment_count'] ?? 0,
    averageViewPercentage: percent(average, video.durationSeconds ?? 0),
    subscribersGained: partOf(views, 0.003),
    subscribersLost: partOf(views, 0.0008),
    videosAddedToPlaylists: partOf(views, 0.002),
    ...Object.fromEntries(catalogued),
  }
}

// Views are settled at a midnight when it comes, reports two days after it.
function countedUntil({ world }: Simulation, video: SimulatedPublication, midnight: Date) {
  const settled = world.publicationNumbers(video, whenSettled(midnight))
  return { ...settled, ...pickLive(world.publicationNumbers(video, midnight)) }
}

function pickLive(numbers: Record<string, number>): Record<string, number> {
  const names = ['view_count', 'like_count', 'comment_count']
  return Object.fromEntries(names.map((name) => [name, numbers[name] ?? 0]))
}

function sumOf(all: readonly Totals[]): Totals {
  const names = Object.keys(all[0] ?? {})
  const add = (name: string) => all.reduce((sum, totals) => sum + (totals[name] ?? 0), 0)
  const sums: Totals = Object.fromEntries(names.map((name) => [name, add(name)]))
  const views = sums['views'] ?? 0
  const average = views === 0 ? 0 : ((sums['estimatedMinutesWatched'] ?? 0) * 60) / views
  const percentage = (sums['averageViewPercentage'] ?? 0) / Math.max(1, all.length)
  return {
    ...sums,
    averageViewDuration: Math.floor(average),
    averageViewPercentage: rounded(percentage),
  }
}

function daysBetween(since: Date, until: Date): { from: Date; to: Date }[] {
  const days: { from: Date; to: Date }[] = []
  for (let from = since; from < until; from = pacificMidnight(from, 1)) {
    days.push({ from, to: pacificMidnight(from, 1) })
  }
  return days
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : rounded((part * 100) / whole)
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

function cellOf({ totals }: Row, name: string): number {
  return totals[name] ?? 0
}

function header(name: string, columnType: string, dataType: string) {
  return { name, columnType, dataType }
}
