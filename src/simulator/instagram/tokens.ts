import { type Answer, jsonAnswer } from '../answer.ts'
import { deadToken, graphError } from '../graph/errors.ts'
import { tokenOf } from '../graph/tokens.ts'
import type { Call, Route, Simulation } from '../simulation.ts'
import type { TokenClaims } from '../tokens.ts'
import { notPermitted } from './errors.ts'
import { scopedId } from './nodes.ts'
import { isGranted } from './route.ts'

const SHORT_SECONDS = 3600
const LONG_SECONDS = 5_183_944
const DAY_MS = 86_400_000

/** Exchanging and renewing tokens of the Instagram login. None of the paths has a version. */
export const tokenRoutes: Route[] = [
  { method: 'POST', path: '/oauth/access_token', handle: shortToken },
  { method: 'GET', path: '/access_token', handle: longToken },
  { method: 'GET', path: '/refresh_access_token', handle: renewedToken },
]

function shortToken(call: Call, simulation: Simulation): Answer {
  const form = new URLSearchParams(call.body)
  const { client, tokens, world } = simulation
  const isClient =
    form.get('client_id') === client.id && form.get('client_secret') === client.secret
  if (!isClient) return flatError('Error validating client secret.')
  const isComplete = form.get('grant_type') === 'authorization_code' && form.has('redirect_uri')
  if (!isComplete) return flatError('Missing required field.')
  // The redirect carries the code with `#_` behind it.
  const code = (form.get('code') ?? '').replace(/#_$/, '')
  const claims = tokens.readLive(code, ['code'], call.now)
  const account = claims === null ? null : world.account('instagram', claims.accountId)
  if (claims === null || account === null) return flatError('This authorization code is invalid.')
  tokens.kill(code)
  const { scopes, serial } = claims
  const accessSeconds = SHORT_SECONDS
  const grant = tokens.grant(account, { issuedAt: call.now, scopes, serial, accessSeconds })
  const entry = {
    access_token: grant.accessToken,
    user_id: scopedId(account),
    permissions: scopes.join(','),
  }
  return jsonAnswer(200, { data: [entry] })
}

function longToken(call: Call, simulation: Simulation): Answer {
  const { query } = call
  if (query.get('grant_type') !== 'ig_exchange_token') return wrongGrant(call)
  if (query.get('client_secret') !== simulation.client.secret) {
    return graphError(call, { code: 1, message: 'Error validating client secret.' })
  }
  const claims = liveClaims(call, simulation)
  return claims === null ? refusedToken(call, simulation) : longGrant(call, simulation, claims)
}

// A token is renewed from its second day to its last: before and after it is refused.
function renewedToken(call: Call, simulation: Simulation): Answer {
  if (call.query.get('grant_type') !== 'ig_refresh_token') return wrongGrant(call)
  const claims = liveClaims(call, simulation)
  if (claims === null) return refusedToken(call, simulation)
  if (!isGranted(claims.scopes, 'basic')) return notPermitted(call).answer
  if (call.now.getTime() - claims.issuedAt.getTime() < DAY_MS) {
    const message = '(#100) The access token is too young: it must be at least 24 hours old'
    return graphError(call, { code: 100, message })
  }
  return longGrant(call, simulation, claims)
}

function longGrant(call: Call, { tokens, world }: Simulation, claims: TokenClaims): Answer {
  const account = world.account('instagram', claims.accountId)
  if (account === null) return graphError(call, { code: 190, message: 'Invalid token' })
  const { accessToken, scopes } = tokens.grant(account, {
    issuedAt: call.now,
    scopes: claims.scopes,
    serial: claims.serial + 1,
    accessSeconds: LONG_SECONDS,
  })
  return jsonAnswer(200, {
    access_token: accessToken,
    token_type: 'bearer',
    expires_in: LONG_SECONDS,
    permissions: scopes.join(','),
  })
}

function liveClaims(call: Call, { tokens }: Simulation): TokenClaims | null {
  return tokens.readLive(tokenOf(call) ?? '', ['access'], call.now)
}

function refusedToken(call: Call, { tokens }: Simulation): Answer {
  return deadToken(call, tokens.read(tokenOf(call) ?? '')?.expiresAt)
}

function wrongGrant(call: Call): Answer {
  return graphError(call, { code: 100, message: '(#100) Unsupported grant_type' })
}

function flatError(error_message: string): Answer {
  return jsonAnswer(400, { error_type: 'OAuthException', code: 400, error_message })
}
