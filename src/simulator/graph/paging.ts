import type { JsonObject } from '../../domain/json.ts'
import type { SimulatedAccount, SimulatedPublication } from '../account.ts'
import { hashOf } from '../random.ts'
import { type Call, faultTarget, type Simulation } from '../simulation.ts'
import { isShown } from '../world.ts'
import { invalidParameter } from './errors.ts'
import { tokenOf } from './tokens.ts'

const PAGE_MAX = 100
const PAGE_USUAL = 25

/** A page of publications, and what the platform says about its neighbours. */
export interface Page {
  shown: SimulatedPublication[]
  paging: JsonObject
}

/** The page of a list of publications that a call asks for, by `limit`, `after` and `before`. */
export function pageOf(
  call: Call,
  { faults }: Simulation,
  account: SimulatedAccount,
  all: readonly SimulatedPublication[],
): Page {
  const limit = limitOf(call)
  const from = startOf(call, all)
  const page = all.slice(from, from + pageSize(account, from, limit))
  const target = faultTarget(call, [account.platformAccountId])
  const isEmptied = faults.take(['empty_page'], target) !== null
  // What the platform may not show takes a place on a page without being shown on it.
  const shown = isEmptied ? [] : page.filter((one) => isShown(one, call.now))
  const hasMore = from + page.length < all.length
  return { shown, paging: pagingOf(call, page, { hasMore, isLater: from > 0 }) }
}

/** How many entries a page is to hold. */
export function limitOf(call: Call): number {
  const given = Number(call.query.get('limit') ?? PAGE_USUAL)
  if (!Number.isInteger(given) || given < 1) throw invalidParameter(call, 'limit is invalid')
  return Math.min(given, PAGE_MAX)
}

function pageSize({ hasShortPages }: SimulatedAccount, from: number, limit: number): number {
  const isShort = hasShortPages && limit > 3 && hashOf(0, 'page', from) % 2 === 0
  return isShort ? limit - 2 : limit
}

function startOf(call: Call, media: readonly SimulatedPublication[]): number {
  const [after, before] = [call.query.get('after'), call.query.get('before')]
  const cursor = after ?? before
  if (cursor === null) return 0
  const id = Buffer.from(cursor, 'base64url').toString()
  const place = media.findIndex((one) => one.platformPostId === id)
  if (place < 0) throw invalidParameter(call, 'Invalid cursor')
  return after === null ? Math.max(0, place - limitOf(call)) : place + 1
}

function pagingOf(
  call: Call,
  page: readonly SimulatedPublication[],
  { hasMore, isLater }: { hasMore: boolean; isLater: boolean },
): JsonObject {
  const [first, last] = [page.at(0), page.at(-1)]
  if (first === undefined || last === undefined) return {}
  const cursors = { before: cursorFor(first), after: cursorFor(last) }
  return {
    paging: {
      cursors,
      ...(hasMore ? { next: linkFor(call, 'after', cursors.after) } : {}),
      ...(isLater ? { previous: linkFor(call, 'before', cursors.before) } : {}),
    },
  }
}

// The platform's own links carry the token.
function linkFor(call: Call, direction: 'after' | 'before', cursor: string): string {
  const query = new URLSearchParams(call.query)
  query.delete('after')
  query.delete('before')
  query.set('access_token', tokenOf(call) ?? '')
  query.set(direction, cursor)
  return `${call.baseUrl}${call.path}?${query}`
}

function cursorFor({ platformPostId }: SimulatedPublication): string {
  return Buffer.from(platformPostId).toString('base64url')
}
