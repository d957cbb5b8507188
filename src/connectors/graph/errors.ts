import {
  type CallContext,
  type ConnectedAccount,
  ConnectorError,
  type Failure,
  type FailureKind,
} from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { failureOf, failureOfStatus, retryAfter, secondsAfter } from '../failures.ts'
import type { Answer } from '../http.ts'
import { isObject, numberOf, valueAt, wordsOf } from '../json.ts'
import { parseJson } from '../json-text.ts'

/** What the Graph API refuses a call with. */
export interface Refusal {
  code: number
  subcode: number | null
  said: string
  error: JsonObject
  status: number
}

/** How a platform behind the Graph API is called, and which refusals mean something else there. */
export interface Dialect {
  /** The platform's name in messages. */
  readonly label: string
  /** What a refusal means on this platform alone; null where it means what it does on all. */
  kindOf(refusal: Refusal): FailureKind | null
}

/** Who asks, and under which limits. */
export interface GraphCaller {
  account: ConnectedAccount
  context: CallContext
}

/** A refusal in the Graph API's own envelope, with the codes that decide what it means. */
export class GraphError extends ConnectorError {
  readonly code: number
  readonly subcode: number | null
  /** What the platform said, which names refused metrics. */
  readonly said: string

  constructor(failure: Failure, codes: { code: number; subcode: number | null; said: string }) {
    super(failure)
    this.code = codes.code
    this.subcode = codes.subcode
    this.said = codes.said
  }
}

/** What a call's answer stands for when it failed; null when it has to be read. */
export function graphFailure(
  dialect: Dialect,
  answer: Answer,
  caller: GraphCaller,
): ConnectorError | null {
  const { label } = dialect
  const { now } = caller.context
  const refusal = refusalIn(answer)
  if (refusal === null) {
    const failure = failureOfStatus(label, answer, now)
    return failure && new ConnectorError(failure)
  }
  const { code, subcode, said } = refusal
  const kind = meaningOf(dialect, refusal)
  const retryAt = kind === 'rate_limited' ? retryTime(answer, code, caller) : null
  const named = subcode === null ? code : `${code}/${subcode}`
  const message = `${label} answered with status ${answer.status} (${named}): ${said.slice(0, MESSAGE_LENGTH_MAX)}`
  return new GraphError(failureOf(answer, kind, message, retryAt), { code, subcode, said })
}

/**
 * Whether the platform will soon answer the same call, whatever the status says. A limit will not
 * be over soon, though it is called transient: a call while it lasts makes it longer. Null where
 * only the status can tell.
 */
export function isGraphTrouble(dialect: Dialect, answer: Answer): boolean | null {
  const refusal = refusalIn(answer)
  return refusal && meaningOf(dialect, refusal) === 'unavailable'
}

/** Whether the whole call was refused because of metrics that it asked for. */
export function isMetricRefusal(error: unknown): error is GraphError {
  return (
    error instanceof GraphError &&
    error.code === 100 &&
    error.subcode === null &&
    /\bmetric/i.test(error.said) &&
    !/metric_type/i.test(error.said)
  )
}

/** Whether the answer was too much for the platform, so that a smaller page may succeed. */
export function isTooMuchData(error: unknown): boolean {
  return error instanceof GraphError && error.code === 1 && /reduce the amount/i.test(error.said)
}

const MESSAGE_LENGTH_MAX = 300

const LIMITS = [4, 17, 32, 341, 368, 613]
const TOKENS = [102, 190]

function refusalIn(answer: Answer): Refusal | null {
  const error = valueAt(answer.json, 'error')
  const code = isObject(error) ? numberOf(error['code']) : null
  if (!isObject(error) || code === null) return null
  const subcode = numberOf(error['error_subcode'])
  const said = wordsOf(error['message']) ?? 'It gave no reason.'
  return { code, subcode, said, error, status: answer.status }
}

function meaningOf(dialect: Dialect, refusal: Refusal): FailureKind {
  return dialect.kindOf(refusal) ?? kindOf(refusal)
}

// Never by type: throttling comes as `OAuthException` as well.
function kindOf({ code, subcode, error, status }: Refusal): FailureKind {
  if (TOKENS.includes(code)) return 'unauthorized'
  if (LIMITS.includes(code) || (code >= 80_000 && code < 80_100)) return 'rate_limited'
  if (code === 10 || (code >= 200 && code < 300)) return 'missing_scope'
  if (code === 803) return 'gone'
  if (code === 100) return subcode === 33 ? 'gone' : 'misconfigured'
  if (code === 1 || code === 2 || error['is_transient'] === true) return 'unavailable'
  return kindOfUnknown(status)
}

function kindOfUnknown(status: number): FailureKind {
  if (status === 429) return 'rate_limited'
  return status >= 500 ? 'unavailable' : 'misconfigured'
}

const HOUR_SECONDS = 3600
const POLICY_BLOCK_SECONDS = 6 * HOUR_SECONDS

function retryTime(answer: Answer, code: number, { account, context }: GraphCaller): Date | null {
  const usage = parseJson(answer.headers['x-business-use-case-usage'] ?? '')
  const minutes = minutesToWait(usage, account.account.platformAccountId)
  if (minutes > 0) return secondsAfter(context.now, minutes * 60)
  // The other limits are counted by the rolling hour; a block for policy lasts longer.
  const seconds = code === 368 ? POLICY_BLOCK_SECONDS : HOUR_SECONDS
  return retryAfter(answer, context.now) ?? secondsAfter(context.now, seconds)
}

// One answer tells the usage of up to 32 accounts and businesses, each below its own id.
function minutesToWait(usage: JsonValue | undefined, id: string): number {
  if (!isObject(usage)) return 0
  const lists = Object.hasOwn(usage, id) ? [usage[id]] : Object.values(usage)
  const entries = lists.flatMap((list) => (Array.isArray(list) ? list : []))
  const minutes = entries.map(
    (entry) => numberOf(valueAt(entry, 'estimated_time_to_regain_access')) ?? 0,
  )
  return Math.max(0, ...minutes)
}
