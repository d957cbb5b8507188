import { isScopeGranted } from '../../domain/catalog/catalog.ts'
import type { ConnectedAccount, Failure } from '../../domain/connector.ts'
import type { MetricDefinition, MissingReason } from '../../domain/metric.ts'

/** Why metrics of something that exists have no number when the call for them failed. */
export function reasonOf(failure: Failure): MissingReason {
  switch (failure.kind) {
    case 'missing_scope':
    // So the platform sometimes answers for what an account may not see.
    case 'gone':
      return 'missing_scope'
    case 'unsupported':
      return 'not_supported'
    default:
      return 'fetch_failed'
  }
}

/** The sentence about why metrics could not be read. It names their scopes where those are missing. */
export function causeOf(failure: Failure, metrics: readonly MetricDefinition[]): string {
  if (reasonOf(failure) !== 'missing_scope') return failure.message
  const scopes = new Set(metrics.flatMap((metric) => metric.requiredScopes))
  return `They take ${[...scopes].join(' and ')}. ${failure.message}`
}

/** The scopes of some metrics that the account did not grant. */
export function ungranted(
  { account }: ConnectedAccount,
  metrics: readonly MetricDefinition[],
): string[] {
  const scopes = new Set(metrics.flatMap((metric) => metric.requiredScopes))
  return [...scopes].filter((scope) => !isScopeGranted(account.platform, scope, account.scopes))
}
