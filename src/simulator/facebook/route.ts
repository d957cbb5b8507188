import type { SimulatedAccount } from '../account.ts'
import { type Answer, answerOrRefusal, RefusedError } from '../answer.ts'
import { deadToken, refusal, usageHeaders } from '../graph/errors.ts'
import { tokenOf } from '../graph/tokens.ts'
import { type Call, faultTarget, type Route, type Simulation } from '../simulation.ts'
import { lacks, tooManyCalls, wrongToken } from './errors.ts'

/** What a Page with a few engaged people gets in a day is more than this in an hour. */
const LIMIT = { max: 20_000, windowMs: 3_600_000 }

/** A call that the platform has let in. */
export interface Admitted {
  call: Call
  simulation: Simulation
  /** The Page whose token it is, or that the token's person manages. */
  page: SimulatedAccount
  /** Whether it is the token of a person rather than of the Page. */
  isPerson: boolean
  scopes: readonly string[]
}

/** A versioned path. `path` follows the version. */
export interface FacebookRoute {
  path: string
  read(admitted: Admitted): Answer
}

/** A route that checks the token and the limits before it answers. */
export function facebookRoute({ path, read }: FacebookRoute): Route {
  return {
    method: 'GET',
    path: `/:version(v\\d+\\.\\d+)${path}`,
    handle(call, simulation) {
      const admitted = { ...admit(call, simulation), call, simulation }
      const headers = count(admitted)
      const answer = answerOrRefusal(() => read(admitted))
      return { ...answer, headers: { ...headers, ...answer.headers } }
    },
  }
}

/** Refuses a person's token, and one without the scope that everything below a Page takes. */
export function requirePage({ call, isPerson, scopes }: Admitted): void {
  if (isPerson) throw wrongToken(call)
  if (!scopes.includes('pages_read_engagement')) throw lacks(call, 'pages_read_engagement')
}

function admit(call: Call, { faults, tokens, world }: Simulation) {
  const token = tokenOf(call)
  if (token === null) {
    const message = 'An active access token must be used to query information.'
    throw refusal(call, { code: 2500, message })
  }
  const claims = tokens.readLive(token, ['access', 'user'], call.now)
  if (claims === null) throw new RefusedError(deadToken(call, tokens.read(token)?.expiresAt))
  const page = world.account('facebook', claims.accountId)
  if (page === null) throw new RefusedError(deadToken(call, undefined))
  if (page.isSuspended) {
    const message = 'Error validating access token: You cannot access the app till you log in.'
    throw refusal(call, { code: 190, subcode: 459, message })
  }
  const lost = faults.takeAll('missing_scope', faultTarget(call, [page.platformAccountId]))
  const scopes = claims.scopes.filter((scope) => !lost.some((fault) => fault.scope === scope))
  return { page, scopes, isPerson: claims.kind === 'user' }
}

function count({ call, page, simulation }: Admitted) {
  const { limits, switches } = simulation
  const id = page.platformAccountId
  const allowance = limits.countSliding(`facebook ${id}`, LIMIT, call.now)
  if (allowance.isExceeded && switches.limits === 'on') {
    throw new RefusedError(tooManyCalls(call, id, allowance.resetAt))
  }
  const percent = Math.floor(((LIMIT.max - allowance.remaining) * 100) / LIMIT.max)
  return usageHeaders('pages', id, percent, 0)
}
