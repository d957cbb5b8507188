import type { JsonObject } from '../../domain/json.ts'
import type { SimulatedAccount } from '../account.ts'
import { type Answer, jsonAnswer } from '../answer.ts'
import { livingMetrics, type MetricGroup, wireNames, wireNumbers } from '../catalogue.ts'
import { invalidParameter } from '../graph/errors.ts'
import { faultTarget } from '../simulation.ts'
import { notPermitted } from './errors.ts'
import { checkMetrics } from './metrics.ts'
import { type Window, windowOf } from './request-window.ts'
import { type Admitted, isGranted } from './route.ts'
import { windowNumbers } from './window.ts'

const DAY_MS = 86_400_000

/** Metrics of a day or longer that can be broken down, and by what. */
const BREAKDOWNS: Record<string, string[]> = {
  reach: ['media_product_type', 'follow_type'],
  views: ['media_product_type', 'follow_type'],
  likes: ['media_product_type'],
  comments: ['media_product_type'],
  shares: ['media_product_type'],
  saves: ['media_product_type'],
  total_interactions: ['media_product_type'],
  profile_links_taps: ['contact_button_type'],
  follows_and_unfollows: ['follow_type'],
}

const DIMENSIONS: Record<string, string[]> = {
  media_product_type: ['FEED', 'REELS'],
  follow_type: ['FOLLOWER', 'NON_FOLLOWER'],
  contact_button_type: ['CALL', 'EMAIL'],
}

const CATALOGUED: MetricGroup = {
  platform: 'instagram',
  subjects: ['account'],
  sources: ['insights', 'insights_undocumented'],
}

/** Metrics that the catalogue does not have, told as a total. */
const OTHER_TOTALS = [
  ...['reposts', 'follows_and_unfollows'],
  ...['follower_demographics', 'engaged_audience_demographics'],
]
/** Metrics that come day by day. Of them, only `reach` also comes as a total. */
const SERIES = ['reach', 'follower_count', 'online_followers']

/** Metrics that small accounts do not have. */
const LARGE_ONLY = [
  ...['follower_count', 'online_followers', 'follows_and_unfollows'],
  ...['follower_demographics', 'engaged_audience_demographics'],
]
const LARGE = 100

/** What the account's content did in a window of time. */
export function accountInsights(admitted: Admitted, account: SimulatedAccount): Answer {
  const { call, scopes, simulation } = admitted
  if (!isGranted(scopes, 'insights')) throw notPermitted(call)
  const known = [...SERIES, ...totalsAt(call.now), 'content_views']
  const metrics = checkMetrics(admitted, known)
  checkShape(admitted, metrics)
  const window = windowOf(call)
  const numbers = simulation.world.accountNumbers(account, call.now)
  const isSmall = (numbers['follower_count'] ?? 0) < LARGE
  const target = faultTarget(call, [account.platformAccountId])
  const absent = simulation.faults.takeAll('absent_metric', target).map(({ metric }) => metric)
  const data = metrics
    .filter((metric) => !absent.includes(metric) && !(isSmall && LARGE_ONLY.includes(metric)))
    .map((metric) => insight(admitted, account, metric, window))
  return jsonAnswer(200, { data, paging: neighbours(admitted, window) })
}

function totalsAt(now: Date): string[] {
  const catalogued = wireNames(livingMetrics(CATALOGUED, now))
  return [...catalogued.filter((name) => !SERIES.includes(name)), ...OTHER_TOTALS]
}

function checkShape({ call }: Admitted, metrics: readonly string[]): void {
  const isTotal = call.query.get('metric_type') === 'total_value'
  const totals = totalsAt(call.now)
  const untold = isTotal ? [] : metrics.filter((metric) => totals.includes(metric))
  if (untold.length > 0) {
    throw invalidParameter(
      call,
      `The following metrics (${untold.join(',')}) should be specified with parameter metric_type=total_value`,
    )
  }
  const series = isTotal ? metrics.filter((metric) => SERIES.includes(metric)) : []
  const wrong = series.find((metric) => metric !== 'reach')
  if (wrong !== undefined) {
    throw invalidParameter(call, `The metric ${wrong} does not support metric_type=total_value`)
  }
  if (call.query.get('period') !== 'day') {
    throw invalidParameter(call, 'Incompatible metrics with the period: day is expected')
  }
  const breakdown = call.query.get('breakdown')
  if (breakdown === null) return
  const refusing = metrics.find((metric) => !BREAKDOWNS[metric]?.includes(breakdown))
  if (refusing === undefined && isTotal) return
  throw invalidParameter(call, `breakdown ${breakdown} is not supported for ${refusing ?? 'this'}`)
}

function insight(
  { call, simulation }: Admitted,
  account: SimulatedAccount,
  name: string,
  window: Window,
): JsonObject {
  const about = {
    name,
    period: 'day',
    title: name.replaceAll('_', ' '),
    description: `The ${name.replaceAll('_', ' ')} of the account.`,
    id: `${account.platformAccountId}/insights/${name}/day`,
  }
  if (call.query.get('metric_type') !== 'total_value') {
    return { ...about, values: daysOf(account, name, window) }
  }
  const numbers = wireNumbers(
    simulation.world.accountNumbers(account, call.now),
    livingMetrics(CATALOGUED, call.now),
  )
  // What the world does not tell by windows is the same in each.
  const value = account.numbers[name] ?? countOf(account, name, window) ?? numbers[name]
  // Without a breakdown follows and unfollows have no total of their own.
  const breakdown = call.query.get('breakdown')
  if (value === undefined || account.withheld.includes(name)) return { ...about, total_value: {} }
  if (breakdown === null) return { ...about, total_value: { value } }
  return { ...about, total_value: { value, breakdowns: [brokenDown(breakdown, value)] } }
}

function countOf(account: SimulatedAccount, name: string, { since, until }: Window) {
  const days = (until.getTime() - since.getTime()) / DAY_MS
  if (name === 'follower_count') return Math.floor(account.followersPerDay * days)
  return windowNumbers(account, since, until)[name]
}

function brokenDown(breakdown: string, value: number): JsonObject {
  const [first = '', second = ''] = DIMENSIONS[breakdown] ?? []
  const share = Math.floor(value * 0.36)
  return {
    dimension_keys: [breakdown],
    results: [
      { dimension_values: [first], value: share },
      { dimension_values: [second], value: value - share },
    ],
  }
}

function daysOf(account: SimulatedAccount, name: string, { since, until }: Window) {
  const count = Math.max(1, Math.ceil((until.getTime() - since.getTime()) / DAY_MS))
  return Array.from({ length: count }, (_, day) => {
    const from = new Date(since.getTime() + day * DAY_MS)
    const to = new Date(Math.min(from.getTime() + DAY_MS, until.getTime()))
    const value = countOf(account, name, { since: from, until: to }) ?? 0
    return { value, end_time: to.toISOString().replace('.000Z', '+0000') }
  })
}

// Not further rows, but the windows before and after: whoever follows them walks through time.
function neighbours({ call }: Admitted, { since, until }: Window): JsonObject {
  const length = until.getTime() - since.getTime()
  const link = (from: number) => {
    const query = new URLSearchParams(call.query)
    query.delete('access_token')
    query.set('since', `${Math.floor(from / 1000)}`)
    query.set('until', `${Math.floor((from + length) / 1000)}`)
    return `${call.baseUrl}${call.path}?${query}`
  }
  return { previous: link(since.getTime() - length), next: link(until.getTime()) }
}
