import type { JsonObject } from '../../domain/json.ts'
import { type Answer, jsonAnswer, RefusedError } from '../answer.ts'
import { hashOf } from '../random.ts'
import type { Call, Refusal } from '../simulation.ts'

/** An error of the Graph API. */
export interface GraphError {
  message: string
  code: number
  subcode?: number
  type?: string
  status?: number
  isTransient?: boolean
  title?: string
  headers?: Record<string, string>
}

/** An error in its envelope. Nearly everything comes with status 400. */
export function graphError(call: Call, error: GraphError): Answer {
  const { code, headers, isTransient, message, status = 400, subcode, title } = error
  const type = error.type ?? 'OAuthException'
  const body: JsonObject = {
    message,
    type,
    code,
    ...(subcode === undefined ? {} : { error_subcode: subcode }),
    ...(isTransient === undefined ? {} : { is_transient: isTransient }),
    ...(title === undefined ? {} : { error_user_title: title, error_user_msg: message }),
    fbtrace_id: `A${hashOf(0, call.path, call.now.getTime()).toString(36)}`,
  }
  const challenge = `OAuth "Facebook Platform" "invalid_token" "${message.replaceAll('"', "'")}"`
  return jsonAnswer(status, { error: body }, { 'www-authenticate': challenge, ...headers })
}

/** A refusal that handlers throw. */
export function refusal(call: Call, error: GraphError): RefusedError {
  return new RefusedError(graphError(call, error))
}

/** Refuses a parameter or a metric: the whole call fails. */
export function invalidParameter(call: Call, message: string): RefusedError {
  return refusal(call, { code: 100, message: `(#100) ${message}` })
}

/** The object does not exist, or not for this caller. */
export function noObject(call: Call, id: string): RefusedError {
  return refusal(call, {
    code: 100,
    subcode: 33,
    type: 'GraphMethodException',
    message:
      `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to ` +
      'missing permissions, or does not support this operation.',
  })
}

/** The token's time is over. */
export function expiredToken(call: Call, expiredAt: Date): Answer {
  return graphError(call, {
    code: 190,
    subcode: 463,
    message: `Error validating access token: Session has expired on ${expiredAt.toUTCString()}.`,
  })
}

/** The token is none, or none any more. */
export function deadToken(call: Call, expiresAt: Date | undefined): Answer {
  if (expiresAt && expiresAt.getTime() <= call.now.getTime()) return expiredToken(call, expiresAt)
  const message = 'Invalid OAuth access token - Cannot parse access token'
  return graphError(call, { code: 190, message })
}

/** How much of the limits is used, in percent, as every answer says it. */
export function usageHeaders(
  type: 'instagram' | 'pages',
  accountId: string,
  percent: number,
  minutesToRegain: number,
) {
  const use = { call_count: percent, total_cputime: percent >> 1, total_time: percent >> 1 }
  const ofAccount = {
    type,
    ...use,
    estimated_time_to_regain_access: minutesToRegain,
  }
  return {
    'x-app-usage': JSON.stringify({ ...use, call_count: percent >> 2 }),
    'x-business-use-case-usage': JSON.stringify({ [accountId]: [ofAccount] }),
  }
}

/** A path that there is nothing at. */
export function unknownPath(call: Call): Answer {
  const message = `Unknown path components: ${call.path}`
  return graphError(call, { code: 2500, message })
}

/** The refusal that a script names a reason for, and the common words of the others. */
export function refuseCommon(fault: Refusal, call: Call): Answer | null {
  switch (fault.kind) {
    case 'unavailable':
      return graphError(call, {
        code: 2,
        status: fault.status ?? 500,
        isTransient: true,
        message: 'An unexpected error has occurred. Please retry your request later.',
      })
    case 'expired_token':
      return expiredToken(call, call.now)
    case 'revoked_token':
      return graphError(call, {
        code: 190,
        subcode: 458,
        message: 'Error validating access token: The user has not authorized application.',
      })
    case 'refused':
      return graphError(call, REASONS[fault.reason] ?? { code: 100, message: fault.reason })
    case 'rate_limited':
      return null
  }
}

// Refusals that no state of the world leads to, by the reason that a script names.
const REASONS: Record<string, GraphError> = {
  password_changed: {
    code: 190,
    subcode: 460,
    message: 'Error validating access token: The session has been invalidated.',
  },
  checkpointed: {
    code: 190,
    subcode: 459,
    message: 'Error validating access token: You cannot access the app till you log in.',
  },
  lost_role: {
    code: 190,
    subcode: 492,
    message: 'Error validating access token: The user is not an admin of the page.',
  },
  session_invalid: { code: 102, message: 'Session key invalid or no longer valid' },
  not_permitted: { code: 10, message: '(#10) Application does not have permission' },
  app_limit: {
    code: 4,
    message: '(#4) Application request limit reached',
    isTransient: true,
    headers: { 'x-app-usage': '{"call_count":100,"total_cputime":25,"total_time":25}' },
  },
  capability: { code: 3, message: '(#3) Application does not have the capability' },
  unconfirmed: {
    code: 190,
    subcode: 464,
    message: 'Error validating access token: Sessions for the user are not allowed.',
  },
  user_limit: { code: 17, message: '(#17) User request limit reached', isTransient: true },
  page_limit: { code: 32, message: '(#32) Page request limit reached' },
  custom_limit: { code: 613, message: '(#613) Calls to this api have exceeded the rate limit.' },
  blocked: { code: 368, message: '(#368) The action attempted has been deemed abusive.' },
  bad_proof: { code: 104, message: 'Invalid appsecret_proof provided in the API argument' },
  account_unavailable: { code: 9009, message: '(#9009) The Instagram user is not available' },
  reduce_data: {
    code: 1,
    status: 500,
    message: "Please reduce the amount of data you're asking for, then retry your request",
  },
}
