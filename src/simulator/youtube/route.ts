import { isScopeGranted } from '../../domain/catalog/catalog.ts'
import { pacificDay } from '../../domain/pacific.ts'
import type { SimulatedAccount } from '../account.ts'
import type { Answer } from '../answer.ts'
import { bearerToken } from '../credentials.ts'
import { type Call, faultTarget, type Route, type Simulation } from '../simulation.ts'
import { invalidParameter, type Reason, refusal } from './errors.ts'
import { READ_SCOPE } from './world.ts'

/** What the whole application may ask of the Data API in one Pacific day; a call costs one unit. */
export const UNITS_PER_DAY = 10_000

const DAY_MS = 25 * 3_600_000
const COMMON = ['alt', 'fields', 'key', 'prettyPrint', 'quotaUser', 'onBehalfOfContentOwner']

/** A call that the platform has let in. */
export interface Admitted {
  call: Call
  simulation: Simulation
  caller: SimulatedAccount
}

/** A call to the Data API, with the parts that it selects. */
export interface DataCall extends Admitted {
  parts: Set<string>
}

/** A path of the Data API. */
export interface DataRoute {
  path: string
  parts: readonly string[]
  /** The parameters that it takes beside `part`. */
  parameters: readonly string[]
  read(admitted: DataCall): Answer
}

/** A route that checks token, quota, scope and parameters before it answers. */
export function dataRoute({ parameters, parts, path, read }: DataRoute): Route {
  return {
    method: 'GET',
    path,
    idsOf: (call) => listOf(call, 'id'),
    handle(call, simulation) {
      const caller = callerOf(call, simulation, READ_SCOPE)
      countDaily(call, simulation, { key: 'units', max: UNITS_PER_DAY, reason: 'quotaExceeded' })
      checkNames(call, ['part', ...parameters])
      return read({ call, simulation, caller, parts: selectedParts(call, parts) })
    },
  }
}

/** Whose token a call carries. Refuses one that is not good, or that lacks the scope. */
export function callerOf(call: Call, simulation: Simulation, scope: string): SimulatedAccount {
  const { faults, tokens, world } = simulation
  const token = bearerToken(call.headers)
  if (token === null) throw refusal('required')
  const claims = tokens.readLive(token, ['access'], call.now)
  const caller = claims?.platform === 'youtube' ? world.account('youtube', claims.accountId) : null
  if (claims === null || caller === null) throw refusal('authError')
  if (caller.isSuspended) throw refusal('authenticatedUserAccountSuspended')
  const lost = faults.takeAll('missing_scope', faultTarget(call, [caller.platformAccountId]))
  const scopes = claims.scopes.filter((name) => !lost.some((fault) => fault.scope === name))
  if (!isScopeGranted('youtube', scope, scopes)) throw refusal('insufficientPermissions')
  return caller
}

/** Counts a call against what the application may ask in a Pacific day; refuses it beyond that. */
export function countDaily(
  call: Call,
  { limits, switches }: Simulation,
  { key, max, reason }: { key: string; max: number; reason: Reason },
): void {
  const limit = { max, windowMs: DAY_MS }
  const day = `youtube ${key} ${pacificDay(call.now)}`
  const { isExceeded } = limits.countInWindow(day, limit, call.now)
  if (isExceeded && switches.limits === 'on') throw refusal(reason)
}

/** Refuses a call with a parameter that the path does not know. */
export function checkNames({ query }: Call, known: readonly string[]): void {
  const names = [...known, ...COMMON]
  const unknown = [...query.keys()].find((name) => !names.includes(name))
  if (unknown === undefined) return
  const said = `Unknown name "${unknown}": Cannot bind query parameter. Field '${unknown}' could not be found in request message.`
  throw refusal('badRequest', { message: `Invalid JSON payload received. ${said}` })
}

/** The texts of a parameter that holds a list. */
export function listOf({ query }: Call, name: string): string[] {
  return (query.get(name) ?? '').split(',').filter((text) => text !== '')
}

/** A whole number within bounds; the usual one without the parameter. */
export function numberBetween(
  { query }: Call,
  name: string,
  bounds: { low: number; high: number; usual: number },
): number {
  const given = query.get(name)
  if (given === null) return bounds.usual
  const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN
  if (value >= bounds.low && value <= bounds.high) return value
  const range = `[${bounds.low}, ${bounds.high}]`
  const message = `Invalid value '${given}'. Values must be within the range: ${range}`
  throw invalidParameter(name, message)
}

function selectedParts(call: Call, known: readonly string[]): Set<string> {
  const parts = listOf(call, 'part')
  if (parts.length === 0) {
    const place = { location: 'part', locationType: 'parameter' }
    throw refusal('missingRequiredParameter', { message: 'Required parameter: part', ...place })
  }
  const unknown = parts.find((part) => !known.includes(part))
  if (unknown !== undefined) throw refusal('unknownPart', { message: `'${unknown}'` })
  return new Set(parts)
}
