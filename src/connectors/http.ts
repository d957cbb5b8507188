import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, type Dispatcher } from 'undici'
import { type CallContext, ConnectorError } from '../domain/connector.ts'
import type { JsonValue } from '../domain/json.ts'
import { readBody } from './body.ts'
import { failureOf, retryAfter, unanswered } from './failures.ts'
import { parseJson } from './json-text.ts'
import { redact, redactAll } from './redact.ts'

/** The limits of every call to a platform, and where its chance and its connections come from. */
export interface HttpOptions {
  /** How long a call may take, its retries included. */
  deadlineMs: number
  /** How long an answer may be. */
  bodyMaxBytes: number
  /** How often a read is sent at most. */
  attemptsMax: number
  /** The wait before the second attempt, before jitter; it doubles with every further one. */
  retryDelayMs: number
  /** How many connections one host gets. */
  connectionsMax: number
  /** A number from 0 to below 1, for jitter. */
  random: () => number
  /** Where requests go instead of the network. */
  dispatcher: Dispatcher | null
}

/** One call. Credentials travel in headers, or in `secrets` where a platform takes no header. */
export interface HttpRequest {
  /** The platform as people spell it, for messages. */
  label: string
  method: 'GET' | 'POST'
  url: string
  /** Sent as `Authorization: Bearer`. */
  token?: string
  headers?: Record<string, string>
  body?: string
  /** Further texts that must never appear in an answer, a message or a log. */
  secrets?: readonly string[]
  /** Whether asking twice changes nothing, so that a lost answer may be asked for again. */
  isRead: boolean
  /** Whether a successful answer holds new tokens, which may be the old ones again. */
  holdsTokens?: boolean
  /** Whether an answer means that the platform will answer the same call soon; null: as 5xx do. */
  isTransient?: (answer: Answer) => boolean | null
}

/** A platform's answer, whatever its status. */
export interface Answer {
  status: number
  /** By lower-case name; of a repeated header the first value. */
  headers: Record<string, string>
  /** The parsed body, with the request's credentials removed; undefined when it is not JSON. */
  json: JsonValue | undefined
  /** The body with the tokens that it holds; undefined when the request did not expect any. */
  tokens: JsonValue | undefined
  /** The beginning of the body, credentials removed, at most 4 KiB. */
  excerpt: string
}

/** The one door to the platforms. */
export interface Http {
  /**
   * The answer to a call, of any status. Reads that meet a broken connection or a 5xx are sent
   * again within the deadline. Throws `unavailable` without an answer, `malformed` above the limit.
   */
  send(request: HttpRequest, context: CallContext): Promise<Answer>
  close(): Promise<void>
}

/** A client with one pool of connections for each host. */
export function createHttp(options: HttpOptions): Http {
  const agent = options.dispatcher === null ? new Agent(poolOptions(options)) : null
  const dispatcher = options.dispatcher ?? agent
  if (dispatcher === null) throw new Error('A client needs a dispatcher.')
  return {
    async send(request, context) {
      assertSendable(request)
      const deadline = new AbortController()
      const timer = setTimeout(() => deadline.abort(), options.deadlineMs)
      const signal = AbortSignal.any([context.signal, deadline.signal])
      try {
        return await sendWithRetries({ options, dispatcher, request, context, signal })
      } finally {
        clearTimeout(timer)
      }
    },
    close: async () => agent?.close(),
  }
}

interface Call {
  options: HttpOptions
  dispatcher: Dispatcher
  request: HttpRequest
  context: CallContext
  /** Aborts with the caller or at the deadline, whichever is first. */
  signal: AbortSignal
}

type Attempt = { answer: Answer } | { error: ConnectorError; isFinal: boolean }

async function sendWithRetries(call: Call): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await sendOnce(call)
    const isLast = attempt >= call.options.attemptsMax || !call.request.isRead
    if (isLast || !isWorthRepeating(call, outcome) || !(await paused(call, outcome, attempt))) {
      if ('error' in outcome) throw outcome.error
      return outcome.answer
    }
  }
}

function isWorthRepeating({ request }: Call, outcome: Attempt): boolean {
  if ('error' in outcome) return !outcome.isFinal
  return request.isTransient?.(outcome.answer) ?? outcome.answer.status >= 500
}

/** Waits before the next attempt. False when the deadline or the caller leaves no time for one. */
async function paused(call: Call, outcome: Attempt, attempt: number): Promise<boolean> {
  const { options, context, signal } = call
  const jitter = 0.5 + options.random() / 2
  const backoffMs = options.retryDelayMs * 2 ** (attempt - 1) * jitter
  const named = 'answer' in outcome ? retryAfter(outcome.answer, context.now) : null
  const waitMs = Math.max(backoffMs, named === null ? 0 : named.getTime() - context.now.getTime())
  if (waitMs >= options.deadlineMs) return false
  return sleep(waitMs, true, { signal }).catch(() => false)
}

async function sendOnce(call: Call): Promise<Attempt> {
  const { dispatcher, request, context, signal, options } = call
  if (signal.aborted) return aborted(call)
  context.onUpstreamCall()
  const exchange = async () => {
    const response = await dispatcher.request(dispatchOptions(call))
    return { response, text: await readBody(response.body, options.bodyMaxBytes) }
  }
  const outcome = await unlessAborted(signal, exchange).catch((error: unknown) =>
    signal.aborted ? aborted(call) : unreached(request, error),
  )
  if (!('response' in outcome)) return outcome
  const { response, text } = outcome
  return text === null ? tooLong(call, response) : { answer: toAnswer(request, response, text) }
}

/** The result, or a rejection at the very moment of the abort, however slowly the work gives up. */
async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const done = new AbortController()
  const abort = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { signal: done.signal })
  })
  try {
    return await Promise.race([work(), abort])
  } finally {
    done.abort()
  }
}

function dispatchOptions({ request, signal }: Call): Dispatcher.RequestOptions {
  const { origin, pathname, search } = new URL(request.url)
  return {
    origin,
    path: pathname + search,
    method: request.method,
    headers: headersOf(request),
    body: request.body ?? null,
    signal,
    // The deadline of the call is the only clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  }
}

function toAnswer(request: HttpRequest, response: Dispatcher.ResponseData, text: string): Answer {
  const secrets = [...(request.secrets ?? []), ...(request.token ? [request.token] : [])]
  const headers = Object.entries(response.headers).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? (value[0] ?? '') : (value ?? ''),
  ])
  return {
    status: response.statusCode,
    headers: Object.fromEntries(headers),
    json: parseJson(redact(text, secrets)),
    tokens: request.holdsTokens === true ? parseJson(text) : undefined,
    excerpt: excerptOf(redactAll(text, secrets)),
  }
}

const EXCERPT_BYTES_MAX = 4096

/** The beginning of a body, at most 4 KiB of it. Credentials must be gone from it already. */
export function excerptOf(text: string): string {
  const clean = text.trim().replaceAll('\0', '')
  const bytes = Buffer.from(clean)
  if (bytes.length <= EXCERPT_BYTES_MAX) return clean
  // A character that was cut in two is left out: its replacement would be longer than the limit.
  return bytes
    .subarray(0, EXCERPT_BYTES_MAX)
    .toString()
    .replace(/\ufffd+$/, '')
}

function headersOf(request: HttpRequest): Record<string, string> {
  return {
    accept: 'application/json',
    'user-agent': 'weir',
    ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
    ...request.headers,
  }
}

function assertSendable(request: HttpRequest): void {
  if (request.token === undefined || /^[\x21-\x7e]+$/.test(request.token)) return
  const message = `The ${request.label} access token is not one that can be sent.`
  throw new ConnectorError(unanswered('unauthorized', message))
}

function tooLong({ request, options }: Call, response: Dispatcher.ResponseData): Attempt {
  const message = `${request.label} answered with more than ${options.bodyMaxBytes} bytes.`
  const failure = failureOf({ status: response.statusCode, excerpt: '' }, 'malformed', message)
  return { error: new ConnectorError(failure), isFinal: true }
}

function aborted({ request, context, options }: Call): Attempt {
  const message = context.signal.aborted
    ? `The call to ${request.label} was cancelled.`
    : `${request.label} did not answer within ${options.deadlineMs} ms.`
  return { error: new ConnectorError(unanswered('unavailable', message)), isFinal: true }
}

function unreached(request: HttpRequest, error: unknown): Attempt {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
  const message = `${request.label} could not be reached${code}.`
  // The error itself is not kept as the cause: its text may repeat the URL or a header.
  return { error: new ConnectorError(unanswered('unavailable', message)), isFinal: false }
}

function poolOptions(options: HttpOptions): Agent.Options {
  return { connections: options.connectionsMax, pipelining: 1 }
}
