import { type Answer, jsonAnswer } from '../answer.ts'
import type { Call, Refusal, Route, Simulation } from '../simulation.ts'
import type { TokenClaims } from '../tokens.ts'

const ACCESS_SECONDS = 3599

/** Exchanging and revoking tokens. A refresh token is used again and again. */
export const tokenRoutes: Route[] = [
  { method: 'POST', path: '/token', handle: exchange },
  { method: 'POST', path: '/revoke', handle: revoke },
]

/** A scripted fault in the words of the token endpoint. */
export function refuseGoogle(fault: Refusal): Answer {
  switch (fault.kind) {
    case 'unavailable':
      return refused(fault.status ?? 503, 'server_error', 'The server is unavailable.')
    case 'rate_limited':
      return refused(429, 'rate_limit_exceeded', 'Rate limit exceeded.')
    case 'refused':
      return refused(fault.reason === 'invalid_client' ? 401 : 400, fault.reason, 'Refused.')
    default:
      return invalidGrant()
  }
}

function exchange(call: Call, simulation: Simulation): Answer {
  const form = formOf(call)
  const { client } = simulation
  if (form.get('client_id') !== client.id) {
    return refused(401, 'invalid_client', 'The OAuth client was not found.')
  }
  if (form.get('client_secret') !== client.secret) {
    return refused(401, 'invalid_client', 'Unauthorized')
  }
  switch (form.get('grant_type')) {
    case 'refresh_token':
      return exchanged(form.get('refresh_token'), 'refresh', call, simulation)
    case 'authorization_code':
      if (!form.has('redirect_uri')) return missing('redirect_uri')
      return exchanged(form.get('code'), 'code', call, simulation)
    case null:
      return missing('grant_type')
    default:
      return refused(400, 'unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type')}`)
  }
}

function exchanged(
  token: string | null,
  kind: TokenClaims['kind'],
  call: Call,
  { tokens, world }: Simulation,
): Answer {
  if (token === null || token === '') return missing(kind === 'code' ? 'code' : 'refresh_token')
  const claims = tokens.readLive(token, [kind], call.now)
  const account = claims === null ? null : world.account('youtube', claims.accountId)
  if (claims === null || account === null || claims.platform !== 'youtube') return invalidGrant()
  if (kind === 'code') tokens.kill(token)
  const { scopes, serial } = claims
  const grant = tokens.grant(account, { issuedAt: call.now, scopes, serial: serial + 1 })
  return jsonAnswer(200, {
    access_token: grant.accessToken,
    expires_in: ACCESS_SECONDS,
    ...(kind === 'code' ? { refresh_token: grant.refreshToken } : {}),
    scope: scopes.join(' '),
    token_type: 'Bearer',
  })
}

function revoke(call: Call, simulation: Simulation): Answer {
  const token = call.query.get('token') ?? formOf(call).get('token')
  if (token === null) return missing('token')
  const claims = simulation.tokens.readLive(token, ['access', 'refresh'], call.now)
  if (claims === null) return refused(400, 'invalid_token', 'Token expired or revoked')
  simulation.tokens.kill(token)
  return jsonAnswer(200, {})
}

function formOf(call: Call): URLSearchParams {
  const type = call.headers['content-type'] ?? ''
  const isForm = type.startsWith('application/x-www-form-urlencoded')
  return new URLSearchParams(isForm ? call.body : '')
}

function missing(name: string): Answer {
  return refused(400, 'invalid_request', `Missing required parameter: ${name}`)
}

function invalidGrant(): Answer {
  return refused(400, 'invalid_grant', 'Token has been expired or revoked.')
}

function refused(status: number, error: string, error_description: string): Answer {
  return jsonAnswer(status, { error, error_description })
}
