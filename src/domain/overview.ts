import { EARLIEST_MS } from './clock.ts'
import type { ContentType } from './content.ts'
import { METRIC_FIELDS, type Metrics } from './metric.ts'
import type { Platform } from './platform.ts'
import type { PublicationFilter } from './publication.ts'
import type { MetricTotals } from './totals.ts'

/**
 * What publications can be grouped by. Times are when they were published; when they were recorded
 * where nobody knows. Weeks begin on Mondays.
 */
export const OVERVIEW_DIMENSIONS = [
  'platform',
  'account',
  'contentType',
  'day',
  'week',
  'month',
  'weekday',
  'hourOfDay',
] as const

/** One of the things that publications can be grouped by. */
export type OverviewDimension = (typeof OVERVIEW_DIMENSIONS)[number]

/** Which publications an overview is of, and how it groups them. */
export interface OverviewQuestion {
  filter: PublicationFilter
  groupBy: readonly OverviewDimension[]
  /** In which an instant has its day, its weekday and its hour: an IANA name. */
  timeZone: string
  /** The most groups that may come, those of all windows together. */
  groupsMax: number
}

/** Totals, and the rate that follows from them. */
export interface OverviewTotals extends MetricTotals {
  /**
   * engagement / (views, or impressions) in percent, of the sums over the publications that report
   * both; null without a divisor.
   */
  engagementRate: number | null
}

/** The publications that share what they are grouped by. What they are not grouped by is null. */
export interface OverviewGroup extends OverviewTotals {
  platform: Platform | null
  accountId: string | null
  contentType: ContentType | null
  /** When the day, the week or the month began; of two of them, the later one. */
  bucket: Date | null
  /** 1 is Monday, 7 is Sunday. */
  weekday: number | null
  /** 0 to 23. */
  hour: number | null
}

/** A window of a filter, and the windows of the same length before it. */
export interface OverviewWindows {
  /** The end of the filter that moves when the window begins earlier. */
  field: 'from' | 'publishedFrom'
  /** When a window begins: 0 is the filter's own, 1 the one just before it, and so on. */
  startOf(window: number): Date
}

type TimeDimension = Extract<OverviewDimension, 'day' | 'week' | 'month' | 'weekday' | 'hourOfDay'>

const TIME_KEYS: Record<TimeDimension, (group: OverviewGroup) => number> = {
  day: bucketOf,
  week: bucketOf,
  month: bucketOf,
  weekday: ({ weekday }) => weekday ?? 0,
  hourOfDay: ({ hour }) => hour ?? 0,
}

/**
 * The windows before that of a filter: of `from` and `to`, or of `publishedFrom` and `publishedTo`.
 * Null where neither has both its ends or both have, and where the window ends before it begins.
 * Both ends belong to a window, to the millisecond, and the next earlier one ends just before it.
 */
export function windowsOf(filter: PublicationFilter): OverviewWindows | null {
  const { from, to, publishedFrom, publishedTo } = filter
  const recorded = from && to ? ([from, to] as const) : null
  const published = publishedFrom && publishedTo ? ([publishedFrom, publishedTo] as const) : null
  if (recorded !== null && published !== null) return null
  const [start, end] = recorded ?? published ?? []
  if (start === undefined || end === undefined || end < start) return null
  const lengthMs = end.getTime() - start.getTime() + 1
  return {
    field: recorded === null ? 'publishedFrom' : 'from',
    startOf: (window) => new Date(Math.max(start.getTime() - window * lengthMs, EARLIEST_MS)),
  }
}

/** The change as a fraction, 0.5 for half as much again; null where one is unknown or the base 0. */
export function changeOf(values: Metrics, before: Metrics): Metrics {
  const entries = METRIC_FIELDS.map((field) => [field, fractionOf(values[field], before[field])])
  return Object.fromEntries(entries)
}

/**
 * The groups in the order of time, by the dimensions that are of time as they were asked for; else,
 * and within the same time, the largest first. Ties are in the order of names.
 */
export function orderGroups(
  groups: readonly OverviewGroup[],
  groupBy: readonly OverviewDimension[],
): OverviewGroup[] {
  const times = groupBy.filter(isTime).map((dimension) => TIME_KEYS[dimension])
  return groups.toSorted((one, other) => {
    const time = times.map((key) => key(one) - key(other)).find((difference) => difference !== 0)
    return time ?? (other.publications - one.publications || compareNames(one, other))
  })
}

function fractionOf(value: number | null, base: number | null): number | null {
  return value === null || base === null || base === 0 ? null : (value - base) / base
}

function isTime(dimension: OverviewDimension): dimension is TimeDimension {
  return dimension in TIME_KEYS
}

function bucketOf({ bucket }: OverviewGroup): number {
  return bucket?.getTime() ?? 0
}

function compareNames(one: OverviewGroup, other: OverviewGroup): number {
  const [name, otherName] = [nameOf(one), nameOf(other)]
  if (name === otherName) return 0
  return name < otherName ? -1 : 1
}

function nameOf({ platform, accountId, contentType }: OverviewGroup): string {
  return [platform, accountId, contentType].join(' ')
}
