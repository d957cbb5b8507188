import { isScopeGranted, requestedMetrics } from '../../domain/catalog/catalog.ts'
import type { AccountReading, CallContext, ConnectedAccount } from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { MetricDefinition } from '../../domain/metric.ts'
import { failureIn } from '../failures.ts'
import { objectAt, wordsOf } from '../json.ts'
import { grantKey, type Memory, refusedUntil } from '../memory.ts'
import { dayOf, notShown, pickNumbers } from '../numbers.ts'
import type { TiktokApi } from './request.ts'

/** What a user is called, and the scope that shows it. */
const PROFILE = [
  { field: 'open_id', scope: 'user.info.basic' },
  { field: 'display_name', scope: 'user.info.basic' },
  { field: 'avatar_url', scope: 'user.info.basic' },
  { field: 'username', scope: 'user.info.profile' },
]

interface Field {
  field: string
  scope: string
}

/**
 * An account's numbers and profile: `GET /v2/user/info/`. Counters are totals. One field without
 * its scope fails the whole call, so only fields of granted scopes are asked for, and scope by scope
 * once TikTok has refused one although nobody knew.
 */
export async function readTiktokAccount(
  deps: { api: TiktokApi; memory: Memory },
  account: ConnectedAccount,
  context: CallContext,
): Promise<AccountReading> {
  const { scopes } = account.account
  const grant = grantKey(account)
  const isGranted = ({ scope }: Field) =>
    isScopeGranted('tiktok', scope, scopes) && !deps.memory.knows(`${grant} ${scope}`, context.now)
  const fields = [...PROFILE, ...metricFields(context.now)].filter(isGranted)
  const user = await askForUser(deps.api, account, context, fields).catch((error: unknown) => {
    if (failureIn(error).kind !== 'missing_scope') throw error
    return askByScope(deps, account, context, fields)
  })
  return toAccount(deps.api, user, context.now, isGranted)
}

function accountMetrics(now: Date): MetricDefinition[] {
  return requestedMetrics('tiktok', 'account', 'user/info', dayOf(now))
}

function metricFields(now: Date): Field[] {
  return accountMetrics(now).map(({ wire, requiredScopes: [scope] }) => ({
    field: wire,
    scope: scope ?? '',
  }))
}

async function askForUser(
  api: TiktokApi,
  account: ConnectedAccount,
  context: CallContext,
  fields: readonly Field[],
): Promise<JsonObject> {
  if (fields.length === 0) return {}
  const names = fields.map(({ field }) => field)
  const metrics = accountMetrics(context.now).map((metric) => metric.wire)
  const query = { path: '/v2/user/info/', fields: names, metrics } as const
  return api.ask(query, account, context, (data) => objectAt(data, 'user'))
}

async function askByScope(
  { api, memory }: { api: TiktokApi; memory: Memory },
  account: ConnectedAccount,
  context: CallContext,
  fields: readonly Field[],
): Promise<JsonObject> {
  const users: JsonObject[] = []
  for (const [scope, own] of Map.groupBy(fields, (field) => field.scope)) {
    try {
      users.push(await askForUser(api, account, context, own))
    } catch (error) {
      if (failureIn(error).kind !== 'missing_scope') throw error
      memory.remember(`${grantKey(account)} ${scope}`, refusedUntil(context.now))
    }
  }
  return Object.assign({}, ...users)
}

function toAccount(
  api: TiktokApi,
  user: JsonObject,
  now: Date,
  isGranted: (field: Field) => boolean,
): AccountReading {
  // What a user is called is no metric: an account whose owner hides it lacks nothing.
  const lost = metricFields(now).filter((field) => !isGranted(field))
  const isLost = (wire: string) => lost.some(({ field }) => field === wire)
  const numbers = pickNumbers({
    metrics: accountMetrics(now),
    valueOf: (metric) => user[metric.wire],
    reasonOf: ({ wire }) =>
      isLost(wire) ? 'missing_scope' : api.isRefused(wire, now) ? 'not_supported' : null,
  })
  const withheld = [...Map.groupBy(lost, ({ scope }) => scope)].map(([scope, fields]) =>
    notShown(
      'tiktok',
      fields.map(({ field }) => field),
      `${scope} was not granted.`,
    ),
  )
  return {
    ...numbers,
    warnings: [...withheld, ...numbers.warnings],
    payload: { user },
    profile: {
      handle: wordsOf(user['username']),
      displayName: wordsOf(user['display_name']),
      avatarUrl: wordsOf(user['avatar_url']),
    },
  }
}
