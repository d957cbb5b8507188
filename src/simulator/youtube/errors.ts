import type { JsonObject } from '../../domain/json.ts'
import { pacificMidnight } from '../../domain/pacific.ts'
import { type Answer, jsonAnswer, RefusedError } from '../answer.ts'
import type { Call, Refusal } from '../simulation.ts'

const QUOTA_HELP = '<a href="/youtube/v3/getting-started#quota">quota</a>'
const NO_TOKEN =
  'Request is missing required authentication credential. Expected OAuth 2 access token, login ' +
  'cookie or other valid authentication credential.'
const BAD_TOKEN =
  'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie ' +
  'or other valid authentication credential.'
const DISABLED =
  'YouTube Data API v3 has not been used in project 100000000001 before or it is disabled. Enable ' +
  'it by visiting https://console.developers.google.com/apis/api/youtube.googleapis.com/overview ' +
  'then retry.'

/** What an error consists of beside its reason. */
interface ErrorForm {
  status: number
  domain: string
  message: string
  /** The text inside `errors`, where it differs from the outer one. */
  inner?: string
  /** The name of the error in the newer form. */
  state?: string
  /** The reason in `details`. */
  detail?: string
  location?: string
  locationType?: string
}

const FORBIDDEN = { status: 403, domain: 'youtube.common', message: 'Forbidden' }
const HEADER = { location: 'Authorization', locationType: 'header' }

const ERRORS = {
  badRequest: { status: 400, domain: 'global', message: 'Bad Request', state: 'INVALID_ARGUMENT' },
  invalidPageToken: {
    ...{ status: 400, domain: 'youtube.parameter' },
    message: 'The request specifies an invalid page token.',
    ...{ location: 'pageToken', locationType: 'parameter' },
  },
  missingRequiredParameter: {
    ...{ status: 400, domain: 'youtube.parameter' },
    message: 'No filter selected. Expected one of: id, mine, playlistId',
    ...{ location: 'parameters.', locationType: 'other' },
  },
  invalidFilters: {
    ...{ status: 400, domain: 'youtube.parameter' },
    message: 'The request specifies an invalid filter parameter.',
    ...{ location: 'parameters.', locationType: 'other' },
  },
  invalidParameter: {
    ...{ status: 400, domain: 'youtube.parameter' },
    message: 'The request specifies an invalid parameter value.',
  },
  unknownPart: {
    ...{ status: 400, domain: 'youtube.part', message: 'Unknown part.' },
    ...{ location: 'part', locationType: 'parameter' },
  },
  required: {
    ...{ status: 401, domain: 'global', message: NO_TOKEN, inner: 'Login Required.', ...HEADER },
    ...{ state: 'UNAUTHENTICATED', detail: 'CREDENTIALS_MISSING' },
  },
  authError: {
    ...{ status: 401, domain: 'global', message: BAD_TOKEN, inner: 'Invalid Credentials' },
    ...{ ...HEADER, state: 'UNAUTHENTICATED' },
  },
  youtubeSignupRequired: {
    ...{ status: 401, domain: 'youtube.header', message: 'Unauthorized', ...HEADER },
  },
  quotaExceeded: {
    ...{ status: 403, domain: 'youtube.quota' },
    message: `The request cannot be completed because you have exceeded your ${QUOTA_HELP}.`,
  },
  dailyLimitExceeded: {
    ...{ status: 403, domain: 'usageLimits', message: 'Daily Limit Exceeded' },
  },
  rateLimitExceeded: {
    ...{ status: 429, domain: 'global', message: 'Rate Limit Exceeded' },
    ...{ state: 'RESOURCE_EXHAUSTED', detail: 'RATE_LIMIT_EXCEEDED' },
  },
  userRateLimitExceeded: {
    ...{ status: 403, domain: 'usageLimits', message: 'User Rate Limit Exceeded' },
  },
  insufficientPermissions: {
    ...{ status: 403, domain: 'global', inner: 'Insufficient Permission' },
    message: 'Request had insufficient authentication scopes.',
    ...{ state: 'PERMISSION_DENIED', detail: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' },
  },
  accessNotConfigured: {
    ...{ status: 403, domain: 'usageLimits', message: DISABLED },
    ...{ state: 'PERMISSION_DENIED', detail: 'SERVICE_DISABLED' },
  },
  forbidden: { ...FORBIDDEN, domain: 'global' },
  channelForbidden: { ...FORBIDDEN, domain: 'youtube.channel' },
  channelClosed: { ...FORBIDDEN, message: 'The channel has been closed.' },
  channelSuspended: { ...FORBIDDEN, message: 'The channel has been suspended.' },
  authenticatedUserAccountClosed: { ...FORBIDDEN, message: 'The account is closed.' },
  authenticatedUserAccountSuspended: { ...FORBIDDEN, message: 'The account is suspended.' },
  channelNotFound: { status: 404, domain: 'youtube.channel', message: 'Channel not found.' },
  videoNotFound: { status: 404, domain: 'youtube.video', message: 'Video not found.' },
  playlistNotFound: {
    ...{ status: 404, domain: 'youtube.playlistItem' },
    message:
      "The playlist identified with the request's <code>playlistId</code> parameter cannot be found.",
    ...{ location: 'playlistId', locationType: 'parameter' },
  },
  notFound: { status: 404, domain: 'global', message: 'Not Found' },
  backendError: {
    ...{ status: 503, domain: 'global', message: 'Backend Error', state: 'UNAVAILABLE' },
  },
  internalError: { status: 500, domain: 'global', message: 'Internal Error', state: 'INTERNAL' },
} as const satisfies Record<string, ErrorForm>

/** A reason that errors give. */
export type Reason = keyof typeof ERRORS

/** An error in the envelope of both APIs. `more` replaces what is usual for its reason. */
export function errorAnswer(reason: Reason, more: Partial<ErrorForm> = {}): Answer {
  const form: ErrorForm = { ...ERRORS[reason], ...more }
  const { status, domain, message, inner, state, detail, location, locationType } = form
  const place = location === undefined ? {} : { location, locationType }
  const error: JsonObject = {
    code: status,
    message,
    errors: [{ message: inner ?? message, domain, reason, ...place }],
    ...(state === undefined ? {} : { status: state }),
    ...(detail === undefined ? {} : { details: [errorInfo(detail)] }),
  }
  return jsonAnswer(status, { error })
}

/** A refusal that handlers throw. */
export function refusal(reason: Reason, more: Partial<ErrorForm> = {}): RefusedError {
  return new RefusedError(errorAnswer(reason, more))
}

/** A refusal of a parameter's value. */
export function invalidParameter(location: string, message: string): RefusedError {
  return refusal('invalidParameter', { message, location, locationType: 'parameter' })
}

/** There is no such path. */
export function unknownPath(): Answer {
  return errorAnswer('notFound')
}

/** A scripted fault in the words of the Data API or the Analytics API. */
export function refuseYoutube(fault: Refusal, call: Call): Answer {
  switch (fault.kind) {
    case 'unavailable':
      return errorAnswer('backendError', { status: fault.status ?? 503 })
    case 'rate_limited':
      // What lasts until the Pacific day ends is the quota of that day.
      return errorAnswer(
        fault.until >= pacificMidnight(call.now, 1) ? 'quotaExceeded' : 'rateLimitExceeded',
      )
    case 'refused':
      return isReason(fault.reason)
        ? errorAnswer(fault.reason)
        : errorAnswer('badRequest', { message: fault.reason })
    default:
      return errorAnswer('authError')
  }
}

function errorInfo(reason: string): JsonObject {
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata: { service: 'youtube.googleapis.com' },
  }
}

function isReason(text: string): text is Reason {
  return Object.hasOwn(ERRORS, text)
}
