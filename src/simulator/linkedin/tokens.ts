import { type Answer, jsonAnswer } from '../answer.ts'
import type { Call, Route, Simulation } from '../simulation.ts'
import { deadToken, oauthError } from './errors.ts'

/** Exchanging tokens, on the website's own host. */
export const tokenRoute: Route = {
  method: 'POST',
  path: '/oauth/v2/accessToken',
  handle(call, simulation) {
    const type = call.headers['content-type'] ?? ''
    const form = new URLSearchParams(call.body)
    const isForm = type.startsWith('application/x-www-form-urlencoded')
    const missing = ['client_id', 'client_secret'].find((name) => !form.has(name))
    if (!isForm || missing !== undefined) return lacking(missing ?? 'grant_type')
    const { id, secret } = simulation.client
    if (form.get('client_id') !== id || form.get('client_secret') !== secret) {
      return oauthError('invalid_client', 'Client authentication failed', 401)
    }
    return granted(call, simulation, form)
  },
}

function granted(call: Call, simulation: Simulation, form: URLSearchParams): Answer {
  switch (form.get('grant_type')) {
    case 'refresh_token':
      return exchanged(call, simulation, form.get('refresh_token'), 'refresh')
    case 'authorization_code':
      if (!form.has('redirect_uri')) return lacking('redirect_uri')
      return exchanged(call, simulation, form.get('code'), 'code')
    default:
      return oauthError('unsupported_grant_type', 'The grant type is not supported.')
  }
}

// The refresh token stays the same, and the time that it has left does not grow again.
function exchanged(
  call: Call,
  { switches, tokens, world }: Simulation,
  token: string | null,
  kind: 'refresh' | 'code',
): Answer {
  if (token === null) return lacking(kind === 'refresh' ? 'refresh_token' : 'code')
  const claims = tokens.readLive(token, [kind], call.now)
  const account = claims === null ? null : world.account('linkedin', claims.accountId)
  const hasRefreshTokens = switches.linkedinTokens === 'refreshable'
  const isAllowed = kind === 'code' || hasRefreshTokens
  if (claims === null || account === null || claims.platform !== 'linkedin' || !isAllowed) {
    return deadToken()
  }
  if (kind === 'code') tokens.kill(token)
  const { scopes, serial } = claims
  const grant = tokens.grant(account, { issuedAt: call.now, scopes, serial: serial + 1 })
  const isKept = kind === 'refresh'
  const dies = isKept ? claims.expiresAt : (grant.refreshExpiresAt ?? call.now)
  const refreshable = {
    refresh_token: isKept ? token : grant.refreshToken,
    refresh_token_expires_in: Math.floor((dies.getTime() - call.now.getTime()) / 1000),
  }
  return jsonAnswer(200, {
    access_token: grant.accessToken,
    expires_in: Math.floor((grant.expiresAt.getTime() - call.now.getTime()) / 1000),
    ...(hasRefreshTokens ? refreshable : {}),
    scope: scopes.join(','),
  })
}

function lacking(name: string): Answer {
  return oauthError('invalid_request', `A required parameter "${name}" is missing`)
}
