import { isScopeGranted } from '../../domain/catalog/catalog.ts'
import { type CallContext, type ConnectedAccount, ConnectorError } from '../../domain/connector.ts'
import type { JsonValue } from '../../domain/json.ts'
import { unanswered } from '../failures.ts'
import type { Http } from '../http.ts'
import { parsed } from '../json.ts'
import type { Memory } from '../memory.ts'
import type { YoutubeBudget } from './budget.ts'
import { LABEL, quotaEnd, YoutubeError, youtubeFailure } from './errors.ts'
import type { SharedLookups } from './shared-lookups.ts'

/** One of Google's two APIs for YouTube: channels and videos, or reports. */
export type ApiName = 'data' | 'reports'

/** The scope that each API takes. */
export const SCOPES: Readonly<Record<ApiName, string>> = {
  data: 'https://www.googleapis.com/auth/youtube.readonly',
  reports: 'https://www.googleapis.com/auth/yt-analytics.readonly',
}

/** A request: its path below the API's host, and its parameters. */
export interface YoutubeQuery {
  api: ApiName
  path: `/${string}`
  params: Record<string, string>
}

/** Google's APIs with the account's own token. */
export interface YoutubeApi {
  /** What `read` makes of the answer. Throws what the call failed with. */
  ask<T>(
    query: YoutubeQuery,
    account: ConnectedAccount,
    context: CallContext,
    read: (body: JsonValue) => T,
  ): Promise<T>
}

/** What the APIs are reached with. */
export interface YoutubeWire {
  http: Http
  origins: Readonly<Record<ApiName, string>>
  random: () => number
  memory: Memory
  budget: YoutubeBudget
}

/** What every reading is asked with. */
export interface YoutubeSession {
  api: YoutubeApi
  lookups: SharedLookups
  memory: Memory
  account: ConnectedAccount
  context: CallContext
}

/**
 * The APIs at their base URLs. The quota of a day belongs to the whole application: once an API
 * has said that it is used up, no account asks that API again before midnight in California.
 */
export function createYoutubeApi(wire: YoutubeWire): YoutubeApi {
  const { http, origins, random, memory, budget } = wire
  return {
    async ask({ api, path, params }, account, context, read) {
      const isCounted = api === 'data'
      if (memory.knows(quotaKey(api), context.now)) {
        if (isCounted) budget.usedUp(context)
        throw usedUp(context.now)
      }
      const url = `${origins[api]}${path}?${new URLSearchParams(params)}`
      const token = account.accessToken
      const request = { label: LABEL, method: 'GET', url, token, isRead: true } as const
      const answer = await http.send(request, isCounted ? budget.counting(context) : context)
      const error = youtubeFailure(answer, context.now, random)
      if (error === null) return parsed(LABEL, answer, read)
      if (error instanceof YoutubeError && error.isDaily) {
        memory.remember(quotaKey(api), quotaEnd(context.now))
        if (isCounted) budget.usedUp(context)
      }
      throw error.failure.kind === 'missing_scope' ? lacking(api, error) : error
    },
  }
}

/** Throws `missing_scope` when the account is known not to have granted what an API takes. */
export function requireScope(api: ApiName, { account }: ConnectedAccount): void {
  if (isScopeGranted('youtube', SCOPES[api], account.scopes)) return
  const message = `${LABEL}: ${SCOPES[api]} was not granted.`
  throw new ConnectorError(unanswered('missing_scope', message))
}

// The refusal itself does not say which scope it is about.
function lacking(api: ApiName, { failure }: ConnectorError): ConnectorError {
  return new ConnectorError({ ...failure, message: `It takes ${SCOPES[api]}. ${failure.message}` })
}

function usedUp(now: Date): ConnectorError {
  const message = `The quota of this application at ${LABEL} is used up for today.`
  return new ConnectorError({ ...unanswered('rate_limited', message), retryAt: quotaEnd(now) })
}

function quotaKey(api: ApiName): string {
  return `quota ${api}`
}
