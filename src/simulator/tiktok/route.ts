import type { SimulatedAccount } from '../account.ts'
import { type Answer, RefusedError } from '../answer.ts'
import { bearerToken } from '../credentials.ts'
import type { Limit } from '../limits.ts'
import { type Call, faultTarget, type Route, type Simulation } from '../simulation.ts'
import { type ErrorCode, errorAnswer } from './errors.ts'

const MINUTE_MS = 60_000

/** The limit of each of the three reading paths, for the whole application. */
const PER_MINUTE: Limit = { max: 600, windowMs: MINUTE_MS }

/** A field that a call may select, and the scope that it needs. */
export interface FieldRule {
  scope: string
  /** What the platform answers when the scope is missing. */
  refusal: ErrorCode
}

/** A call that the platform has let in. */
export interface Admitted {
  call: Call
  simulation: Simulation
  caller: SimulatedAccount
  fields: Set<string>
}

/** A path for reading. Every path selects fields, and none has a default. */
export interface FieldRoute {
  method: Route['method']
  path: string
  /** The fields that there are at a moment. */
  fields(now: Date): Readonly<Record<string, FieldRule>>
  idsOf?: Route['idsOf']
  read(admitted: Admitted): Answer
}

/** A route that checks token, limit, fields and scopes before it answers. */
export function fieldRoute({ fields: fieldsAt, idsOf, method, path, read }: FieldRoute): Route {
  return {
    method,
    path,
    ...(idsOf === undefined ? {} : { idsOf }),
    handle(call, simulation) {
      const { caller, scopes } = callerOf(call, simulation)
      checkLimit(call, simulation, PER_MINUTE, path)
      const fields = fieldsAt(call.now)
      const selected = selectedFields(call, simulation, fields)
      for (const field of selected) {
        const rule = fields[field]
        if (rule && !scopes.includes(rule.scope)) throw refusal(call, simulation, rule.refusal)
      }
      return read({ call, simulation, caller, fields: selected })
    },
  }
}

/** Whose token a call carries, and what it may do. Refuses a token that is not good. */
export function callerOf(call: Call, simulation: Simulation) {
  const { faults, tokens, world } = simulation
  const token = bearerToken(call.headers)
  const claims = token === null ? null : tokens.readLive(token, ['access'], call.now)
  const caller = claims?.platform === 'tiktok' ? world.account('tiktok', claims.accountId) : null
  if (claims === null || caller === null || caller.isSuspended) {
    throw refusal(call, simulation, 'access_token_invalid')
  }
  const lost = faults.takeAll('missing_scope', faultTarget(call, [caller.platformAccountId]))
  const scopes = claims.scopes.filter((scope) => !lost.some((fault) => fault.scope === scope))
  return { caller, scopes }
}

/** Counts a call against a sliding window; refuses it beyond the limit. */
export function checkLimit(call: Call, simulation: Simulation, limit: Limit, key: string): void {
  const { limits, switches } = simulation
  const { isExceeded } = limits.countSliding(`tiktok ${key}`, limit, call.now)
  if (isExceeded && switches.limits === 'on') {
    throw refusal(call, simulation, 'rate_limit_exceeded')
  }
}

/** A refusal that handlers throw. */
export function refusal(
  call: Call,
  simulation: Simulation,
  code: ErrorCode,
  detail?: string,
): RefusedError {
  return new RefusedError(errorAnswer(call, simulation, code, detail))
}

function selectedFields(
  call: Call,
  simulation: Simulation,
  known: Readonly<Record<string, FieldRule>>,
): Set<string> {
  const names = (call.query.get('fields') ?? '').split(',').filter((name) => name !== '')
  if (names.length === 0) {
    throw refusal(call, simulation, 'invalid_params', 'Fields are required in the query.')
  }
  const retired = simulation.faults.takeAll('retired_metric', faultTarget(call, []))
  const isKnown = (name: string) =>
    Object.hasOwn(known, name) && !retired.some((fault) => fault.metric === name)
  if (names.every(isKnown)) return new Set(names)
  // Which field it was stays untold.
  throw refusal(call, simulation, 'invalid_params')
}
