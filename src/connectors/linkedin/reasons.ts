import type { Failure } from '../../domain/connector.ts'
import type { MissingReason } from '../../domain/metric.ts'

/** Why metrics of something that exists have no number when the call for them failed. */
export function reasonOf(failure: Failure): MissingReason {
  switch (failure.kind) {
    case 'missing_scope':
      return 'missing_scope'
    case 'gone':
      return 'not_reported'
    default:
      return 'fetch_failed'
  }
}
