import { type Answer, jsonAnswer } from '../answer.ts'
import type { Call, Route, Simulation } from '../simulation.ts'
import type { TokenClaims } from '../tokens.ts'
import { flatError, invalidGrant } from './errors.ts'

/** Lifetimes in seconds, by the switch. */
const LIFETIMES = {
  rotating: { accessSeconds: 7200, refreshSeconds: 15_552_000 },
  lasting: { accessSeconds: 86_400, refreshSeconds: 31_536_000 },
}

/** Exchanging and revoking tokens. Answers have no envelope here. */
export const tokenRoutes: Route[] = [
  { method: 'POST', path: '/v2/oauth/token/', handle: exchange },
  { method: 'POST', path: '/v2/oauth/revoke/', handle: revoke },
]

function exchange(call: Call, simulation: Simulation): Answer {
  const form = new URLSearchParams(call.body)
  const refusal = formRefusal(call, simulation)
  if (refusal !== null) return refusal
  switch (form.get('grant_type')) {
    case 'refresh_token':
      return exchanged(form.get('refresh_token'), 'refresh', call, simulation)
    case 'authorization_code':
      if (!form.has('redirect_uri')) return incomplete(call, simulation)
      return exchanged(form.get('code'), 'code', call, simulation)
    default:
      return flatError(call, simulation, 'unsupported_grant_type', 'The grant type is unknown.')
  }
}

function exchanged(
  token: string | null,
  kind: TokenClaims['kind'],
  call: Call,
  simulation: Simulation,
): Answer {
  const { switches, tokens, world } = simulation
  if (token === null) return incomplete(call, simulation)
  const claims = tokens.readLive(token, [kind], call.now)
  const account = claims === null ? null : world.account('tiktok', claims.accountId)
  if (claims === null || account === null || claims.platform !== 'tiktok') {
    return invalidGrant(call, simulation)
  }
  const isKept = kind === 'refresh' && switches.tiktokTokens === 'lasting'
  if (!isKept) tokens.kill(token)
  const { scopes, serial } = claims
  const lifetimes = LIFETIMES[switches.tiktokTokens]
  const issuedAt = call.now
  const grant = tokens.grant(account, { issuedAt, scopes, serial: serial + 1, ...lifetimes })
  const left = Math.floor((claims.expiresAt.getTime() - issuedAt.getTime()) / 1000)
  return jsonAnswer(200, {
    access_token: grant.accessToken,
    expires_in: lifetimes.accessSeconds,
    open_id: account.platformAccountId,
    refresh_token: isKept ? token : grant.refreshToken,
    refresh_expires_in: isKept ? left : lifetimes.refreshSeconds,
    scope: scopes.join(','),
    token_type: 'Bearer',
  })
}

function revoke(call: Call, simulation: Simulation): Answer {
  const refusal = formRefusal(call, simulation)
  if (refusal !== null) return refusal
  const token = new URLSearchParams(call.body).get('token')
  if (token === null) return incomplete(call, simulation)
  simulation.tokens.kill(token)
  return jsonAnswer(200, {})
}

function formRefusal(call: Call, simulation: Simulation): Answer | null {
  const { client } = simulation
  const type = call.headers['content-type'] ?? ''
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    const description = 'Only `application/x-www-form-urlencoded` is supported as Content-Type.'
    return flatError(call, simulation, 'invalid_request', description)
  }
  const form = new URLSearchParams(call.body)
  if (!form.has('client_key') || !form.has('client_secret')) return incomplete(call, simulation)
  if (form.get('client_key') === client.id && form.get('client_secret') === client.secret) {
    return null
  }
  return flatError(call, simulation, 'invalid_client', 'Client key or secret is incorrect.')
}

function incomplete(call: Call, simulation: Simulation): Answer {
  const description = 'The request parameters are malformed or missing.'
  return flatError(call, simulation, 'invalid_request', description)
}
