import { requestedMetrics } from '../../domain/catalog/catalog.ts'
import type { AccountReading } from '../../domain/connector.ts'
import type { MetricDefinition } from '../../domain/metric.ts'
import { requireNumericId } from '../batches.ts'
import { failureIn } from '../failures.ts'
import { nodeIn } from '../graph/graph.ts'
import { failedPart, lackingPart, type Part, throwIfWhole, unreadIn } from '../graph/parts.ts'
import { ungranted } from '../graph/reasons.ts'
import { anyObjectsAt, wordsOf } from '../json.ts'
import { dayOf, mergeNumbers, pickNumbers } from '../numbers.ts'
import { isOldToken, LABEL } from './errors.ts'
import { askInsights, type Session } from './insights.ts'
import { loginOf } from './login.ts'
import { insightsWindow } from './window.ts'

const PROFILE_FIELDS = ['id', 'username', 'name', 'profile_picture_url']

/**
 * An account's numbers and profile: its node (scope `instagram_business_basic`), and two calls for
 * insights over the last 30 complete Pacific days (scope `instagram_business_manage_insights`), the
 * second for those that are no longer documented. What fails in one does not take the others.
 */
export async function readInstagramAccount(session: Session): Promise<AccountReading> {
  const { platformAccountId } = session.account.account
  requireNumericId(LABEL, platformAccountId)
  const parts = await Promise.all([
    profilePart(session),
    insightsPart(session, 'insights'),
    insightsPart(session, 'insights_undocumented'),
  ])
  throwIfWhole(parts, session.context.signal)
  const profile = parts[0].payload
  const items = parts.slice(1).flatMap(({ payload }) => anyObjectsAt(payload, 'data'))
  return {
    ...mergeNumbers(...parts.map((part) => part.numbers)),
    ...unreadIn(parts),
    payload: { ...profile, insights: { data: items } },
    profile: {
      handle: wordsOf(profile['username']),
      displayName: wordsOf(profile['name']),
      avatarUrl: wordsOf(profile['profile_picture_url']),
    },
  }
}

function accountMetrics(session: Session, source: string): MetricDefinition[] {
  return requestedMetrics('instagram', 'account', source, dayOf(session.context.now))
}

async function profilePart(session: Session): Promise<Part> {
  const { graph, account } = session
  const metrics = accountMetrics(session, 'profile')
  const fields = [...PROFILE_FIELDS, ...metrics.map((metric) => metric.wire)].join(',')
  const query = { path: account.account.platformAccountId, params: { fields } }
  try {
    const node = await graph.ask(query, nodeIn)
    const numbers = pickNumbers({ metrics, valueOf: (metric) => node[metric.wire] })
    return { numbers, payload: node, isAnswered: true, failure: null }
  } catch (error) {
    const failure = failureIn(error)
    return failedPart(metrics, isOldToken(error) ? { ...failure, kind: 'unauthorized' } : failure)
  }
}

async function insightsPart(session: Session, source: string): Promise<Part> {
  const metrics = accountMetrics(session, source)
  const [scope] = ungranted(session.account, metrics)
  if (scope !== undefined) return lackingPart(metrics, scope)
  const id = session.account.account.platformAccountId
  const { since, until } = insightsWindow(session.context.now)
  try {
    const insights = await askInsights(session, {
      path: `${id}/insights`,
      params: {
        period: 'day',
        metric_type: 'total_value',
        since: String(since),
        until: String(until),
      },
      names: metrics.map((metric) => metric.wire),
      family: `account ${loginOf(session.account)}`,
      subject: `account ${id}`,
    })
    const numbers = pickNumbers({
      metrics,
      valueOf: (metric) => insights.values.get(metric.wire),
      reasonOf: (metric) => insights.reasons.get(metric.wire) ?? null,
    })
    return { numbers, payload: { data: insights.items }, isAnswered: true, failure: null }
  } catch (error) {
    return failedPart(metrics, failureIn(error))
  }
}
