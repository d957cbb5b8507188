import { MockAgent } from 'undici'
import { expect, onTestFinished } from 'vitest'
import { createConnectors } from '../../src/connectors/connectors.ts'
import { platformOrigins } from '../../src/connectors/endpoints.ts'
import type { HttpOptions } from '../../src/connectors/http.ts'
import type { Budget } from '../../src/domain/budget.ts'
import {
  type CallContext,
  type ConnectedAccount,
  type Connector,
  ConnectorError,
  type Failure,
  type PublicationRef,
} from '../../src/domain/connector.ts'
import type { Platform } from '../../src/domain/platform.ts'

/** The moment at which every test happens. */
export const NOW = new Date('2026-11-20T10:15:00.000Z')

/** Credentials that must never come out of a connector. */
export const ACCESS_TOKEN = 'act.access-token-of-the-test/1'
export const REFRESH_TOKEN = 'rft.refresh-token-of-the-test+2'
export const CLIENT = { id: 'client-id-of-the-test', secret: 'client-secret-of-the-test' }

/** A request as the platform receives it. */
export interface Request {
  method: string
  url: URL
  headers: Record<string, string>
  body: string
}

/** What the platform answers: JSON unless it is text. */
export interface Reply {
  status?: number
  json?: unknown
  text?: string
  headers?: Record<string, string>
}

/** A platform that answers from a function, and what it was asked. */
export interface Upstream {
  connector: Connector
  requests: Request[]
  context: CallContext
  /** What was told of what the platform still allows, in order. */
  budgets: Budget[]
  calls(): number
}

/** A connector whose platform answers with `answer` until the test ends; no network is reached. */
export function openUpstream(
  platform: Platform,
  answer: (request: Request) => Reply | Promise<Reply>,
  options: { http?: Partial<HttpOptions>; client?: typeof CLIENT } = {},
): Upstream {
  const agent = new MockAgent()
  agent.disableNetConnect()
  const requests: Request[] = []
  for (const origin of Object.values(platformOrigins())) {
    for (const method of ['GET', 'POST']) {
      agent
        .get(origin)
        .intercept({ path: () => true, method })
        .reply(async (options) => {
          const request = toRequest(origin, options)
          requests.push(request)
          return toReplyOptions(await answer(request))
        })
        .persist()
    }
  }
  onTestFinished(() => agent.close())
  const { connectors } = createConnectors({
    origins: platformOrigins(),
    clients: { [platform]: options.client ?? CLIENT },
    http: { retryDelayMs: 1, ...options.http },
    dispatcher: agent,
  })
  const connector = connectors[platform]
  if (connector === undefined) throw new Error(`${platform} has no connector.`)
  const budgets: Budget[] = []
  let calls = 0
  const context = {
    signal: new AbortController().signal,
    now: NOW,
    onUpstreamCall: () => {
      calls += 1
    },
    onBudget: (budget: Budget) => void budgets.push(budget),
  }
  return { connector, requests, context, budgets, calls: () => calls }
}

/** An account of a platform that granted everything, unless its scopes say otherwise. */
export function accountOn(
  platform: Platform,
  more: Partial<ConnectedAccount['account']> = {},
): ConnectedAccount {
  const names = { workspaceId: 'w', id: 'acc_1', platformAccountId: '1', handle: null }
  const account = { ...names, platform, scopes: null }
  return {
    account: { ...account, ...more },
    accessToken: ACCESS_TOKEN,
    refreshToken: REFRESH_TOKEN,
  }
}

/** A reference to a publication, a video of yesterday unless it says otherwise. */
export function refTo(platformPostId: string, more: Partial<PublicationRef> = {}): PublicationRef {
  const publishedAt = new Date('2026-11-19T10:00:00.000Z')
  return { platformPostId, contentType: 'video', publishedAt, ...more }
}

/** The failure with which a call ends. */
export async function failureOfCall(call: Promise<unknown>): Promise<Failure> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ConnectorError)
  return (error as ConnectorError).failure
}

/** What is left of a text when it holds none of the test's credentials. */
export function expectNoCredential(value: unknown): void {
  const text = JSON.stringify(value)
  for (const secret of [ACCESS_TOKEN, REFRESH_TOKEN, CLIENT.secret]) {
    expect(text).not.toContain(secret)
    expect(text).not.toContain(encodeURIComponent(secret))
  }
}

function toRequest(
  origin: string,
  options: { path: string; method: string; headers?: unknown; body?: unknown },
): Request {
  const headers = Object.entries((options.headers ?? {}) as Record<string, string>)
  return {
    method: options.method,
    url: new URL(options.path, origin),
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    body: typeof options.body === 'string' ? options.body : '',
  }
}

function toReplyOptions(reply: Reply) {
  return {
    statusCode: reply.status ?? 200,
    data: reply.text ?? JSON.stringify(reply.json ?? {}),
    responseOptions: { headers: { 'content-type': 'application/json', ...reply.headers } },
  }
}
