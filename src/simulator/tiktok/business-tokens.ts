import { z } from 'zod'
import { type Answer, jsonAnswer } from '../answer.ts'
import { jsonOrNull } from '../json-body.ts'
import type { Call, Route, Simulation } from '../simulation.ts'
import type { TokenClaims } from '../tokens.ts'
import { businessError } from './business.ts'
import { logId } from './errors.ts'

const ACCESS_SECONDS = 86_400
const REFRESH_SECONDS = 31_536_000

const bodySchema = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  grant_type: z.string(),
  auth_code: z.string().optional(),
  refresh_token: z.string().optional(),
})

/** Exchanging tokens of the Accounts API, which takes JSON. */
export const businessTokenRoutes: Route[] = [
  {
    method: 'POST',
    path: '/open_api/v1.3/tt_user/oauth2/token/',
    handle: (call, simulation) => exchanged(call, simulation, 'code'),
  },
  {
    method: 'POST',
    path: '/open_api/v1.3/tt_user/oauth2/refresh_token/',
    handle: (call, simulation) => exchanged(call, simulation, 'refresh'),
  },
]

function exchanged(call: Call, simulation: Simulation, kind: TokenClaims['kind']): Answer {
  const { client, tokens, world } = simulation
  const body = bodySchema.safeParse(jsonOrNull(call.body)).data
  if (body === undefined) return businessError(call, 40_002, 'Invalid parameters.')
  if (body.client_id !== client.id || body.client_secret !== client.secret) {
    return businessError(call, 40_001, 'The client id or secret is incorrect.')
  }
  const token = (kind === 'code' ? body.auth_code : body.refresh_token) ?? ''
  const claims = tokens.readLive(token, [kind], call.now)
  const account = claims === null ? null : world.account('tiktok', claims.accountId)
  if (claims === null || account === null) {
    return businessError(call, 40_105, 'The token is incorrect or has expired.')
  }
  tokens.kill(token)
  const grant = tokens.grant(account, {
    issuedAt: call.now,
    scopes: claims.scopes,
    serial: claims.serial + 1,
    accessSeconds: ACCESS_SECONDS,
    refreshSeconds: REFRESH_SECONDS,
  })
  const data = {
    access_token: grant.accessToken,
    token_type: 'Bearer',
    scope: grant.scopes.join(','),
    expires_in: ACCESS_SECONDS,
    refresh_token: grant.refreshToken,
    refresh_token_expires_in: REFRESH_SECONDS,
    open_id: account.platformAccountId,
  }
  return jsonAnswer(200, { code: 0, message: 'OK', request_id: logId(call), data })
}
