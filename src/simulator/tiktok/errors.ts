import type { JsonValue } from '../../domain/json.ts'
import { type Answer, jsonAnswer } from '../answer.ts'
import { hashOf } from '../random.ts'
import type { Call, Refusal, Simulation } from '../simulation.ts'

/** The codes of the Display API, with their status and what they say. */
const ERRORS = {
  invalid_params: [400, 'One or more fields in request is invalid. Please check the parameters.'],
  scope_permission_missed: [400, 'The requested field needs a scope that is not granted.'],
  access_token_invalid: [401, 'The access token is invalid or not found in the request.'],
  scope_not_authorized: [
    401,
    'The user did not authorize the scope required for completing this request.',
  ],
  rate_limit_exceeded: [429, 'The API rate limit was exceeded. Please try again later.'],
  internal_error: [500, 'Something went wrong. Please try again later.'],
} as const satisfies Record<string, readonly [number, string]>

/** A code of the Display API. */
export type ErrorCode = keyof typeof ERRORS

/** The number under which the platform logs a call: its time, and a mark of its own. */
export function logId({ now, path, body }: Call): string {
  const time = now.toISOString().replace(/\D/g, '').slice(0, 14)
  return `${time}${hashOf(0, path, body, now.getTime()).toString(16).toUpperCase().padStart(8, '0')}`
}

/** A good answer in the envelope that every answer has. */
export function okAnswer(call: Call, data: JsonValue): Answer {
  return jsonAnswer(200, { data, error: { code: 'ok', message: '', log_id: logId(call) } })
}

/** An error in the envelope. `detail` replaces the usual message. */
export function errorAnswer(
  call: Call,
  { switches }: Simulation,
  code: ErrorCode,
  detail?: string,
): Answer {
  const [status, message] = ERRORS[code]
  const error = { code, message: detail ?? message, log_id: logId(call) }
  return jsonAnswer(switches.tiktokStatus === 'always_200' ? 200 : status, { data: {}, error })
}

/** An error of the token endpoint, which has no envelope. */
export function flatError(
  call: Call,
  { switches }: Simulation,
  error: string,
  error_description: string,
): Answer {
  const body = { error, error_description, log_id: logId(call) }
  return jsonAnswer(switches.tiktokStatus === 'always_200' ? 200 : 400, body)
}

/** What the token endpoint answers for a refresh token or code that is dead. */
export function invalidGrant(call: Call, simulation: Simulation): Answer {
  const description = 'Refresh token is invalid or expired.'
  return flatError(call, simulation, 'invalid_grant', description)
}

/** The platform's gateway knows no such path: most often a slash is missing at its end. */
export function unsupportedPath(): Answer {
  const headers = { 'content-type': 'text/plain; charset=utf-8' }
  return { status: 404, headers, body: 'Unsupported path(Janus)' }
}

/** A scripted fault in the platform's words. */
export function refuseTiktok(fault: Refusal, call: Call, simulation: Simulation): Answer {
  const isToken = call.path.startsWith('/v2/oauth/')
  switch (fault.kind) {
    case 'unavailable':
      return isToken
        ? flatError(call, simulation, 'server_error', 'Something went wrong.')
        : errorAnswer(call, simulation, 'internal_error')
    case 'rate_limited':
      return errorAnswer(call, simulation, 'rate_limit_exceeded')
    case 'refused':
      if (isToken) return flatError(call, simulation, fault.reason, 'Refused.')
      return isErrorCode(fault.reason)
        ? errorAnswer(call, simulation, fault.reason)
        : errorAnswer(call, simulation, 'invalid_params', fault.reason)
    default:
      return isToken
        ? invalidGrant(call, simulation)
        : errorAnswer(call, simulation, 'access_token_invalid')
  }
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text)
}
