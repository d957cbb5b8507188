import { z } from '@hono/zod-openapi'
import type { Account } from '../../domain/account.ts'
import type { RefreshQuota } from '../../domain/refresh.ts'
import type { Refusal } from '../refusal.ts'
import { nextInstantText, quotaOf } from './shapes.ts'

/** The codes of the document, and those that it leaves open. */
export const CODES = [
  'AUTH_MISSING_KEY',
  'AUTH_INVALID_KEY',
  'AUTH_REVOKED_KEY',
  'AUTH_INSUFFICIENT_SCOPE',
  'ACCOUNT_NOT_FOUND',
  'ACCOUNT_INVALID_STATUS',
  'ANALYTICS_NOT_FOUND',
  'ANALYTICS_COOLDOWN',
  'ANALYTICS_QUOTA_EXCEEDED',
  'VIDEO_ANALYTICS_NOT_FOUND',
  'VALIDATION_ERROR',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'RATE_LIMIT_EXCEEDED',
  'INTERNAL_ERROR',
] as const

/** What went wrong, for programs. */
export type Code = (typeof CODES)[number]

/** The vendor's envelope. */
export const Problem = z
  .object({
    error: z.object({
      code: z.enum(CODES),
      message: z.string().openapi({ description: 'What was wrong, for people.' }),
      details: z
        .record(z.string(), z.unknown())
        .optional()
        .openapi({ description: 'More of it, for programs, by the code.' }),
    }),
  })
  .openapi('TokPortalProblem')

/** An error in the vendor's envelope. */
export function problem(code: Code, message: string, details?: object): z.infer<typeof Problem> {
  return { error: { code, message, ...(details && { details: { ...details } }) } }
}

/** There is no such account, or not here. */
export const ACCOUNT_NOT_FOUND = problem('ACCOUNT_NOT_FOUND', 'Account not found.')

/** The account was never read, and neither was a video of it. */
export const ANALYTICS_NOT_FOUND = problem(
  'ANALYTICS_NOT_FOUND',
  'No analytics data found for this account. Try calling the refresh endpoint first.',
)

/** There is no such record, or not here. */
export const VIDEO_NOT_FOUND = problem(
  'VIDEO_ANALYTICS_NOT_FOUND',
  'No analytics data found for this video ID.',
)

/** The account's platform cannot be asked until somebody connects it again. */
export function invalidStatus({ connectionStatus }: Pick<Account, 'connectionStatus'>) {
  const message = 'The account must be connected again before it can be refreshed.'
  return problem('ACCOUNT_INVALID_STATUS', message, { status: connectionStatus })
}

/** The account was refreshed too short a while ago. */
export function cooldown(wait: { nextRefreshAt: Date; hoursRemaining: number }) {
  const message = 'Analytics were refreshed recently. Please wait before refreshing again.'
  return problem('ANALYTICS_COOLDOWN', message, {
    next_refresh_at: nextInstantText(wait.nextRefreshAt),
    hours_remaining: wait.hoursRemaining,
  })
}

/** The workspace has used up its month. */
export function quotaExceeded(quota: Pick<RefreshQuota, 'limit' | 'used'>) {
  const message = 'Monthly analytics refresh quota reached.'
  return problem('ANALYTICS_QUOTA_EXCEEDED', message, { monthly_quota: quotaOf(quota) })
}

const ANSWERS = {
  no_key: [401, 'AUTH_MISSING_KEY'],
  unknown_key: [401, 'AUTH_INVALID_KEY'],
  expired_key: [401, 'AUTH_INVALID_KEY'],
  revoked_key: [401, 'AUTH_REVOKED_KEY'],
  missing_scope: [403, 'AUTH_INSUFFICIENT_SCOPE'],
  too_many_requests: [429, 'RATE_LIMIT_EXCEEDED'],
  unknown_path: [404, 'NOT_FOUND'],
  wrong_method: [405, 'METHOD_NOT_ALLOWED'],
  bad_parameter: [400, 'VALIDATION_ERROR'],
  bad_body: [400, 'VALIDATION_ERROR'],
  wrong_media_type: [415, 'UNSUPPORTED_MEDIA_TYPE'],
  body_too_large: [413, 'PAYLOAD_TOO_LARGE'],
  internal: [500, 'INTERNAL_ERROR'],
} as const satisfies Record<Refusal['kind'], [number, Code]>

/** What the vendor answers instead of what was asked for. */
export function answerTo(refusal: Refusal) {
  const [status, code] = ANSWERS[refusal.kind]
  return { status, body: problem(code, messageOf(refusal), detailsOf(refusal)) }
}

const BODY = 'body'

function fieldOf({ name }: Extract<Refusal, { kind: 'bad_parameter' }>): string {
  return name === '' ? BODY : name
}

function detailsOf(refusal: Refusal): object | undefined {
  switch (refusal.kind) {
    case 'missing_scope':
      return { scope: refusal.scope }
    case 'too_many_requests':
      return { retry_after_seconds: refusal.retryAfterSeconds }
    case 'bad_parameter':
      return { field: fieldOf(refusal) }
    case 'bad_body':
      return { field: BODY }
    default:
      return undefined
  }
}

function messageOf(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'no_key':
      return 'Missing API key. Send it as X-API-Key.'
    case 'unknown_key':
      return 'Invalid API key.'
    case 'expired_key':
      return 'This API key has expired.'
    case 'revoked_key':
      return 'This API key was revoked.'
    case 'missing_scope':
      return `The API key lacks the scope ${refusal.scope}.`
    case 'too_many_requests':
      return 'Too many requests. Please slow down.'
    case 'unknown_path':
      return 'There is nothing at this path.'
    case 'wrong_method':
      return `Use ${refusal.allowed.join(' or ')} here.`
    case 'bad_parameter':
      return `${fieldOf(refusal)} ${refusal.message}.`
    case 'bad_body':
      return 'The body is not JSON.'
    case 'wrong_media_type':
      return 'The body must be application/json.'
    case 'body_too_large':
      return `The body has more than ${refusal.maxBytes} bytes.`
    case 'internal':
      return 'Something broke. Try again later.'
  }
}
