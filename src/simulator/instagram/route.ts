import type { SimulatedAccount } from '../account.ts'
import { type Answer, answerOrRefusal, RefusedError } from '../answer.ts'
import { deadToken, refusal, usageHeaders } from '../graph/errors.ts'
import { tokenOf } from '../graph/tokens.ts'
import { type Call, faultTarget, type Route, type Simulation } from '../simulation.ts'
import { notPermitted, tooManyCalls } from './errors.ts'

/** About 110 calls an hour are one percent of a small account's budget. */
const LIMIT = { max: 11_000, windowMs: 3_600_000 }

const FACEBOOK_PREFIX = 'EAA'

/** The two hosts: the Instagram login's own, and that of the Facebook login. */
export type Flavour = 'instagram' | 'facebook'

/** A call that the platform has let in. */
export interface Admitted {
  call: Call
  simulation: Simulation
  caller: SimulatedAccount
  scopes: readonly string[]
  flavour: Flavour
}

/** A versioned path below a host. `path` follows the version. */
export interface GraphRoute {
  path: string
  read(admitted: Admitted): Answer
}

/** A route that checks the token and the limits before it answers. */
export function graphRoute(flavour: Flavour, { path, read }: GraphRoute): Route {
  return {
    method: 'GET',
    path: `/:version(v\\d+\\.\\d+)${path}`,
    handle(call, simulation) {
      const admitted = { ...admit(call, simulation, flavour), call, simulation, flavour }
      const headers = count(admitted)
      const answer = answerOrRefusal(() => read(admitted))
      return { ...answer, headers: { ...headers, ...answer.headers } }
    },
  }
}

/** Whether a scope was granted, under the name of either login. */
export function isGranted(scopes: readonly string[], scope: 'basic' | 'insights'): boolean {
  const names = {
    basic: ['instagram_business_basic', 'instagram_basic'],
    insights: ['instagram_business_manage_insights', 'instagram_manage_insights'],
  }
  return names[scope].some((name) => scopes.includes(name))
}

function admit(call: Call, { faults, tokens, world }: Simulation, flavour: Flavour) {
  const token = tokenOf(call)
  if (token === null) {
    const message = 'An active access token must be used to query information.'
    throw refusal(call, { code: 2500, message })
  }
  // Neither host knows the tokens of the other login.
  const isOfHost = token.startsWith(FACEBOOK_PREFIX) === (flavour === 'facebook')
  const claims = isOfHost ? tokens.readLive(token, ['access'], call.now) : null
  if (claims === null) throw new RefusedError(deadToken(call, tokens.read(token)?.expiresAt))
  const caller = world.account('instagram', claims.accountId)
  if (caller === null) throw new RefusedError(deadToken(call, undefined))
  if (caller.isSuspended) {
    const message = 'Error validating access token: You cannot access the app till you log in.'
    throw refusal(call, { code: 190, subcode: 459, message })
  }
  const lost = faults.takeAll('missing_scope', faultTarget(call, [caller.platformAccountId]))
  const scopes = claims.scopes.filter((scope) => !lost.some((fault) => fault.scope === scope))
  if (!isGranted(scopes, 'basic')) throw notPermitted(call)
  return { caller, scopes }
}

function count({ call, caller, simulation }: Admitted) {
  const { limits, switches } = simulation
  const id = caller.platformAccountId
  const allowance = limits.countSliding(`instagram ${id}`, LIMIT, call.now)
  if (allowance.isExceeded && switches.limits === 'on') {
    throw new RefusedError(tooManyCalls(call, id, allowance.resetAt))
  }
  const percent = Math.floor(((LIMIT.max - allowance.remaining) * 100) / LIMIT.max)
  return usageHeaders('instagram', id, percent, 0)
}
