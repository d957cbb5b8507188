import { type CallContext, type ConnectedAccount, ConnectorError } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { Answer, Http, HttpRequest } from '../http.ts'
import { objectAt, parsed, valueAt, wordsOf } from '../json.ts'
import { type Memory, refusedUntil } from '../memory.ts'
import { reportTiktokBudget } from './budget.ts'
import { isTiktokTrouble, LABEL, tiktokFailure } from './errors.ts'

/** A request: its path with both slashes, the fields it selects, and a body for a POST. */
export interface TiktokQuery {
  path: `/v2/${string}/`
  fields: readonly string[]
  /** Fields without which the answer is still worth reading. */
  metrics: readonly string[]
  body?: JsonObject
}

/** TikTok's Display API with the account's own token. */
export interface TiktokApi {
  /** What `read` makes of the answer's `data`. Throws what the call failed with. */
  ask<T>(
    query: TiktokQuery,
    account: ConnectedAccount,
    context: CallContext,
    read: (data: JsonValue) => T,
  ): Promise<T>
  /** Whether TikTok lately refused to know a metric, and it was therefore not asked for. */
  isRefused(metric: string, now: Date): boolean
}

/** What every reading is asked with. */
export interface TiktokSession {
  api: TiktokApi
  account: ConnectedAccount
  context: CallContext
}

/** What the API is reached with. */
export interface TiktokWire {
  http: Http
  origin: string
  random: () => number
  memory: Memory
}

/**
 * The API at a base URL. Every call is a read, the POST ones too. A metric that TikTok no longer
 * knows fails a whole call: it is found, and left out for a day.
 */
export function createTiktokApi(wire: TiktokWire): TiktokApi {
  const isRefused = (metric: string, now: Date) => wire.memory.knows(refusalKey(metric), now)
  return {
    isRefused,
    async ask(query, account, context, read) {
      const isAsked = (field: string) => !isRefused(field, context.now)
      const [fields, metrics] = [query.fields.filter(isAsked), query.metrics.filter(isAsked)]
      const send = (names: readonly string[]) =>
        wire.http.send(toRequest(wire.origin, query, names, account.accessToken), context)
      const answer = await send(fields)
      const failure = tiktokFailure(answer, context.now, wire.random)
      reportTiktokBudget(failure, context)
      if (failure === null) return parsed(LABEL, answer, (body) => read(objectAt(body, 'data')))
      const own = metrics.filter((metric) => fields.includes(metric))
      const refused = await refusedMetrics(answer, { fields, metrics: own, send })
      if (refused.length === 0) throw new ConnectorError(failure)
      for (const field of refused) {
        wire.memory.remember(refusalKey(field), refusedUntil(context.now))
      }
      return this.ask(query, account, context, read)
    },
  }
}

interface Refusal {
  fields: readonly string[]
  metrics: readonly string[]
  send(fields: readonly string[]): Promise<Answer>
}

/** The metrics for which a call was refused. What TikTok does not name is asked for on its own. */
async function refusedMetrics(answer: Answer, refusal: Refusal): Promise<string[]> {
  const { fields, metrics, send } = refusal
  if (!isInvalid(answer) || metrics.length === 0) return []
  const words: string[] = wordsOf(valueAt(answer.json, 'error.message'))?.match(/\w+/g) ?? []
  const named = metrics.filter((metric) => words.includes(metric))
  if (named.length > 0) return named
  const others = fields.filter((field) => !metrics.includes(field))
  // Refused without any metric as well: something else is wrong.
  if (others.length > 0 && isInvalid(await send(others))) return []
  const refused: string[] = []
  for (const metric of metrics) if (isInvalid(await send([...others, metric]))) refused.push(metric)
  return refused
}

function toRequest(
  origin: string,
  { path, body }: TiktokQuery,
  fields: readonly string[],
  token: string,
): HttpRequest {
  // The fields belong into the URL on every method.
  const url = `${origin}${path}?${new URLSearchParams({ fields: fields.join(',') })}`
  const read = { label: LABEL, url, token, isRead: true, isTransient: isTiktokTrouble }
  if (body === undefined) return { ...read, method: 'GET' }
  const headers = { 'content-type': 'application/json; charset=UTF-8' }
  return { ...read, method: 'POST', headers, body: JSON.stringify(body) }
}

function isInvalid(answer: Answer): boolean {
  return valueAt(answer.json, 'error.code') === 'invalid_params'
}

function refusalKey(field: string): string {
  return `field ${field}`
}
