import { type Answer, jsonAnswer, RefusedError } from '../answer.ts'
import type { Call, Refusal } from '../simulation.ts'

/** LinkedIn's errors, with their status and what they say. */
const ERRORS = {
  VERSION_MISSING: [400, null, 'A version must be present. Please specify a version.'],
  PARAM_INVALID: [400, null, 'Invalid query parameters passed to request'],
  INVALID_ACCESS_TOKEN: [401, 65_600, 'Invalid access token'],
  EMPTY_ACCESS_TOKEN: [401, 65_600, 'Empty oauth2 access token'],
  REVOKED_ACCESS_TOKEN: [401, 65_601, 'The token used in the request has been revoked by the user'],
  EXPIRED_ACCESS_TOKEN: [401, 65_602, 'The token used in the request has expired'],
  ACCESS_DENIED: [403, 100, 'Not enough permissions to access: '],
  RESOURCE_NOT_FOUND: [404, 0, 'Not Found'],
  GONE: [410, 0, 'The resource was removed'],
  VALIDATION_FAILED: [422, null, 'Validation failed'],
  NONEXISTENT_VERSION: [426, null, 'Requested version 20250101 is not active'],
  TOO_MANY_REQUESTS: [
    429,
    101,
    'Resource level throttle APPLICATION DAY limit for calls to this resource is reached.',
  ],
  INTERNAL_ERROR: [500, null, 'Internal Server Error'],
} as const satisfies Record<string, readonly [number, number | null, string]>

/** A code of LinkedIn's errors. */
export type ErrorCode = keyof typeof ERRORS

/** Whose daily quota is used up. */
export type Quota = 'APPLICATION' | 'MEMBER'

/** An error in the envelope of every error. `detail` replaces the usual message. */
export function errorAnswer(code: ErrorCode, detail?: string): Answer {
  const [status, serviceErrorCode, message] = ERRORS[code]
  const number = serviceErrorCode === null ? {} : { serviceErrorCode }
  return jsonAnswer(status, { status, ...number, code, message: detail ?? message })
}

/** A refusal that handlers throw. */
export function refusal(code: ErrorCode, detail?: string): RefusedError {
  return new RefusedError(errorAnswer(code, detail))
}

/** What a used up quota is answered with: no header tells when it is full again. */
export function throttled(quota: Quota): Answer {
  const message = ERRORS.TOO_MANY_REQUESTS[2].replace('APPLICATION', quota)
  return errorAnswer('TOO_MANY_REQUESTS', message)
}

/** What LinkedIn calls a resource and method in its refusals. */
export function deniedMessage(resource: string, version: string): string {
  return `${ERRORS.ACCESS_DENIED[2]}${resource}.${version}01`
}

/** An error of the token endpoint, in the shape of OAuth. */
export function oauthError(error: string, error_description: string, status = 400): Answer {
  return jsonAnswer(status, { error, error_description })
}

/** What the token endpoint answers for a refresh token that is dead. */
export function deadToken(): Answer {
  const reason = 'The provided authorization grant or refresh token is invalid, expired or revoked.'
  return oauthError('invalid_request', reason)
}

/** A scripted fault in the API's words. `MEMBER` is the reason for a member's used up quota. */
export function refuseLinkedin(fault: Refusal, call: Call): Answer {
  switch (fault.kind) {
    case 'unavailable': {
      const status = fault.status ?? 500
      return jsonAnswer(status, { status, message: 'Internal Server Error' })
    }
    case 'rate_limited':
      return throttled('APPLICATION')
    case 'revoked_token':
      return errorAnswer('REVOKED_ACCESS_TOKEN')
    case 'expired_token':
      return errorAnswer('EXPIRED_ACCESS_TOKEN')
    case 'refused':
      return refusedFor(fault.reason, call)
  }
}

function refusedFor(reason: string, call: Call): Answer {
  if (reason === 'MEMBER' || reason === 'APPLICATION') return throttled(reason)
  if (!isErrorCode(reason)) return errorAnswer('PARAM_INVALID', reason)
  const version = `${call.headers['linkedin-version'] ?? ''}`
  if (reason === 'NONEXISTENT_VERSION') return errorAnswer(reason, inactive(version))
  if (reason !== 'ACCESS_DENIED') return errorAnswer(reason)
  return errorAnswer(reason, deniedMessage(call.path.split('/')[2] ?? '', version))
}

/** What LinkedIn says of a version that it has ended, or never had. */
export function inactive(version: string): string {
  return `Requested version ${version}01 is not active`
}

/** A scripted fault in the token endpoint's words. */
export function refuseToken(fault: Refusal): Answer {
  switch (fault.kind) {
    case 'unavailable':
      return oauthError('server_error', 'Something went wrong.', fault.status ?? 500)
    case 'rate_limited':
      return throttled('APPLICATION')
    case 'refused':
      return oauthError(fault.reason, 'Refused.', fault.reason === 'invalid_client' ? 401 : 400)
    default:
      return deadToken()
  }
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text)
}
