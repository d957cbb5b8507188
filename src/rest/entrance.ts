import { isJwt } from '../auth/jwt.ts'
import { limitKey, type Principal } from '../auth/principal.ts'
import type { NewId } from '../domain/clock.ts'
import { VERSION_HEADER } from '../domain/data-version.ts'
import type { RateLimit } from '../domain/rate-limit.ts'
import {
  type Facade,
  type FacadeDependencies,
  type Guard,
  surfaceOf,
  type Vendor,
} from './facade.ts'
import { findAnswer, sendAnswer } from './kept-answers.ts'
import type { Refusal } from './refusal.ts'

/** Names a request, in the request and in its answer. */
export const REQUEST_ID = 'X-Request-Id'

const REQUEST_IDS = /^[\w=-]{1,128}$/

function requestIdFor(vendor: Vendor, given: string | null, newId: NewId): string {
  if (given !== null && REQUEST_IDS.test(given)) return given
  const id = newId()
  return vendor.requestIdOf?.(id) ?? id
}

/** Names requests as their clients do, or anew. */
export function nameRequests(vendor: Vendor, newId: NewId): Guard {
  return async (c, next) => {
    const requestId = requestIdFor(vendor, c.req.header(REQUEST_ID) ?? null, newId)
    c.set('requestId', requestId)
    await next()
    c.res.headers.set(REQUEST_ID, requestId)
  }
}

type Shown = { principal: Principal } | { refusal: Refusal }

/** Who shows a key that is good for this API, or why it is refused. */
export async function whoShows(
  vendor: Vendor,
  headers: Pick<Headers, 'get'>,
  { authenticator, observers }: FacadeDependencies,
): Promise<Shown> {
  const key = vendor.keyIn(headers)
  if (key === null) return { refusal: { kind: 'no_key' } }
  if (isJwt(key) && !takesJwt(vendor)) return { refusal: { kind: 'unknown_key' } }
  const verdict = await authenticator.check(key)
  if (verdict.kind !== 'good') return { refusal: { kind: `${verdict.kind}_key` } }
  const { workspaceId, keyId } = verdict.principal
  Object.assign(observers?.requests.current() ?? {}, { workspaceId, keyId })
  return { principal: verdict.principal }
}

/** Answers again what has been answered before, within the limit of who asks. */
export function giverOf(
  vendor: Vendor,
  limit: RateLimit,
  deps: FacadeDependencies,
): Facade['giveAgain'] {
  const surface = surfaceOf(vendor)
  return async (request, response) => {
    const { headers, url: address = '' } = request
    if (request.method !== 'GET' || vendor.isStreamed) return false
    const given = { get: (name: string) => headers[name.toLowerCase()]?.toString() ?? null }
    const now = deps.now()
    const atLeast = headers[VERSION_HEADER]?.toString()
    const found = await foundFor(async () => {
      const shown = await whoShows(vendor, given, deps)
      if ('refusal' in shown) return null
      const { principal } = shown
      const kept = await findAnswer(deps, { surface, address, principal }, atLeast, now)
      return kept && { kept, principal }
    })
    if (found === null) return false
    const { kept, principal } = found
    const rate = limit.take(limitKey(principal), 1, now)
    if (!rate.isAllowed) return false
    const requestId = requestIdFor(vendor, given.get(REQUEST_ID), deps.newId)
    const fields = deps.observers?.requests.current()
    if (fields) fields.requestId = requestId
    const own = vendor.headersOf?.({ requestId, rate })
    sendAnswer(request, response, kept, { [REQUEST_ID]: requestId, ...own })
    return true
  }
}

// What fails here fails again where the API answers by itself, and says so in its own words.
async function foundFor<Found>(look: () => Promise<Found>): Promise<Found | null> {
  try {
    return await look()
  } catch {
    return null
  }
}

function takesJwt({ credentials }: Vendor): boolean {
  return Object.values(credentials).some(
    (scheme) => scheme.type === 'http' && scheme.bearerFormat === 'JWT',
  )
}
