import { requestedMetrics } from '../../domain/catalog/catalog.ts'
import type { AccountReading } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MetricDefinition } from '../../domain/metric.ts'
import { requireNumericId } from '../batches.ts'
import { failureIn } from '../failures.ts'
import { failedPart, lackingPart, type Part, throwIfWhole, unreadIn } from '../graph/parts.ts'
import { ungranted } from '../graph/reasons.ts'
import { graphTime } from '../graph/time.ts'
import { completeDays, type Window } from '../graph/window.ts'
import { anyObjectsAt, textOf, valueAt, wordsOf } from '../json.ts'
import { dayOf, mergeNumbers, type Numbers, pickNumbers } from '../numbers.ts'
import { totalOf } from './breakdowns.ts'
import { LABEL } from './errors.ts'
import { askInsights, requestNames, valuesOf } from './insights.ts'
import { askPageNode } from './page-node.ts'
import { refusedNames } from './refusals.ts'
import type { Session } from './session.ts'

const WINDOW_DAYS = 28
const PERIOD = 'day'
const FAMILY = 'page'
const PAGE_FIELDS = ['name', 'username', 'link', 'picture{url}']

/**
 * A Page's numbers and profile: its node (scope `pages_read_engagement`), and one call for the
 * insights of the last 28 complete Pacific days (scope `read_insights`). What fails in one does not
 * take the other. The token must be the Page's own.
 */
export async function readFacebookPage(session: Session): Promise<AccountReading> {
  requireNumericId(LABEL, session.account.account.platformAccountId)
  const [node, insights] = await Promise.all([nodePart(session), insightsPart(session)])
  throwIfWhole([node, insights], session.context.signal)
  const page = node.payload
  return {
    ...mergeNumbers(node.numbers, insights.numbers),
    ...unreadIn([node, insights]),
    payload: { ...page, insights: { data: anyObjectsAt(insights.payload, 'data') } },
    profile: {
      handle: wordsOf(page['username']),
      displayName: wordsOf(page['name']),
      avatarUrl: wordsOf(valueAt(page, 'picture.data.url') ?? valueAt(page, 'picture.url')),
    },
  }
}

async function nodePart(session: Session): Promise<Part> {
  const metrics = requestedMetrics('facebook', 'account', 'page', dayOf(session.context.now))
  try {
    const wires = metrics.map((metric) => metric.wire)
    const { node, refused } = await askPageNode(session, [...PAGE_FIELDS, ...wires])
    const numbers = pickNumbers({
      metrics,
      valueOf: (metric) => node[metric.wire],
      reasonOf: ({ wire }) => refused.get(wire) ?? null,
    })
    return { numbers, payload: node, isAnswered: true, failure: null }
  } catch (error) {
    return failedPart(metrics, failureIn(error))
  }
}

async function insightsPart(session: Session): Promise<Part> {
  const { account, context } = session
  const metrics = requestedMetrics('facebook', 'account', 'page_insights', dayOf(context.now))
  const [scope] = ungranted(account, metrics)
  if (scope !== undefined) return lackingPart(metrics, scope)
  const window = completeDays(context.now, WINDOW_DAYS)
  const { since, until } = window
  try {
    const items = await askInsights(session, {
      path: `${account.account.platformAccountId}/insights`,
      params: { period: PERIOD, since: String(since), until: String(until) },
      names: requestNames(metrics),
      family: FAMILY,
    })
    const numbers = numbersIn(session, metrics, { items, window })
    return { numbers, payload: { data: items }, isAnswered: true, failure: null }
  } catch (error) {
    return failedPart(metrics, failureIn(error))
  }
}

function numbersIn(
  session: Session,
  metrics: readonly MetricDefinition[],
  { items, window }: { items: readonly JsonObject[]; window: Window },
): Numbers {
  // Longer spans hold the same days again.
  const daily = items.filter(({ period }) => (textOf(period) ?? PERIOD) === PERIOD)
  const byName = new Map(daily.map((item) => [textOf(item['name']), item]))
  const refused = refusedNames(session, FAMILY, requestNames(metrics))
  const numbers = pickNumbers({
    metrics,
    valueOf({ wire }) {
      const item = byName.get(wire)
      return item && sumOfDays(item, window)
    },
    reasonOf: ({ wire }) => refused.get(wire) ?? null,
  })
  const isEmpty = Object.keys(numbers.native).length === 0
  const isUnreported = Object.values(numbers.missing).includes('not_reported')
  if (!isEmpty || !isUnreported) return numbers
  // A success without any number: too small a Page, or a permission that was never really given.
  return {
    ...numbers,
    warnings: ['Facebook Page insight metrics unavailable.', ...numbers.warnings],
  }
}

/** A day's value carries the time at which the day ended. Undefined when no day has one. */
function sumOfDays(item: JsonObject, { since, until }: Window): JsonValue | undefined {
  const days = valuesOf(item)
    .filter((each) => {
      const end = (graphTime(each['end_time'])?.getTime() ?? until * 1000) / 1000
      return end > since && end <= until
    })
    .flatMap(({ value }) => (value === undefined || value === null ? [] : [totalOf(value)]))
  const unusable = days.find((day) => typeof day !== 'number')
  if (days.length === 0 || unusable !== undefined) return unusable
  return days.reduce<number>((sum, day) => sum + (typeof day === 'number' ? day : 0), 0)
}
