import { ConnectorError, type Failure } from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { MetricDefinition, MissingReason } from '../../domain/metric.ts'
import { isPassing } from '../failures.ts'
import { type Numbers, notShown } from '../numbers.ts'
import { causeOf, reasonOf } from './reasons.ts'

/** One of the requests that make up an account's reading. */
export interface Part {
  numbers: Numbers
  payload: JsonObject
  isAnswered: boolean
  failure: Failure | null
}

/**
 * Throws what stands for the whole account: a token or a limit that any of the requests met, or
 * that none of them was answered.
 */
export function throwIfWhole(parts: readonly Part[], { aborted }: AbortSignal): void {
  const failures = parts.flatMap(({ failure }) => failure ?? [])
  const worst = failures.find(({ kind }) => kind === 'unauthorized' || kind === 'rate_limited')
  if (worst !== undefined) throw new ConnectorError(worst)
  const [first] = failures
  const isLost = aborted || !parts.some((part) => part.isAnswered)
  if (first !== undefined && isLost) throw new ConnectorError(first)
}

/** Why a part could not be read that is worth another try, as a reading tells it; empty without one. */
export function unreadIn(parts: readonly Pick<Part, 'failure'>[]): { unread?: Failure } {
  const [unread] = parts.flatMap(({ failure }) => (isPassing(failure) ? failure : []))
  return unread === undefined ? {} : { unread }
}

/** What a request that failed leaves: why its metrics have no number. */
export function failedPart(metrics: readonly MetricDefinition[], failure: Failure): Part {
  return { ...emptyPart(metrics, reasonOf(failure), causeOf(failure, metrics)), failure }
}

/** What a request that was not made leaves, because a scope was not granted. */
export function lackingPart(metrics: readonly MetricDefinition[], scope: string): Part {
  return emptyPart(metrics, 'missing_scope', `${scope} was not granted.`)
}

function emptyPart(
  metrics: readonly MetricDefinition[],
  reason: MissingReason,
  cause: string,
): Part {
  const names = metrics.map(({ name }) => name)
  const missing = Object.fromEntries(names.map((name) => [name, reason]))
  const numbers = { native: {}, missing, warnings: warningsOf(metrics, cause) }
  return { numbers, payload: {}, isAnswered: false, failure: null }
}

function warningsOf(metrics: readonly MetricDefinition[], cause: string): string[] {
  const names = metrics.map(({ name }) => name)
  return metrics.slice(0, 1).map(({ platform }) => notShown(platform, names, cause))
}
