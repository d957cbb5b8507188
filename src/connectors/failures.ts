import { ConnectorError, type Failure, type FailureKind } from '../domain/connector.ts'
import type { Answer } from './http.ts'

/** A failure that an answer stands for. The message is a sentence without credentials. */
export function failureOf(
  answer: Pick<Answer, 'status' | 'excerpt'> | null,
  kind: FailureKind,
  message: string,
  retryAt: Date | null = null,
): Failure {
  const body = answer === null || answer.excerpt === '' ? null : answer.excerpt
  return { kind, message, status: answer?.status ?? null, body, retryAt, isHostDown: false }
}

/** A failure without any answer of the platform. */
export function unanswered(kind: FailureKind, message: string): Failure {
  return failureOf(null, kind, message)
}

/** The failure that was thrown. Anything else is a bug and is thrown again. */
export function failureIn(error: unknown): Failure {
  if (error instanceof ConnectorError) return error.failure
  throw error
}

/** Whether it is a failure that may be over soon. */
export function isPassing(failure: Failure | null): failure is Failure {
  return failure?.kind === 'unavailable' || failure?.kind === 'malformed'
}

/** `now` and a number of seconds; null when that is no time between the years 1 and 9999. */
export function secondsAfter(now: Date, seconds: number): Date | null {
  return validDate(now.getTime() + seconds * 1000)
}

// Beyond these, dates are written with a sign, which databases do not read.
const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z')
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z')

/** The time of a Unix timestamp in milliseconds; null when it is none of the years 1 to 9999. */
export function validDate(milliseconds: number): Date | null {
  return milliseconds >= FIRST_MS && milliseconds <= LAST_MS ? new Date(milliseconds) : null
}

/** When a `Retry-After` header says to come back, in seconds or as a date; null without one. */
export function retryAfter(answer: Pick<Answer, 'headers'>, now: Date): Date | null {
  const value = answer.headers['retry-after']?.trim()
  if (value === undefined || value === '') return null
  return /^\d+$/.test(value) ? secondsAfter(now, Number(value)) : validDate(Date.parse(value))
}

/**
 * What an HTTP status alone says, for answers without a platform's own error. A page of HTML comes
 * from a gateway in front of the platform, which will be gone later. Null for 2xx.
 */
export function failureOfStatus(label: string, answer: Answer, now: Date): Failure | null {
  if (answer.status >= 200 && answer.status < 300) return null
  const kind = kindOfStatus(answer)
  const page = answer.excerpt.startsWith('<') ? ' with a page of HTML' : ''
  const message = `${label} answered with status ${answer.status}${page}.`
  return failureOf(answer, kind, message, retryAfter(answer, now))
}

function kindOfStatus(answer: Answer): FailureKind {
  const { status } = answer
  if (status === 429) return 'rate_limited'
  if (status >= 500 || status === 408 || answer.excerpt.startsWith('<')) return 'unavailable'
  if (status === 401) return 'unauthorized'
  return 'misconfigured'
}
