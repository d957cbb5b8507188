import { type Answer, jsonAnswer } from '../answer.ts'
import { bearerToken } from '../credentials.ts'
import type { Call, Route, Simulation } from '../simulation.ts'
import type { TokenClaims } from '../tokens.ts'
import { graphError } from './errors.ts'

const LONG_SECONDS = 5_183_944
const SHORT_SECONDS = 5400

const VERSION = '/:version(v\\d+\\.\\d+)'

/** What the host of the Facebook login does with tokens, whichever platform they are good for. */
export const tokenRoutes: Route[] = [
  { method: 'GET', path: `${VERSION}/debug_token`, handle: debugToken },
  { method: 'GET', path: `${VERSION}/oauth/access_token`, handle: personToken },
]

/** The token of a call, wherever it travels; null without one. */
export function tokenOf(call: Call): string | null {
  return bearerToken(call.headers) ?? call.query.get('access_token')
}

function debugToken(call: Call, { client, tokens }: Simulation): Answer {
  if (call.query.get('access_token') !== `${client.id}|${client.secret}`) {
    return graphError(call, { code: 190, message: 'Invalid OAuth access token signature.' })
  }
  const token = call.query.get('input_token') ?? ''
  const claims = tokens.read(token)
  if (claims === null) return jsonAnswer(200, { data: { is_valid: false, scopes: [] } })
  const isOfPage = claims.platform === 'facebook' && claims.kind === 'access'
  const end = Math.floor(claims.expiresAt.getTime() / 1000)
  return jsonAnswer(200, {
    data: {
      app_id: client.id,
      type: isOfPage ? 'PAGE' : 'USER',
      is_valid: tokens.readLive(token, ['access', 'user'], call.now) !== null,
      // A Page's token has no end.
      expires_at: isOfPage ? 0 : end,
      data_access_expires_at: end,
      scopes: claims.scopes,
      [isOfPage ? 'profile_id' : 'user_id']: claims.accountId,
    },
  })
}

function personToken(call: Call, simulation: Simulation): Answer {
  const { client, tokens } = simulation
  const { query } = call
  if (query.get('client_id') !== client.id || query.get('client_secret') !== client.secret) {
    return graphError(call, { code: 1, message: 'Error validating client secret.' })
  }
  const isExchange = query.get('grant_type') === 'fb_exchange_token'
  const given = (isExchange ? query.get('fb_exchange_token') : query.get('code')) ?? ''
  const claims = tokens.readLive(given, isExchange ? ['access', 'user'] : ['code'], call.now)
  const expires_in = isExchange ? LONG_SECONDS : SHORT_SECONDS
  const token = claims && tokenFor(call, simulation, { claims, accessSeconds: expires_in })
  if (token === null) {
    return graphError(call, { code: 190, message: 'Error validating access token.' })
  }
  if (!isExchange) tokens.kill(given)
  return jsonAnswer(200, { access_token: token, token_type: 'bearer', expires_in })
}

function tokenFor(
  { now }: Call,
  { tokens, world }: Simulation,
  { claims, accessSeconds }: { claims: TokenClaims; accessSeconds: number },
): string | null {
  const account = world.account(claims.platform, claims.accountId)
  if (account === null) return null
  const { scopes, serial } = claims
  const options = { issuedAt: now, scopes, serial: serial + 1, accessSeconds }
  // A person's token is not yet one of a Page, which `/me/accounts` hands out.
  if (claims.platform === 'facebook') return tokens.userTokenFor(account, options)
  return tokens.grant(account, options).accessToken
}
