import type { Metrics } from '../../src/domain/metric.ts'
import {
  type OverviewDimension,
  type OverviewGroup,
  type OverviewTotals,
  orderGroups,
} from '../../src/domain/overview.ts'
import { totalsOf } from '../../src/domain/totals.ts'
import type { NewPublication } from '../../src/store/publication-writes.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** A publication with its numbers. */
export interface Measured extends NewPublication {
  metrics: Metrics
}

/** The totals and the rate of some publications, one by one. */
export function bruteTotals(rows: readonly Measured[]): OverviewTotals {
  let [rated, shown] = [0, 0]
  for (const { metrics } of rows) {
    const divisor = metrics.views ?? metrics.impressions
    if (metrics.engagement === null || divisor === null) continue
    rated += metrics.engagement
    shown += divisor
  }
  const engagementRate = shown === 0 ? null : (rated * 100) / shown
  return { ...totalsOf(rows.map(({ metrics }) => metrics)), engagementRate }
}

/** The groups of some publications, one by one, in their order. */
export function bruteGroups(
  rows: readonly Measured[],
  groupBy: readonly OverviewDimension[],
  timeZone: string,
): OverviewGroup[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(placeOf(row, groupBy, timeZone)))
  const answers = [...groups.values()].flatMap((own) => {
    const [first] = own
    return first ? [{ ...bruteTotals(own), ...placeOf(first, groupBy, timeZone) }] : []
  })
  return orderGroups(answers, groupBy)
}

type Place = Omit<OverviewGroup, keyof OverviewTotals>

function placeOf(
  row: NewPublication,
  groupBy: readonly OverviewDimension[],
  timeZone: string,
): Place {
  const has = (dimension: OverviewDimension) => groupBy.includes(dimension)
  const { date, weekday, hour } = clockAt(row.publishedAt ?? row.createdAt, timeZone)
  const monday = new Date(Date.parse(date) - (weekday - 1) * DAY_MS).toISOString().slice(0, 10)
  const dates = [
    has('day') ? date : null,
    has('week') ? monday : null,
    has('month') ? `${date.slice(0, 8)}01` : null,
  ].filter((each) => each !== null)
  const latest = dates.toSorted().at(-1)
  return {
    platform: has('platform') ? row.platform : null,
    accountId: has('account') ? row.accountId : null,
    contentType: has('contentType') ? row.contentType : null,
    bucket: latest === undefined ? null : firstInstantOf(latest, timeZone),
    weekday: has('weekday') ? weekday : null,
    hour: has('hourOfDay') ? hour : null,
  }
}

// Minute by minute, until the clock of the zone shows the date, or a later one where it is skipped.
function firstInstantOf(date: string, timeZone: string): Date {
  const begin = Date.parse(date) - 15 * HOUR_MS
  for (let at = begin; at < begin + 2 * DAY_MS; at += MINUTE_MS) {
    if (clockAt(new Date(at), timeZone).date >= date) return new Date(at)
  }
  throw new Error(`The day ${date} never begins in ${timeZone}.`)
}

const clocks = (timeZone: string) =>
  new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', hourCycle: 'h23' },
  })
const known = new Map<string, Intl.DateTimeFormat>()

function clockAt(at: Date, timeZone: string): { date: string; weekday: number; hour: number } {
  const clock = known.get(timeZone) ?? clocks(timeZone)
  known.set(timeZone, clock)
  const [date = '', hour = ''] = clock.format(at).split(' ')
  return { date, weekday: new Date(date).getUTCDay() || 7, hour: Number.parseInt(hour, 10) }
}
