import type { JsonObject } from '../../domain/json.ts'
import { type Answer, jsonAnswer } from '../answer.ts'
import { basicCredentials } from '../credentials.ts'
import type { Call, Route, Simulation } from '../simulation.ts'
import type { TokenClaims } from '../tokens.ts'
import { invalidToken } from './errors.ts'

const ACCESS_SECONDS = 7200

/** Exchanging and revoking tokens. */
export const tokenRoutes: Route[] = [
  { method: 'POST', path: '/2/oauth2/token', handle: exchange },
  { method: 'POST', path: '/2/oauth2/revoke', handle: revoke },
]

function exchange(call: Call, simulation: Simulation): Answer {
  const form = new URLSearchParams(call.body)
  const refusal = clientRefusal(call, simulation) ?? formRefusal(call)
  if (refusal !== null) return refusal
  switch (form.get('grant_type')) {
    case 'refresh_token':
      return exchanged(form.get('refresh_token'), 'refresh', call, simulation)
    case 'authorization_code': {
      const isComplete = form.has('redirect_uri') && form.has('code_verifier')
      if (!isComplete) return refused('Missing required parameter.')
      return exchanged(form.get('code'), 'code', call, simulation)
    }
    default:
      return jsonAnswer(400, {
        error: 'unsupported_grant_type',
        error_description: 'Missing required parameter [grant_type].',
      })
  }
}

// What was exchanged is used up at once: whoever comes second holds a dead token.
function exchanged(
  token: string | null,
  kind: TokenClaims['kind'],
  call: Call,
  { tokens, world }: Simulation,
): Answer {
  if (token === null) return refused('Missing required parameter.')
  const claims = tokens.readLive(token, [kind], call.now)
  const account = claims === null ? null : world.account('x', claims.accountId)
  if (claims === null || account === null || claims.platform !== 'x') return invalidToken()
  tokens.kill(token)
  const { scopes, serial } = claims
  const grant = tokens.grant(account, { issuedAt: call.now, scopes, serial: serial + 1 })
  return jsonAnswer(200, {
    token_type: 'bearer',
    expires_in: ACCESS_SECONDS,
    access_token: grant.accessToken,
    scope: scopes.join(' '),
    ...(grant.refreshToken === null ? {} : { refresh_token: grant.refreshToken }),
  })
}

function revoke(call: Call, simulation: Simulation): Answer {
  const refusal = clientRefusal(call, simulation) ?? formRefusal(call)
  if (refusal !== null) return refusal
  const token = new URLSearchParams(call.body).get('token')
  if (token === null) return refused('Missing required parameter.')
  simulation.tokens.kill(token)
  return jsonAnswer(200, { revoked: true })
}

function clientRefusal(call: Call, { client }: Simulation): Answer | null {
  const [id, secret] = basicCredentials(call.headers) ?? []
  if (id === client.id && secret === client.secret) return null
  const description = 'Missing valid authorization header'
  return jsonAnswer(401, { error: 'unauthorized_client', error_description: description })
}

function formRefusal(call: Call): Answer | null {
  const type = call.headers['content-type'] ?? ''
  if (type.startsWith('application/x-www-form-urlencoded')) return null
  return refused('The content type must be application/x-www-form-urlencoded.')
}

function refused(error_description: string): Answer {
  const body: JsonObject = { error: 'invalid_request', error_description }
  return jsonAnswer(400, body)
}
