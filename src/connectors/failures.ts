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
  return { kind, message, status: answer?.status ?? null, body, retryAt }
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

/** `now` and a number of seconds; null when that is no time that a clock can show. */
export function secondsAfter(now: Date, seconds: number): Date | null {
  return validDate(now.getTime() + seconds * 1000)
}

/** The time of a Unix timestamp in milliseconds; null when no clock can show it. */
export function validDate(milliseconds: number): Date | null {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? null : date
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
