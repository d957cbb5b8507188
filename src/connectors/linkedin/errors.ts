import type { BudgetScope } from '../../domain/budget.ts'
import type { Failure, FailureKind } from '../../domain/connector.ts'
import { failureOf, failureOfStatus } from '../failures.ts'
import type { Answer } from '../http.ts'
import { isObject, valueAt, wordsOf } from '../json.ts'

/** The platform's name in messages. */
export const LABEL = 'LinkedIn'

const KINDS = new Map<number, FailureKind>([
  [400, 'misconfigured'],
  [401, 'unauthorized'],
  [403, 'missing_scope'],
  [404, 'gone'],
  [410, 'gone'],
  [422, 'misconfigured'],
  [426, 'misconfigured'],
])

/**
 * What a call's answer stands for when it failed; null when it has to be read. The status decides:
 * codes come and go, and messages are not stable.
 */
export function linkedinFailure(answer: Answer, now: Date): Failure | null {
  if (answer.status >= 200 && answer.status < 300) return null
  if (answer.status === 429) {
    return failureOf(answer, 'rate_limited', limitMessage(answer), nextMidnight(now))
  }
  const kind = isObject(answer.json) ? KINDS.get(answer.status) : undefined
  if (kind === undefined) return failureOfStatus(LABEL, answer, now)
  return failureOf(answer, kind, `${messageOf(answer)}${HINTS.get(answer.status) ?? ''}`)
}

const HINTS = new Map([
  [
    403,
    ' It takes the role ADMINISTRATOR on the page for its statistics, ADMINISTRATOR or' +
      ' CONTENT_ADMINISTRATOR for its posts, and the scope that goes with it.',
  ],
  [426, ' This version of the API has come to its end: a newer Weir asks for a newer one.'],
])

/** LinkedIn's quotas are those of a day in UTC, and no header says so. */
export function nextMidnight(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))
}

/** Whose quota an answer says is used up, the application's or a member's; null: it names none. */
export function usedUpQuota({ status, excerpt }: Answer): BudgetScope | null {
  const [whose] = status === 429 ? (excerpt.match(/\b(?:APPLICATION|MEMBER)\b/) ?? []) : []
  if (whose === undefined) return null
  return whose === 'MEMBER' ? 'account' : 'application'
}

function limitMessage(answer: Answer): string {
  const scope = usedUpQuota(answer)
  const quota = scope === 'account' ? 'this connection' : 'the application'
  const about = scope === null ? '' : ` The quota of ${quota} is used up until 00:00 UTC.`
  return `${messageOf(answer)}${about}`
}

const SENTENCE_LENGTH_MAX = 300

function messageOf(answer: Answer): string {
  const said = wordsOf(valueAt(answer.json, 'message'))?.slice(0, SENTENCE_LENGTH_MAX)
  const code = wordsOf(valueAt(answer.json, 'code'))?.slice(0, SENTENCE_LENGTH_MAX)
  const named = code === undefined ? '' : ` (${code})`
  const sentence = (said ?? 'It gave no reason').replace(/\.?$/, '.')
  return `${LABEL} answered with status ${answer.status}${named}: ${sentence}`
}
