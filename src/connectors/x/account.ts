import { requestedMetrics } from '../../domain/catalog/catalog.ts'
import {
  type AccountReading,
  type CallContext,
  type ConnectedAccount,
  ConnectorError,
} from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MetricDefinition } from '../../domain/metric.ts'
import { requireNumericId } from '../batches.ts'
import { unanswered } from '../failures.ts'
import { isObject, valueAt, wordsOf } from '../json.ts'
import { grantKey, type Memory, refusedUntil } from '../memory.ts'
import { dayOf, notShown, pickNumbers } from '../numbers.ts'
import { isFieldProblem, LABEL, problemsIn } from './errors.ts'
import { userParams } from './fields.ts'
import type { XApi } from './request.ts'

/**
 * An account's numbers and profile: `GET /2/users/{id}`, scope `users.read`. Counters are totals.
 * A field that X refuses makes the user disappear, so it is left out of a second call.
 */
export async function readXAccount(
  deps: { api: XApi; memory: Memory },
  account: ConnectedAccount,
  context: CallContext,
): Promise<AccountReading> {
  requireNumericId(LABEL, account.account.platformAccountId)
  const refused = refusedFields(deps.memory, account, context)
  const first = await askForUser(deps.api, account, context, { refused, isLast: false })
  if (!Array.isArray(first)) return toXAccount(first, context.now, refused)
  for (const field of first) {
    deps.memory.remember(memoryKey(account, field), refusedUntil(context.now))
  }
  const all = [...refused, ...first]
  const second = await askForUser(deps.api, account, context, { refused: all, isLast: true })
  return toXAccount(Array.isArray(second) ? {} : second, context.now, all)
}

/** A user object as an account's reading. `refused` are the fields that X would not hand over. */
export function toXAccount(
  user: JsonObject,
  now: Date,
  refused: readonly string[] = [],
): AccountReading {
  const metrics = accountMetrics(now)
  const numbers = pickNumbers({
    metrics,
    valueOf: (metric) => accountValue(user, metric),
  })
  const lost = metrics.filter((metric) => refused.includes(metric.wire)).map(({ name }) => name)
  return {
    ...numbers,
    warnings: [
      ...(lost.length > 0 ? [notShown('x', lost, 'this account may not see it.')] : []),
      ...numbers.warnings,
    ],
    payload: { data: user },
    profile: {
      handle: wordsOf(user['username']),
      displayName: wordsOf(user['name']),
      avatarUrl: wordsOf(user['profile_image_url']),
    },
  }
}

/** The fields that X lately refused to hand over for an account. */
export function refusedFields(
  memory: Memory,
  account: ConnectedAccount,
  context: CallContext,
): string[] {
  return accountMetrics(context.now)
    .map((metric) => metric.wire)
    .filter((field) => memory.knows(memoryKey(account, field), context.now))
}

const NEWER_NAMES = new Map([['tweet_count', 'post_count']])

function accountMetrics(now: Date): MetricDefinition[] {
  return ['user.public_metrics', 'user'].flatMap((source) =>
    requestedMetrics('x', 'account', source, dayOf(now)),
  )
}

function accountValue(user: JsonObject, metric: MetricDefinition): JsonValue | undefined {
  if (metric.source === 'user') return user[metric.wire]
  const newer = NEWER_NAMES.get(metric.wire)
  const counters = user['public_metrics']
  return (
    valueAt(counters, metric.wire) ?? (newer === undefined ? undefined : valueAt(counters, newer))
  )
}

/** The user, or the fields for which X withheld it, unless this was the last way to ask. */
function askForUser(
  api: XApi,
  account: ConnectedAccount,
  context: CallContext,
  asked: { refused: readonly string[]; isLast: boolean },
): Promise<JsonObject | string[]> {
  const path = `/2/users/${account.account.platformAccountId}`
  const params = () => userParams(dayOf(context.now), asked.refused)
  return api.get({ path, params }, account, context, (body) => {
    const user = valueAt(body, 'data')
    // An object without its id is what X leaves of one with a refused field.
    if (isObject(user) && wordsOf(user['id']) !== null) return user
    const problems = problemsIn(body)
    const fields = problems.filter(isFieldProblem).flatMap(({ field }) => field ?? [])
    if (fields.length > 0 && !asked.isLast) return fields
    const nothing = unanswered('malformed', 'The answer has no account at data.')
    throw new ConnectorError(problems[0]?.failure ?? nothing)
  })
}

function memoryKey(account: ConnectedAccount, field: string): string {
  return `${grantKey(account)} ${field}`
}
