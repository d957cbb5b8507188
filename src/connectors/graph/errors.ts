import type { BudgetScope } from '../../domain/budget.ts'
import {
  type CallContext,
  type ConnectedAccount,
  ConnectorError,
  type Failure,
  type FailureKind,
} from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { failureIn, failureOf, failureOfStatus, retryAfter, secondsAfter } from '../failures.ts'
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
 * be over soon, though it is called transient: a call while it lasts makes it longer. Neither will
 * the same page be less. Null where only the status can tell.
 */
export function isGraphTrouble(dialect: Dialect, answer: Answer): boolean | null {
  const refusal = refusalIn(answer)
  if (refusal === null) return null
  return !isAboutSize(refusal) && meaningOf(dialect, refusal) === 'unavailable'
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
export function isTooMuchData(error: unknown): error is GraphError {
  return error instanceof GraphError && isAboutSize(error)
}

/**
 * Whether a failure is about the token, the limits or the host. Of others, such as the platform's own
 * word that it cannot answer a call, single things in that call may be the cause.
 */
export function isBeyondCall(error: unknown): boolean {
  const { kind } = failureIn(error)
  if (kind === 'unavailable') return !(error instanceof GraphError)
  return kind === 'unauthorized' || kind === 'rate_limited'
}

/** Whose calls a refusal limits, by its code; null: it is for no limit of calls. */
export function limitedScope(code: number): BudgetScope | null {
  if (APPLICATION_LIMITS.includes(code)) return 'application'
  const isAccounts = ACCOUNT_LIMITS.includes(code) || (code >= 80_000 && code < 80_100)
  return isAccounts ? 'account' : null
}

const MESSAGE_LENGTH_MAX = 300

const APPLICATION_LIMITS = [4, 341]
/** A person's, a Page's, and a custom one; businesses' have codes of their own kind of use. */
const ACCOUNT_LIMITS = [17, 32, 613]
const POLICY_BLOCK = 368
const TOKENS = [102, 190]

function refusalIn(answer: Answer): Refusal | null {
  const error = valueAt(answer.json, 'error')
  const code = isObject(error) ? numberOf(error['code']) : null
  if (!isObject(error) || code === null) return null
  const subcode = numberOf(error['error_subcode'])
  const said = wordsOf(error['message']) ?? 'It gave no reason.'
  return { code, subcode, said, error, status: answer.status }
}

function isAboutSize({ code, said }: Pick<Refusal, 'code' | 'said'>): boolean {
  return code === 1 && /reduce the amount/i.test(said)
}

function meaningOf(dialect: Dialect, refusal: Refusal): FailureKind {
  return dialect.kindOf(refusal) ?? kindOf(refusal)
}

/** An application that is blocked or gone gets the codes of bad tokens and of permissions. */
const SHUT_OUT =
  /\bAPI access (?:blocked|deactivated)|\bnon-active apps\b|\berror validating application\b/i

// Never by type: throttling comes as `OAuthException` as well.
function kindOf({ code, subcode, said, error, status }: Refusal): FailureKind {
  if (SHUT_OUT.test(said)) return 'misconfigured'
  if (TOKENS.includes(code)) return 'unauthorized'
  if (limitedScope(code) !== null || code === POLICY_BLOCK) return 'rate_limited'
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
  // Nothing tells when the application's own limit ends: it is counted by the rolling hour.
  const isAccounts = limitedScope(code) !== 'application'
  const minutes = isAccounts ? minutesToWait(answer, account.account.platformAccountId) : 0
  if (minutes > 0) return secondsAfter(context.now, minutes * 60)
  // The other limits are counted by the rolling hour, too; a block for policy lasts longer.
  const seconds = code === POLICY_BLOCK ? POLICY_BLOCK_SECONDS : HOUR_SECONDS
  return retryAfter(answer, context.now) ?? secondsAfter(context.now, seconds)
}

function minutesToWait(answer: Answer, id: string): number {
  const minutes = usageOf(answer, id).map(
    (entry) => numberOf(valueAt(entry, 'estimated_time_to_regain_access')) ?? 0,
  )
  return Math.max(0, ...minutes)
}

/** What reading a Page or an Instagram account counts as; other uses have limits of their own. */
const OWN_USES = ['pages', 'instagram']

/**
 * What an answer says of the use of an account's own limits; empty when it says nothing. It tells of
 * up to 32 accounts and businesses, each below its own id, and the others' limits are not ours.
 */
export function usageOf({ headers }: Answer, platformAccountId: string): JsonValue[] {
  const usage = parseJson(headers['x-business-use-case-usage'] ?? '')
  const own = isObject(usage) && Object.hasOwn(usage, platformAccountId) && usage[platformAccountId]
  return Array.isArray(own) ? own.filter(isOwnUse) : []
}

function isOwnUse(entry: JsonValue): boolean {
  const type = wordsOf(valueAt(entry, 'type'))
  return type === null || OWN_USES.includes(type)
}
