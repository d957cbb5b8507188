import type { JsonObject } from '../../domain/json.ts'
import type { SimulatedAccount, SimulatedPublication } from '../account.ts'
import { type Answer, jsonAnswer } from '../answer.ts'
import { hashOf } from '../random.ts'
import { type Call, faultTarget } from '../simulation.ts'
import { isShown } from '../world.ts'
import { invalidParameter } from './errors.ts'
import { parseFields } from './fields.ts'
import { isExpiredStory } from './nodes.ts'
import { mediaObject } from './objects.ts'
import { type Admitted, tokenOf } from './route.ts'

const REACH = 10_000
const PAGE_MAX = 100
const PAGE_USUAL = 25

/** A page of the account's media, newest first; stories are not among them. */
export function mediaAnswer(admitted: Admitted, account: SimulatedAccount): Answer {
  const { call, simulation } = admitted
  const limit = limitOf(call)
  const media = simulation.world
    .publications(account, call.now)
    .filter((one) => one.kind !== 'story' && isWithin(call, one))
    .slice(0, REACH)
  const from = startOf(call, media)
  const page = media.slice(from, from + pageSize(account, from, limit))
  const isEmptied =
    simulation.faults.take(['empty_page'], faultTarget(call, [account.platformAccountId])) !== null
  // What the platform may not show takes a place on a page without being shown on it.
  const shown = isEmptied ? [] : page.filter((one) => isShown(one, call.now))
  const fields = parseFields(call.query.get('fields') ?? 'id')
  const data = shown.map((one) => mediaObject(admitted, one, fields))
  const hasMore = from + page.length < media.length
  return jsonAnswer(200, { data, ...pagingOf(call, page, { hasMore, isLater: from > 0 }) })
}

/** The account's stories of the last 24 hours. */
export function storiesAnswer(admitted: Admitted, account: SimulatedAccount): Answer {
  const { call, simulation } = admitted
  const fields = parseFields(call.query.get('fields') ?? 'id')
  const stories = simulation.world
    .publications(account, call.now)
    .filter((one) => one.kind === 'story' && isShown(one, call.now))
    .filter((one) => !isExpiredStory(one, call.now))
  return jsonAnswer(200, { data: stories.map((one) => mediaObject(admitted, one, fields)) })
}

function limitOf(call: Call): number {
  const given = Number(call.query.get('limit') ?? PAGE_USUAL)
  if (!Number.isInteger(given) || given < 1) throw invalidParameter(call, 'limit is invalid')
  return Math.min(given, PAGE_MAX)
}

function pageSize({ hasShortPages }: SimulatedAccount, from: number, limit: number): number {
  const isShort = hasShortPages && limit > 3 && hashOf(0, 'page', from) % 2 === 0
  return isShort ? limit - 2 : limit
}

function isWithin({ query }: Call, { publishedAt }: SimulatedPublication): boolean {
  const at = publishedAt.getTime() / 1000
  const since = query.get('since')
  const until = query.get('until')
  return (since === null || at >= Number(since)) && (until === null || at <= Number(until))
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
