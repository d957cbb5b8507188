import type { SimulatedAccount } from '../account.ts'
import { type Answer, answerOrRefusal, RefusedError } from '../answer.ts'
import { bearerToken } from '../credentials.ts'
import { hashOf } from '../random.ts'
import { type Call, faultTarget, type Route, type Simulation } from '../simulation.ts'
import type { TokenClaims } from '../tokens.ts'
import {
  accountLocked,
  blankProblem,
  limitHeaders,
  tooManyRequests,
  unauthorized,
  unsupportedAuthentication,
} from './errors.ts'
import { checkParameters, type Selection, selectionOf } from './parameters.ts'
import { vocabularyOf } from './vocabulary.ts'

const WINDOW_MS = 15 * 60 * 1000

const SELECTORS = ['expansions', 'user.fields', 'media.fields', 'poll.fields', 'place.fields']

/** A call that the platform has let in. */
export interface Admitted {
  call: Call
  simulation: Simulation
  /** Whose token it is; null for the application's own. */
  caller: SimulatedAccount | null
  selection: Selection
}

/** A path for reading, and how many calls of 15 minutes it takes from one user or application. */
export interface ReadRoute {
  path: string
  parameters: readonly string[]
  perUser: number
  /** Null where the application's own token is refused. */
  perApp: number | null
  read(admitted: Admitted): Answer
}

/** A route that checks token, scopes, limits and parameters before it answers. */
export function readRoute(route: ReadRoute): Route {
  return {
    method: 'GET',
    path: route.path,
    idsOf: (call) => [...pathIds(call), ...listedIds(call)],
    handle(call, simulation) {
      const claims = claimsOf(call, simulation)
      const headers = { ...allow(route, call, claims, simulation), ...standing(call) }
      const answer = answerOrRefusal(() => {
        const admitted = admit(route, call, claims, simulation)
        return route.read(admitted)
      })
      return { ...answer, headers: { ...answer.headers, ...headers } }
    },
  }
}

function pathIds({ params }: Call): string[] {
  return params['id'] === undefined ? [] : [params['id']]
}

function listedIds({ query }: Call): string[] {
  return (query.get('ids') ?? '').split(',').filter((id) => id !== '')
}

function claimsOf(call: Call, { tokens }: Simulation): TokenClaims {
  const token = bearerToken(call.headers)
  const claims = token === null ? null : tokens.readLive(token, ['access', 'app'], call.now)
  if (claims === null || claims.platform !== 'x') throw new RefusedError(unauthorized())
  return claims
}

function allow(route: ReadRoute, call: Call, claims: TokenClaims, simulation: Simulation) {
  const isApp = claims.kind === 'app'
  if (isApp && route.perApp === null) {
    throw new RefusedError(unsupportedAuthentication(simulation))
  }
  const max = isApp ? (route.perApp ?? 0) : route.perUser
  const key = `x ${route.path} ${claims.accountId}`
  const { isExceeded, remaining, resetAt } = simulation.limits.countInWindow(
    key,
    { max, windowMs: WINDOW_MS },
    call.now,
  )
  if (isExceeded && simulation.switches.limits === 'on') {
    throw new RefusedError(tooManyRequests(max, resetAt))
  }
  return limitHeaders(max, remaining, resetAt)
}

function admit(
  route: ReadRoute,
  call: Call,
  claims: TokenClaims,
  simulation: Simulation,
): Admitted {
  const caller = simulation.world.account('x', claims.accountId)
  if (claims.kind === 'access') checkScopes(call, claims, simulation)
  if (caller?.isSuspended) throw new RefusedError(accountLocked())
  const words = vocabularyOf(call, simulation)
  checkParameters(call, simulation, [...route.parameters, ...SELECTORS, words.selector])
  return { call, simulation, caller, selection: selectionOf(call, simulation, words) }
}

function checkScopes(call: Call, claims: TokenClaims, { faults }: Simulation): void {
  const lost = faults.takeAll('missing_scope', faultTarget(call, [claims.accountId]))
  const scopes = claims.scopes.filter((scope) => !lost.some((fault) => fault.scope === scope))
  const isEnough = ['tweet.read', 'users.read'].every((scope) => scopes.includes(scope))
  if (!isEnough) throw new RefusedError(blankProblem(403, 'Forbidden'))
}

function standing(call: Call) {
  const transaction = hashOf(0, call.path, call.now.getTime()).toString(16).padStart(8, '0')
  return {
    'api-version': '2.167',
    'x-access-level': 'read',
    'x-transaction-id': `${transaction}${transaction}`,
  }
}
