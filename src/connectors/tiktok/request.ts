import { type CallContext, type ConnectedAccount, ConnectorError } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { Answer, Http, HttpRequest } from '../http.ts'
import { objectAt, parsed, valueAt, wordsOf } from '../json.ts'
import { type Memory, refusedUntil } from '../memory.ts'
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
 * knows fails a whole call: one that the refusal names is left out for a day.
 */
export function createTiktokApi(wire: TiktokWire): TiktokApi {
  const isRefused = (metric: string, now: Date) => wire.memory.knows(refusalKey(metric), now)
  return {
    isRefused,
    async ask(query, account, context, read) {
      const fields = query.fields.filter((field) => !isRefused(field, context.now))
      const request = toRequest(wire.origin, { ...query, fields }, account.accessToken)
      const answer = await wire.http.send(request, context)
      const failure = tiktokFailure(answer, context.now, wire.random)
      if (failure === null) return parsed(LABEL, answer, (body) => read(objectAt(body, 'data')))
      const blamed = blamedIn(answer, query.metrics).filter((field) => fields.includes(field))
      if (blamed.length === 0) throw new ConnectorError(failure)
      for (const field of blamed) {
        wire.memory.remember(refusalKey(field), refusedUntil(context.now))
      }
      return this.ask(query, account, context, read)
    },
  }
}

function toRequest(
  origin: string,
  query: Omit<TiktokQuery, 'metrics'>,
  token: string,
): HttpRequest {
  // The fields belong into the URL on every method.
  const url = `${origin}${query.path}?${new URLSearchParams({ fields: query.fields.join(',') })}`
  const read = { label: LABEL, url, token, isRead: true, isTransient: isTiktokTrouble }
  if (query.body === undefined) return { ...read, method: 'GET' }
  const headers = { 'content-type': 'application/json; charset=UTF-8' }
  return { ...read, method: 'POST', headers, body: JSON.stringify(query.body) }
}

function blamedIn(answer: Answer, metrics: readonly string[]): string[] {
  if (valueAt(answer.json, 'error.code') !== 'invalid_params') return []
  const words: string[] = wordsOf(valueAt(answer.json, 'error.message'))?.match(/\w+/g) ?? []
  return metrics.filter((metric) => words.includes(metric))
}

function refusalKey(field: string): string {
  return `field ${field}`
}
