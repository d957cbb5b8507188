import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { pacificMidnight } from '../../domain/pacific.ts'
import { type Answer, jsonAnswer } from '../answer.ts'
import { livingMetrics, type MetricGroup, wireNames } from '../catalogue.ts'
import type { Span } from '../graph/daily.ts'
import { invalidParameter } from '../graph/errors.ts'
import { accountNumbersFor } from '../numbers.ts'
import { type Call, faultTarget } from '../simulation.ts'
import { COUNTS, dayNumber } from './days.ts'
import { checkedMetrics } from './metrics.ts'
import { type Admitted, requirePage } from './route.ts'

const REACTIONS = 'page_actions_post_reactions_total'
const CATALOGUED: MetricGroup = {
  platform: 'facebook',
  subjects: ['account'],
  sources: ['page_insights'],
}
const BREAKDOWNS = ['is_from_ads', 'is_from_followers']

/** How many days a value of a period covers. */
const PERIODS: Record<string, number> = { day: 1, week: 7, days_28: 28 }

const DAY_MS = 86_400_000
const DAYS_MAX = 90
const HISTORY_DAYS_MAX = 2 * 365
/** Pages with fewer followers have no insights. */
const FOLLOWERS_MIN = 100

/** What happened on a Page, day by day. A success may be empty: then nobody says why. */
export function pageInsights(admitted: Admitted): Answer {
  requirePage(admitted)
  const { call } = admitted
  const known = [...COUNTS, ...wireNames(livingMetrics(CATALOGUED, call.now))]
  const metrics = checkedMetrics(admitted, call.query.get('metric'), known)
  checkBreakdown(call, metrics)
  const period = call.query.get('period') ?? 'day'
  const days = PERIODS[period]
  if (days === undefined) throw invalidParameter(call, `The period ${period} is not supported`)
  const span = spanOf(call)
  const paging = neighbours(call, span)
  if (!isMeasured(admitted)) return jsonAnswer(200, { data: [], paging })
  const shown = metrics.filter((name) => isShown(admitted, name, period))
  const data = shown.map((name) => insight(admitted, { name, period, days, span }))
  return jsonAnswer(200, { data, paging })
}

function checkBreakdown(call: Call, metrics: readonly string[]): void {
  const breakdown = call.query.get('breakdown')
  if (breakdown === null) return
  const isFitting = metrics.every((name) => name.includes('media_view'))
  if (isFitting && BREAKDOWNS.includes(breakdown)) return
  throw invalidParameter(call, 'An unknown error has occurred.')
}

function isMeasured({ call, page, scopes, simulation }: Admitted): boolean {
  const followers = simulation.world.accountNumbers(page, call.now)['followers_count'] ?? 0
  return scopes.includes('read_insights') && followers >= FOLLOWERS_MIN
}

// Reactions by kind come by the day only; the other periods leave them out.
function isShown({ call, page, simulation }: Admitted, name: string, period: string): boolean {
  const target = faultTarget(call, [page.platformAccountId])
  const absent = simulation.faults.takeAll('absent_metric', target).map(({ metric }) => metric)
  if (absent.includes(name) || page.withheld.includes(name)) return false
  return name !== REACTIONS || period === 'day'
}

interface Asked {
  name: string
  period: string
  days: number
  span: Span
}

function insight(admitted: Admitted, { name, period, days, span }: Asked): JsonObject {
  const title = name.replaceAll('_', ' ')
  return {
    name,
    period,
    values: endsIn(span, admitted.call.now).map((end) => ({
      value: valueAt(admitted, name, { since: pacificMidnight(end, -days), until: end }),
      end_time: end.toISOString().replace('.000Z', '+0000'),
    })),
    title: `Daily ${title}`,
    description: `The ${title} of the Page.`,
    id: `${admitted.page.platformAccountId}/insights/${name}/${period}`,
  }
}

function valueAt({ call, page, simulation }: Admitted, name: string, span: Span): JsonValue {
  const metric = livingMetrics(CATALOGUED, call.now).find(({ wire }) => wire === name)
  const native = metric?.name ?? name
  const grown = native in page.numbers ? undefined : dayNumber(page, native, span)
  if (grown !== undefined) return grown
  // A number that stands still has to come to the same sum on every day: it all happened today.
  const isNewest = span.until.getTime() === pacificMidnight(call.now).getTime()
  const numbers = accountNumbersFor(call, page, simulation)
  const value = isNewest ? (numbers[native] ?? 0) : 0
  return name === REACTIONS ? { ...(value > 0 ? { like: value } : {}) } : value
}

/** The ends of the complete days in a span; a value belongs to the day that ended. */
function endsIn({ since, until }: Span, now: Date): Date[] {
  const last = Math.min(until.getTime(), pacificMidnight(now).getTime())
  const ends: Date[] = []
  for (let end = pacificMidnight(since, 1); end.getTime() <= last; end = pacificMidnight(end, 1)) {
    ends.push(end)
  }
  return ends
}

function spanOf(call: Call): Span {
  const until = timeOf(call, 'until') ?? pacificMidnight(call.now)
  const since = timeOf(call, 'since') ?? pacificMidnight(until, -2)
  if (until < since) throw invalidParameter(call, 'since is after until')
  // The hour that a day may be longer when clocks go back is no further day.
  if (until.getTime() - since.getTime() > DAYS_MAX * DAY_MS + 3_600_000) {
    throw invalidParameter(
      call,
      `There cannot be more than ${DAYS_MAX} days between since and until`,
    )
  }
  if (call.now.getTime() - since.getTime() > HISTORY_DAYS_MAX * DAY_MS) {
    throw invalidParameter(call, 'Insights are only available for the last 2 years')
  }
  return { since, until }
}

/** Unix seconds, or a day, which begins at midnight in California. */
function timeOf(call: Call, name: string): Date | null {
  const given = call.query.get(name)
  if (given === null) return null
  if (/^\d{9,11}$/.test(given)) return new Date(Number(given) * 1000)
  const noon = new Date(`${given}T20:00:00Z`)
  if (/^\d{4}-\d\d-\d\d$/.test(given) && !Number.isNaN(noon.getTime())) return pacificMidnight(noon)
  throw invalidParameter(call, `${name} must be a date or a Unix timestamp`)
}

// Not further rows, but the windows before and after: whoever follows them walks through time.
function neighbours(call: Call, { since, until }: Span): JsonObject {
  const length = until.getTime() - since.getTime()
  const link = (from: number) => {
    const query = new URLSearchParams(call.query)
    query.set('since', `${Math.floor(from / 1000)}`)
    query.set('until', `${Math.floor((from + length) / 1000)}`)
    return `${call.baseUrl}${call.path}?${query}`
  }
  return { previous: link(since.getTime() - length), next: link(until.getTime()) }
}
