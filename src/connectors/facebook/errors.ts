import type { FailureKind } from '../../domain/connector.ts'
import { type Dialect, GraphError, isMetricRefusal, type Refusal } from '../graph/errors.ts'

/** The platform's name in messages. */
export const LABEL = 'Facebook'

/** What the Graph API says of Pages alone. */
export const FACEBOOK_DIALECT: Dialect = { label: LABEL, kindOf }

/** Whether a field may be why a whole call was refused: it is gone, or takes a permission. */
export function isFieldRefusal(error: unknown): error is GraphError {
  if (!(error instanceof GraphError)) return false
  const { code, failure } = error
  const { kind } = failure
  return kind === 'missing_scope' || (kind === 'misconfigured' && FIELD_CODES.includes(code))
}

/** Whether a metric may be why a whole call was refused: it is gone, or takes a permission. */
export function isNameRefusal(error: unknown): error is GraphError {
  const isHidden = error instanceof GraphError && error.failure.kind === 'missing_scope'
  return isHidden || isMetricRefusal(error)
}

/** No such field on such a node, and one that is gone. */
const FIELD_CODES = [100, 12]

/** A lacking capability, a field that is gone, a wrong proof, no token at all, no metric at all. */
const OURS = [3, 12, 104, 2500, 3001]

function kindOf({ code, said }: Refusal): FailureKind | null {
  // A person's token where the Page's own is needed: a new login would bring the same one.
  if ((code === 190 || code === 210) && /page access token/i.test(said)) return 'misconfigured'
  return OURS.includes(code) ? 'misconfigured' : null
}
