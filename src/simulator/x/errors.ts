import type { JsonObject } from '../../domain/json.ts'
import { type Answer, htmlAnswer, jsonAnswer, RefusedError } from '../answer.ts'
import type { Call, Refusal, Simulation } from '../simulation.ts'

const PROBLEM_JSON = { 'content-type': 'application/problem+json; charset=utf-8' }

/** The `type` of a problem, below the host that the switch names. */
export function problemType({ switches }: Simulation, name: string): string {
  return `https://${switches.xProblemHost}/2/problems/${name}`
}

/** A problem without a type of its own. */
export function blankProblem(status: number, title: string, detail = title): Answer {
  return jsonAnswer(status, { title, detail, type: 'about:blank', status }, PROBLEM_JSON)
}

/** 401, which the platform answers without rate-limit headers. */
export function unauthorized(): Answer {
  return blankProblem(401, 'Unauthorized')
}

/** Refuses a call for one parameter, which the answer repeats. */
export function invalidParameter(
  call: Call,
  simulation: Simulation,
  name: string,
  message: string,
): RefusedError {
  const given = call.query.get(name)
  const parameters = given === null ? {} : { [name]: given.split(',') }
  const answer = jsonAnswer(400, {
    errors: [{ parameters, message }],
    title: 'Invalid Request',
    detail: 'One or more parameters to your request was invalid.',
    type: problemType(simulation, 'invalid-request'),
  })
  return new RefusedError(answer)
}

/** Rate-limit headers: how many calls the window has, how many are left, when it ends. */
export function limitHeaders(max: number, remaining: number, resetAt: Date) {
  return {
    'x-rate-limit-limit': `${max}`,
    'x-rate-limit-remaining': `${remaining}`,
    'x-rate-limit-reset': `${Math.ceil(resetAt.getTime() / 1000)}`,
  }
}

/** 429 of a window that ends at an instant. */
export function tooManyRequests(max: number, resetAt: Date): Answer {
  const answer = blankProblem(429, 'Too Many Requests')
  return { ...answer, headers: { ...answer.headers, ...limitHeaders(max, 0, resetAt) } }
}

/** A scripted fault in the platform's words. */
export function refuseX(fault: Refusal, call: Call, simulation: Simulation): Answer {
  switch (fault.kind) {
    case 'unavailable':
      return htmlAnswer(fault.status ?? 503, 'X / Over capacity')
    case 'rate_limited':
      return tooManyRequests(900, fault.until)
    case 'refused': {
      const answer = refusedFor(fault.reason, call, simulation)
      const headers = limitHeaders(900, 899, new Date(call.now.getTime() + 900_000))
      return { ...answer, headers: { ...answer.headers, ...headers } }
    }
    default:
      return call.path === '/2/oauth2/token' ? invalidToken() : unauthorized()
  }
}

/** What the token endpoint answers for a refresh token or code that is dead. */
export function invalidToken(): Answer {
  const error_description = 'Value passed for the token was invalid.'
  return jsonAnswer(400, { error: 'invalid_request', error_description })
}

/** 403 for an application that may not use an endpoint. */
export function notEnrolled(simulation: Simulation): Answer {
  return jsonAnswer(
    403,
    {
      client_id: '28211009',
      detail:
        'When authenticating requests to the X API v2 endpoints, you must use keys and tokens ' +
        'from a developer App that is attached to a Project.',
      registration_url: 'https://developer.example/portal/projects',
      title: 'Client Forbidden',
      required_enrollment: 'Appropriate Level of API Access',
      reason: 'client-not-enrolled',
      type: problemType(simulation, 'client-forbidden'),
    },
    PROBLEM_JSON,
  )
}

const ACCOUNT_ID = 4_471_902

// Refusals that no state of the world leads to, by the reason that a script names.
function refusedFor(reason: string, call: Call, simulation: Simulation): Answer {
  const answer = (status: number, title: string, more: JsonObject) =>
    jsonAnswer(status, { account_id: ACCOUNT_ID, title, ...more }, PROBLEM_JSON)
  const type = (name: string) => problemType(simulation, name)
  switch (reason) {
    case 'credits_depleted': {
      const detail = `Your enrolled account [${ACCOUNT_ID}] does not have any credits to fulfill this request.`
      return answer(402, 'CreditsDepleted', { detail, type: type('credits') })
    }
    case 'spend_cap': {
      const detail = `Your enrolled account [${ACCOUNT_ID}] has reached its billing cycle spend cap.`
      const reset_date = firstOfNextMonth(call.now)
      return answer(403, 'SpendCapReached', { detail, reset_date, type: type('credits') })
    }
    case 'usage_capped': {
      const cap = { product_name: 'pay-per-use', period: 'Monthly', scope: 'Product' }
      const detail = 'Usage cap exceeded: Monthly product cap'
      return answer(429, 'UsageCapExceeded', { ...cap, detail, type: type('usage-capped') })
    }
    case 'unsupported_authentication':
      return unsupportedAuthentication(simulation)
    case 'not_enrolled':
      return notEnrolled(simulation)
    case 'not_permitted':
      return blankProblem(403, 'Forbidden', 'Your account is not permitted to access this feature.')
    case 'account_locked':
      return accountLocked()
    default:
      return blankProblem(403, 'Forbidden')
  }
}

/** 403 for the token of an account that the platform has closed or locked. */
export function accountLocked(): Answer {
  const detail = 'Your account is temporarily locked or suspended. Please log in to X to continue.'
  return blankProblem(403, 'Forbidden', detail)
}

/** 403 for a token of the application where an account's is needed. */
export function unsupportedAuthentication(simulation: Simulation): Answer {
  return jsonAnswer(
    403,
    {
      title: 'Unsupported Authentication',
      detail:
        'Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint. ' +
        'Supported authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context].',
      type: problemType(simulation, 'unsupported-authentication'),
      status: 403,
    },
    PROBLEM_JSON,
  )
}

function firstOfNextMonth(now: Date): string {
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
  return first.toISOString().slice(0, 10)
}
