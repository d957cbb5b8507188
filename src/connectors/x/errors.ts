import type { Failure, FailureKind } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { failureOf, failureOfStatus, retryAfter, unanswered, validDate } from '../failures.ts'
import type { Answer } from '../http.ts'
import { anyObjectsAt, isObject, wordsOf } from '../json.ts'

/** The platform's name in messages. */
export const LABEL = 'X'

const WINDOW_MS = 15 * 60_000

// X does not say which scope it misses.
const SCOPES = 'Reading takes tweet.read and users.read.'

/** What a call's answer stands for when it failed as a whole; null when it has to be read. */
export function xFailure(answer: Answer, now: Date): Failure | null {
  if (answer.status >= 200 && answer.status < 300) return null
  const problem = isObject(answer.json) ? answer.json : {}
  const refusedUntil =
    xCapEnd(answer, now) ?? (answer.status === 429 ? windowEnd(answer, now) : null)
  if (refusedUntil !== null) {
    return failureOf(answer, 'rate_limited', messageOf(answer, problem), refusedUntil)
  }
  if (answer.status === 403) return forbidden(answer, problem, now)
  const kind = kindOfStatus(answer)
  if (kind === null) return failureOfStatus(LABEL, answer, now)
  return failureOf(answer, kind, messageOf(answer, problem))
}

/**
 * Until when X refuses all calls of the whole application, which has used up what it may ask in a
 * day or a month, or may spend. Null: the answer does not say so, or not until when.
 */
export function xCapEnd({ status, json }: Answer, now: Date): Date | null {
  if (!isObject(json)) return null
  // The window's header says nothing about a cap, which ends with the day or the month.
  if (status === 429 && isUsageCap(json)) return periodEnd(wordsOf(json['period']), now)
  if (status !== 403 || !isSpendCap(json)) return null
  const resetAt = validDate(Date.parse(wordsOf(json['reset_date']) ?? ''))
  return resetAt !== null && resetAt > now ? resetAt : null
}

function isUsageCap(problem: JsonObject): boolean {
  return typeOf(problem) === 'usage-capped' || problem['title'] === 'UsageCapExceeded'
}

function isSpendCap(problem: JsonObject): boolean {
  return problem['title'] === 'SpendCapReached'
}

function kindOfStatus(answer: Answer): FailureKind | null {
  switch (answer.status) {
    case 402:
      return 'misconfigured'
    case 404:
      if (answer.excerpt === '') return 'misconfigured'
      return isObject(answer.json) ? 'gone' : null
    case 400:
      return isObject(answer.json) ? 'misconfigured' : null
    case 401:
      return isObject(answer.json) ? 'unauthorized' : null
    default:
      return null
  }
}

function forbidden(answer: Answer, problem: JsonObject, now: Date): Failure | null {
  const message = messageOf(answer, problem)
  if (isSpendCap(problem)) return failureOf(answer, 'misconfigured', message)
  if (!isObject(answer.json)) return failureOfStatus(LABEL, answer, now)
  const kind = forbiddenKind(problem)
  return failureOf(answer, kind, kind === 'missing_scope' ? `${message} ${SCOPES}` : message)
}

function forbiddenKind(problem: JsonObject): FailureKind {
  const type = typeOf(problem)
  const said = sentence(problem)
  if (type.startsWith('not-authorized-for-') || type === 'field-unauthorized') {
    return 'missing_scope'
  }
  if (type !== 'about:blank' && type !== '') return 'misconfigured'
  const closed = CLOSED.exec(said)?.[0]
  if (closed !== undefined) return OURS.test(closed) ? 'misconfigured' : 'unauthorized'
  return NOT_PERMITTED.test(said) ? 'unsupported' : 'missing_scope'
}

/** The sentence that says that somebody is shut out, and who it is when that is not the account. */
const CLOSED = /[^.]*\b(?:locked|suspended)\b[^.]*/i
const OURS = /\b(?:app|application|client|developer|project)\b/i

const NOT_PERMITTED = /not permitted to access this feature/i

/** Whether an answer refuses a call for want of an access that not everything it asks for may take. */
export function refusesAccess({ status, json }: Answer): boolean {
  if (status !== 403 || !isObject(json)) return false
  return typeOf(json) === 'client-forbidden' || NOT_PERMITTED.test(wordsOf(json['detail']) ?? '')
}

function windowEnd(answer: Answer, now: Date): Date {
  const seconds = Number.parseInt(answer.headers['x-rate-limit-reset'] ?? '', 10)
  const named = validDate(seconds * 1000) ?? retryAfter(answer, now)
  const soonest = new Date(now.getTime() + 1000)
  if (named === null) return new Date(now.getTime() + WINDOW_MS)
  return named < soonest ? soonest : named
}

function periodEnd(period: string | null, now: Date): Date {
  if (period?.toLowerCase() === 'daily') return xDayEnd(now)
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
}

/** The end of the day as X counts it, in UTC. */
export function xDayEnd(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))
}

/** What is wrong with one object of an answer that succeeded as a whole. */
export interface XProblem {
  /** The object's id; null when the problem names none. */
  id: string | null
  /** The last segment of the problem's type: its host and its texts differ with their age. */
  type: string
  /** The field that was refused, such as `non_public_metrics.engagements`; null when none was. */
  field: string | null
  /** Whether the problem is one of an expanded object, with the main one being fine. */
  isIncluded: boolean
  /** The problem as a failure of that object. */
  failure: Failure
}

/** The problems that a successful answer reports about single objects. */
export function problemsIn(body: JsonValue): XProblem[] {
  return anyObjectsAt(body, 'errors').map((problem) => ({
    id: wordsOf(problem['resource_id']) ?? wordsOf(problem['value']),
    type: typeOf(problem),
    field: wordsOf(problem['field']),
    isIncluded: problem['section'] === 'includes',
    failure: unanswered(KINDS.get(typeOf(problem)) ?? 'unavailable', sentence(problem)),
  }))
}

/** Whether the problem hides a field rather than the object, which may yet vanish with it. */
export function isFieldProblem(problem: XProblem): boolean {
  return problem.type === 'not-authorized-for-field' || problem.type === 'field-unauthorized'
}

// Types that are not listed (a hole in the data, an internal error) pass by themselves.
const KINDS = new Map<string, FailureKind>([
  ['resource-not-found', 'gone'],
  ['not-authorized-for-resource', 'missing_scope'],
  ['not-authorized-for-field', 'missing_scope'],
  ['field-unauthorized', 'missing_scope'],
  ['disallowed-resource', 'unsupported'],
  ['invalid-request', 'misconfigured'],
])

function typeOf(problem: JsonObject): string {
  return (wordsOf(problem['type']) ?? '').split('/').at(-1) ?? ''
}

function messageOf(answer: Answer, problem: JsonObject): string {
  const said = sentence(problem)
  const type = typeOf(problem)
  const named = type === '' || type === 'about:blank' ? '' : ` (${type})`
  return `${LABEL} answered with status ${answer.status}${named}: ${said}`
}

const SENTENCE_LENGTH_MAX = 300

function sentence(problem: JsonObject): string {
  const first = Array.isArray(problem['errors']) ? problem['errors'][0] : undefined
  const said =
    wordsOf(isObject(first) ? first['message'] : undefined) ??
    wordsOf(problem['detail']) ??
    wordsOf(problem['title']) ??
    'It gave no reason.'
  return said.slice(0, SENTENCE_LENGTH_MAX)
}

/** Whether an answer refuses a parameter of the request by its name. */
export function refusesParameter(answer: Answer, parameter: string): boolean {
  return answer.status === 400 && isObject(answer.json) && answer.excerpt.includes(parameter)
}
