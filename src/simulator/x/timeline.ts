import type { JsonObject } from '../../domain/json.ts'
import { type Call, faultTarget, type Simulation } from '../simulation.ts'
import type { Entry } from './entries.ts'
import { invalidParameter } from './errors.ts'
import { instantOf, listOf, numberWithin } from './parameters.ts'
import type { Admitted } from './route.ts'

/** How far back a timeline reaches, in posts. */
const REACH = 3200
const REACH_WITHOUT_REPLIES = 800

/** What a call wants of a timeline. */
export interface TimelineRequest {
  max: number
  token: { isBackwards: boolean; id: bigint } | null
  exclude: Set<string>
  from: Date | null
  to: Date | null
  sinceId: bigint | null
  untilId: bigint | null
}

/** Reads and checks the parameters of a timeline. */
export function timelineRequest(call: Call, simulation: Simulation): TimelineRequest {
  const id = (name: string) => {
    const given = call.query.get(name)
    if (given === null) return null
    if (/^\d{1,19}$/.test(given)) return BigInt(given)
    const message = `The \`${name}\` query parameter value [${given}] is not valid`
    throw invalidParameter(call, simulation, name, message)
  }
  return {
    max: numberWithin(call, simulation, 'max_results', { low: 5, high: 100, usual: 10 }),
    token: tokenOf(call, simulation),
    exclude: listOf(call, simulation, 'exclude', ['replies', 'retweets']),
    from: instantOf(call, simulation, 'start_time'),
    to: instantOf(call, simulation, 'end_time'),
    sinceId: id('since_id'),
    untilId: id('until_id'),
  }
}

/**
 * One page of a timeline. Reposts and replies are taken out after the page was cut, so a page may
 * hold fewer posts than were asked for while more pages follow.
 */
export function pageOf(
  entries: readonly Entry[],
  request: TimelineRequest,
  { call, simulation }: Admitted,
): { kept: Entry[]; meta: JsonObject } {
  const reach = request.exclude.has('replies') ? REACH_WITHOUT_REPLIES : REACH
  const within = entries.slice(0, reach).filter((entry) => isWithin(entry, request))
  const { cut, hasNext, hasPrevious } = cutPage(within, request)
  const isEmptied = simulation.faults.take(['empty_page'], targetOf(call)) !== null
  const kept = isEmptied ? [] : cut.filter(({ kind }) => !isExcluded(kind, request.exclude))
  const ids = kept.map((entry) => entry.publication.platformPostId)
  const [first, last] = [cut.at(0), cut.at(-1)]
  const meta = {
    result_count: kept.length,
    ...(kept.length === 0 ? {} : { newest_id: ids.at(0), oldest_id: ids.at(-1) }),
    ...(hasNext && last !== undefined ? { next_token: tokenFor(last, false) } : {}),
    ...(hasPrevious && first !== undefined ? { previous_token: tokenFor(first, true) } : {}),
  }
  return { kept, meta }
}

function cutPage(entries: Entry[], { max, token }: TimelineRequest) {
  if (token === null) {
    return { cut: entries.slice(0, max), hasNext: entries.length > max, hasPrevious: false }
  }
  const newer = entries.filter((entry) => idOf(entry) > token.id)
  const older = entries.filter((entry) => idOf(entry) < token.id)
  if (token.isBackwards) {
    return { cut: newer.slice(-max), hasNext: true, hasPrevious: newer.length > max }
  }
  return { cut: older.slice(0, max), hasNext: older.length > max, hasPrevious: true }
}

function isWithin({ publication }: Entry, request: TimelineRequest): boolean {
  const { from, sinceId, to, untilId } = request
  const id = BigInt(publication.platformPostId)
  const at = publication.publishedAt.getTime()
  if (from !== null && at < from.getTime()) return false
  if (to !== null && at >= to.getTime()) return false
  return (sinceId === null || id > sinceId) && (untilId === null || id < untilId)
}

function isExcluded(kind: Entry['kind'], exclude: Set<string>): boolean {
  return (
    (kind === 'repost' && exclude.has('retweets')) || (kind === 'reply' && exclude.has('replies'))
  )
}

function tokenFor(entry: Entry, isBackwards: boolean): string {
  return `${isBackwards ? '77qp' : '7140'}${idOf(entry).toString(36)}`
}

function tokenOf(call: Call, simulation: Simulation): TimelineRequest['token'] {
  const given = call.query.get('pagination_token')
  if (given === null) return null
  const match = /^(7140|77qp)([0-9a-z]{1,13})$/.exec(given)
  if (match === null) {
    const message = `The \`pagination_token\` query parameter value [${given}] is not valid`
    throw invalidParameter(call, simulation, 'pagination_token', message)
  }
  const [, direction, digits = ''] = match
  const id = [...digits].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n)
  return { isBackwards: direction === '77qp', id }
}

function idOf(entry: Entry): bigint {
  return BigInt(entry.publication.platformPostId)
}

function targetOf(call: Call) {
  return faultTarget(call, [call.params['id'] ?? '', call.accountId ?? ''])
}
