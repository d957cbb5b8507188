import { isScopeGranted } from '../../domain/catalog/catalog.ts'
import type { Failure } from '../../domain/connector.ts'
import type { MetricDefinition, MissingReason } from '../../domain/metric.ts'
import type { Session } from './insights.ts'

/** Why a metric has no number when the call for it failed. */
export function reasonOf(failure: Failure): MissingReason {
  if (failure.kind === 'missing_scope') return 'missing_scope'
  return failure.kind === 'unsupported' ? 'not_supported' : 'fetch_failed'
}

/** The scopes of some metrics that the account did not grant. */
export function ungranted(session: Session, metrics: readonly MetricDefinition[]): string[] {
  const scopes = new Set(metrics.flatMap((metric) => metric.requiredScopes))
  const { scopes: granted } = session.account.account
  return [...scopes].filter((scope) => !isScopeGranted('instagram', scope, granted))
}
