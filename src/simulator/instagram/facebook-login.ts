import { z } from 'zod'
import type { JsonValue } from '../../domain/json.ts'
import { type Answer, answerOrRefusal, jsonAnswer } from '../answer.ts'
import { jsonOrNull } from '../json-body.ts'
import { createRouter, type Router } from '../router.ts'
import { type Call, faultTarget, type Route, type Simulation } from '../simulation.ts'
import { graphError, invalidParameter, refuseInstagram, unknownPath } from './errors.ts'
import { graphRoute } from './route.ts'

const BATCH_MAX = 50
const LONG_SECONDS = 5_183_944

const VERSION = '/:version(v\\d+\\.\\d+)'

const batchSchema = z.array(
  z.object({ method: z.literal('GET'), relative_url: z.string(), body: z.string().optional() }),
)

/** What only the host of the Facebook login has: pages, batches, and its own tokens. */
export function facebookLoginRoutes(reading: readonly Route[]): Route[] {
  const router = routerOf(reading)
  return [
    graphRoute('facebook', {
      path: '/me/accounts',
      read: ({ caller }) =>
        jsonAnswer(200, {
          data: [
            {
              id: `1${caller.platformAccountId.slice(3)}`,
              name: caller.displayName,
              instagram_business_account: {
                id: caller.platformAccountId,
                username: caller.handle,
              },
            },
          ],
        }),
    }),
    { method: 'GET', path: `${VERSION}/debug_token`, handle: debugToken },
    { method: 'GET', path: `${VERSION}/oauth/access_token`, handle: longToken },
    {
      method: 'POST',
      path: `${VERSION}{/}?`,
      idsOf: (call) =>
        operationsOf(call)?.map((one) => one.relative_url.split(/[/?]/)[0] ?? '') ?? [],
      handle: (call, simulation) => batchAnswer(call, simulation, router),
    },
  ]
}

function batchAnswer(call: Call, simulation: Simulation, router: Router): Answer {
  const operations = operationsOf(call)
  if (operations === null) throw invalidParameter(call, 'batch parameter must be a JSON array')
  if (operations.length > BATCH_MAX) {
    return graphError(call, {
      code: 1,
      type: 'GraphBatchException',
      message: `Too many requests in batch message. Maximum batch size is ${BATCH_MAX}`,
    })
  }
  const form = new URLSearchParams(call.body)
  const withHeaders = form.get('include_headers') !== 'false'
  const answers = operations.map(({ relative_url }): JsonValue => {
    const inner = innerCall(call, relative_url, form.get('access_token'))
    const unfinished = faultTarget(call, [inner.path.split('/')[2] ?? ''])
    if (simulation.faults.take(['unfinished'], unfinished) !== null) return null
    const { body, headers, status } = innerAnswer(inner, simulation, router)
    const list = Object.entries(headers).map(([name, value]) => ({ name, value }))
    return { code: status, ...(withHeaders ? { headers: list } : {}), body }
  })
  return jsonAnswer(200, answers)
}

function operationsOf({ body }: Call) {
  const batch = new URLSearchParams(body).get('batch')
  return batch === null ? null : (batchSchema.safeParse(jsonOrNull(batch)).data ?? null)
}

function innerCall(call: Call, relativeUrl: string, token: string | null): Call {
  const version = call.path.split('/')[1] ?? ''
  const bare = relativeUrl.replace(/^\//, '')
  const path = /^v\d+\.\d+\//.test(bare) ? `/${bare}` : `/${version}/${bare}`
  const url = new URL(path, 'http://inner.example')
  if (token !== null && !url.searchParams.has('access_token')) {
    url.searchParams.set('access_token', token)
  }
  return { ...call, method: 'GET', path: url.pathname, query: url.searchParams, body: '' }
}

function innerAnswer(call: Call, simulation: Simulation, router: Router): Answer {
  const destination = router('GET', call.path)
  if (!destination?.route) return unknownPath(call)
  const { params, route } = destination
  return answerOrRefusal(() => route.handle({ ...call, params }, simulation))
}

function routerOf(routes: readonly Route[]): Router {
  const rest = { variable: null, unknown: unknownPath, refuse: refuseInstagram }
  return createRouter([{ platform: 'instagram', prefix: '', routes, ...rest }])
}

function debugToken(call: Call, { client, tokens }: Simulation): Answer {
  if (call.query.get('access_token') !== `${client.id}|${client.secret}`) {
    return graphError(call, { code: 190, message: 'Invalid OAuth access token signature.' })
  }
  const token = call.query.get('input_token') ?? ''
  const claims = tokens.read(token)
  const isValid = tokens.readLive(token, ['access'], call.now) !== null
  if (claims === null) return jsonAnswer(200, { data: { is_valid: false, scopes: [] } })
  const expires_at = Math.floor(claims.expiresAt.getTime() / 1000)
  return jsonAnswer(200, {
    data: {
      app_id: client.id,
      type: 'USER',
      is_valid: isValid,
      expires_at,
      data_access_expires_at: expires_at,
      scopes: claims.scopes,
      user_id: claims.accountId,
    },
  })
}

function longToken(call: Call, { client, tokens, world }: Simulation): Answer {
  const { query } = call
  if (query.get('client_id') !== client.id || query.get('client_secret') !== client.secret) {
    return graphError(call, { code: 1, message: 'Error validating client secret.' })
  }
  const isExchange = query.get('grant_type') === 'fb_exchange_token'
  const token = (isExchange ? query.get('fb_exchange_token') : query.get('code')) ?? ''
  const claims = tokens.readLive(token, [isExchange ? 'access' : 'code'], call.now)
  const account = claims === null ? null : world.account('instagram', claims.accountId)
  if (claims === null || account === null) {
    return graphError(call, { code: 190, message: 'Error validating access token.' })
  }
  if (!isExchange) tokens.kill(token)
  const expires_in = isExchange ? LONG_SECONDS : 5400
  const grant = tokens.grant(account, {
    issuedAt: call.now,
    scopes: claims.scopes,
    serial: claims.serial + 1,
    accessSeconds: expires_in,
  })
  return jsonAnswer(200, { access_token: grant.accessToken, token_type: 'bearer', expires_in })
}
