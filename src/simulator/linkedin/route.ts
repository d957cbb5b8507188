import type { SimulatedAccount } from '../account.ts'
import { type Answer, RefusedError } from '../answer.ts'
import { bearerToken } from '../credentials.ts'
import { type Call, faultTarget, type Route, type Simulation } from '../simulation.ts'
import { deniedMessage, inactive, type Quota, refusal, throttled } from './errors.ts'
import { rawParameters } from './restli.ts'

const DAY_MS = 86_400_000

/** When LinkedIn ends its versions, as far as it has said. */
const SUNSETS: Record<string, string> = {
  '202512': '2026-12-15',
  '202601': '2027-01-15',
  '202602': '2027-02-15',
  '202603': '2027-03-16',
  '202604': '2027-04-15',
  '202605': '2027-05-15',
  '202606': '2027-06-15',
  '202607': '2027-07-15',
  '202608': '2027-08-15',
  '202609': '2027-09-15',
}

/** Calls a day and resource that the application and each of its members may make. */
const QUOTAS: Record<Simulation['switches']['linkedinTier'], Record<Quota, number>> = {
  standard: { APPLICATION: 500_000, MEMBER: 100_000 },
  development: { APPLICATION: 500, MEMBER: 100 },
}

/** Any of these scopes opens a resource, to a member with any of these roles on the page. */
export interface Permission {
  scopes: readonly string[]
  roles: readonly string[]
}

/** What statistics of a page take. */
export const ADMINISTRATOR: Permission = {
  scopes: ['rw_organization_admin', 'r_organization_admin'],
  roles: ['ADMINISTRATOR'],
}

/** What a page's posts take. */
export const CONTENT_ADMINISTRATOR: Permission = {
  scopes: ['r_organization_social'],
  roles: ['ADMINISTRATOR', 'CONTENT_ADMINISTRATOR'],
}

/** What any page shows to whoever works for it. */
export const ANYONE: Permission = {
  scopes: [...ADMINISTRATOR.scopes, ...CONTENT_ADMINISTRATOR.scopes],
  roles: [],
}

/** A call that the platform has let in. */
export interface Admitted {
  call: Call
  simulation: Simulation
  caller: SimulatedAccount
  parameters: ReadonlyMap<string, string>
}

/** A path for reading. */
export interface ReadRoute {
  path: string
  /** What LinkedIn calls it in its refusals. */
  resource: string
  permission: Permission
  /** Whether the kind of Rest.li call has to be named in a header. */
  namesMethod?: boolean
  idsOf?: Route['idsOf']
  read(admitted: Admitted): Answer
}

/** A route that checks version, token, protocol, quota and permission before it answers. */
export function readRoute({
  path,
  resource,
  permission,
  namesMethod,
  idsOf,
  read,
}: ReadRoute): Route {
  return {
    method: 'GET',
    path,
    ...(idsOf === undefined ? {} : { idsOf }),
    handle(call, simulation) {
      const version = checkVersion(call)
      const { caller, scopes } = callerOf(call, simulation)
      checkProtocol(call, namesMethod === true)
      checkQuota(call, simulation, resource)
      if (!isPermitted(call, simulation, { caller, scopes, permission })) {
        throw refusal('ACCESS_DENIED', deniedMessage(resource, version))
      }
      return read({ call, simulation, caller, parameters: rawParameters(call) })
    },
  }
}

function checkVersion(call: Call): string {
  const version = call.headers['linkedin-version']
  if (typeof version !== 'string') throw refusal('VERSION_MISSING')
  const sunset = SUNSETS[version]
  const isActive = sunset !== undefined && call.now.getTime() < Date.parse(sunset)
  if (!isActive) throw refusal('NONEXISTENT_VERSION', inactive(version))
  return version
}

function callerOf(call: Call, { tokens, world }: Simulation) {
  const token = bearerToken(call.headers)
  if (token === null) throw refusal('EMPTY_ACCESS_TOKEN')
  const claims = tokens.read(token)
  const caller =
    claims?.platform === 'linkedin' ? world.account('linkedin', claims.accountId) : null
  if (claims === null || caller === null || claims.kind !== 'access') {
    throw refusal('INVALID_ACCESS_TOKEN')
  }
  if (claims.expiresAt <= call.now) throw refusal('EXPIRED_ACCESS_TOKEN')
  const isLive = tokens.readLive(token, ['access'], call.now) !== null
  if (!isLive || caller.isSuspended) throw refusal('REVOKED_ACCESS_TOKEN')
  return { caller, scopes: claims.scopes }
}

function checkProtocol(call: Call, namesMethod: boolean): void {
  const method = call.headers['x-restli-method']
  const isNamed = method === 'FINDER' || method === 'BATCH_GET'
  if (call.headers['x-restli-protocol-version'] !== '2.0.0' || (namesMethod && !isNamed)) {
    throw refusal('PARAM_INVALID')
  }
}

// Quotas are those of a day in UTC, so each day has counters of its own.
function checkQuota(call: Call, { limits, switches }: Simulation, resource: string): void {
  const day = call.now.toISOString().slice(0, 10)
  for (const quota of ['APPLICATION', 'MEMBER'] as const) {
    const limit = { max: QUOTAS[switches.linkedinTier][quota], windowMs: DAY_MS }
    const whose = quota === 'MEMBER' ? call.accountId : ''
    const key = `linkedin ${quota} ${whose} ${resource} ${day}`
    const { isExceeded } = limits.countInWindow(key, limit, call.now)
    if (isExceeded && switches.limits === 'on') throw new RefusedError(throttled(quota))
  }
}

interface Claimed {
  caller: SimulatedAccount
  scopes: readonly string[]
  permission: Permission
}

// A lost role is scripted like a lost scope, under its own name.
function isPermitted(
  call: Call,
  { faults }: Simulation,
  { caller, scopes, permission }: Claimed,
): boolean {
  const target = faultTarget(call, [caller.platformAccountId])
  const lost = faults.takeAll('missing_scope', target).map((fault) => fault.scope)
  const isHeld = (name: string) => !lost.includes(name)
  const hasScope = permission.scopes.some((scope) => scopes.includes(scope) && isHeld(scope))
  // Who is no administrator may still look after the posts.
  const hasRole = permission.roles.length === 0 || permission.roles.some(isHeld)
  return hasScope && hasRole
}
