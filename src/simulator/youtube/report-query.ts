import type { MetricDefinition } from '../../domain/metric.ts'
import { pacificMidnight } from '../../domain/pacific.ts'
import { livingMetrics, type MetricGroup, wireNames } from '../catalogue.ts'
import { refusal } from './errors.ts'
import { type Admitted, listOf } from './route.ts'
import { settledAt } from './world.ts'

/** Metrics that reports have and the catalogue does not. */
const OTHER_METRICS = [
  ...['views', 'engagedViews', 'likes', 'dislikes', 'comments', 'averageViewPercentage'],
  ...['subscribersGained', 'subscribersLost', 'videosAddedToPlaylists'],
]

const CATALOGUED: MetricGroup = {
  platform: 'youtube',
  subjects: ['post', 'video'],
  sources: ['reports'],
}

/** The metrics of videos that the catalogue expects of reports at a moment. */
export function reportMetrics(now: Date): MetricDefinition[] {
  return livingMetrics(CATALOGUED, now)
}

const FILTER_IDS_MAX = 500
const ROWS_MAX = 200
const HELP =
  'The query is not supported. Check the documentation at ' +
  'https://developers.google.com/youtube/analytics/v2/available_reports for supported queries.'

/** What a call asks of the reports. */
export interface ReportQuery {
  metrics: string[]
  dimension: 'video' | 'day' | null
  /** The videos that are meant; null: all of the channel's. */
  videoIds: string[] | null
  /** From the beginning of this Pacific day. */
  since: Date
  /** Until this Pacific midnight, which nothing later than what is settled can be. */
  until: Date
  /** The metric whose highest values come first; null: rows stay in their own order. */
  sortBy: string | null
  rowsMax: number
}

/** Reads a call's parameters. Refuses what the platform has no report for. */
export function reportQuery(admitted: Admitted, withdrawn: readonly string[]): ReportQuery {
  const { call, caller } = admitted
  const ids = required(admitted, 'ids')
  if (!/^channel==/.test(ids)) throw unsupported()
  if (!['channel==MINE', `channel==${caller.platformAccountId}`].includes(ids)) {
    throw refusal('forbidden')
  }
  const until = pacificMidnight(dayIn(admitted, 'endDate'), 1)
  const settled = settledAt(call.now)
  const dimension = dimensionOf(admitted)
  const metrics = metricsOf(admitted, withdrawn)
  const query = {
    metrics,
    dimension,
    videoIds: videoIdsOf(admitted),
    since: pacificMidnight(dayIn(admitted, 'startDate')),
    until: until < settled ? until : settled,
    sortBy: sortOf(admitted, metrics),
    rowsMax: rowsMax(admitted),
  }
  if (dimension !== 'video') return query
  const isTopList = call.query.has('maxResults') && query.sortBy !== null
  if (!isTopList || query.rowsMax > ROWS_MAX) throw unsupported()
  return query
}

function metricsOf(admitted: Admitted, withdrawn: readonly string[]): string[] {
  required(admitted, 'metrics')
  const metrics = listOf(admitted.call, 'metrics')
  const all = [...OTHER_METRICS, ...wireNames(reportMetrics(admitted.call.now))]
  const known = all.filter((name) => !withdrawn.includes(name))
  const unknown = metrics.find((name) => !known.includes(name))
  if (unknown !== undefined) throw unknownIdentifier(unknown, 'metrics')
  return metrics
}

function dimensionOf({ call }: Admitted): ReportQuery['dimension'] {
  const [dimension = null, ...more] = listOf(call, 'dimensions')
  if (more.length > 0) throw unsupported()
  if (dimension === null || dimension === 'video' || dimension === 'day') return dimension
  throw unknownIdentifier(dimension, 'dimensions')
}

function videoIdsOf({ call }: Admitted): string[] | null {
  const filters = call.query.get('filters')
  if (filters === null) return null
  const [, list = ''] = /^video==([\w,-]+)$/.exec(filters) ?? []
  const ids = list.split(',').filter((id) => id !== '')
  if (ids.length === 0 || ids.length > FILTER_IDS_MAX) throw unsupported()
  return ids
}

function sortOf({ call }: Admitted, metrics: readonly string[]): string | null {
  const sort = call.query.get('sort')
  if (sort === null || sort === 'day') return null
  if (sort.startsWith('-') && metrics.includes(sort.slice(1))) return sort.slice(1)
  throw unsupported()
}

function rowsMax({ call }: Admitted): number {
  const given = call.query.get('maxResults')
  if (given === null) return Number.POSITIVE_INFINITY
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given)
  throw invalid(`Invalid value '${given}' given in field parameters.max-results.`)
}

// Noon in UTC belongs to the same day in California.
function dayIn(admitted: Admitted, name: string): Date {
  const text = required(admitted, name)
  const noon = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T20:00:00Z` : Number.NaN)
  if (Number.isNaN(noon.getTime())) throw invalid(`Invalid date '${text}' given in field ${name}.`)
  return noon
}

function required({ call }: Admitted, name: string): string {
  const given = call.query.get(name)
  if (given !== null && given !== '') return given
  const place = { location: name, locationType: 'parameter' }
  throw refusal('missingRequiredParameter', {
    ...{ message: `Required parameter: ${name}`, domain: 'global' },
    ...place,
  })
}

function unknownIdentifier(name: string, field: string) {
  return invalid(`Unknown identifier (${name}) given in field parameters.${field}.`)
}

function unsupported() {
  return invalid(HELP)
}

function invalid(message: string) {
  return refusal('badRequest', { message })
}
