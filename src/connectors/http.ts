import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, type Dispatcher } from 'undici'
import type { Now } from '../domain/clock.ts'
import { type CallContext, ConnectorError } from '../domain/connector.ts'
import type { JsonValue } from '../domain/json.ts'
import type { Observers } from '../domain/observers.ts'
import { excerptOf, readBody } from './body.ts'
import { type CircuitLimits, type Circuits, createCircuits, type Passage } from './circuit.ts'
import { failureOf, retryAfter, unanswered } from './failures.ts'
import { parseJson } from './json-text.ts'
import { observed } from './observed.ts'
import { redact, redactAll } from './redact.ts'

/** The limits of every call to a platform, and where its chance and its connections come from. */
export interface HttpOptions extends CircuitLimits {
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
  /** The clock by which hosts that are down are left alone; null: the time of each call. */
  now: Now | null
  /** Who hears of calls; left out: nobody. */
  observers?: Pick<Observers, 'telemetry' | 'trace'>
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
  /**
   * The platform's id of the account that it is for, where the platform's own words for a 5xx may
   * be about that account's things alone, and so say nothing of others.
   */
  account?: string
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
   * A host that was down several times in a row is left alone for a while: until then every call
   * throws `unavailable` with the time at which it may be made. So is one that itself told a single
   * account so: then every call of that account.
   */
  send(request: HttpRequest, context: CallContext): Promise<Answer>
  close(): Promise<void>
}

/** A client with one pool of connections for each host. */
export function createHttp(options: HttpOptions): Http {
  const agent = options.dispatcher === null ? new Agent(poolOptions(options)) : null
  const dispatcher = options.dispatcher ?? agent
  if (dispatcher === null) throw new Error('A client needs a dispatcher.')
  const circuits = createCircuits(options)
  return {
    async send(request, context) {
      assertSendable(request)
      const now = options.now ?? (() => context.now)
      const passage = enter(circuits, request, now())
      const deadline = new AbortController()
      const timer = setTimeout(() => deadline.abort(), options.deadlineMs)
      const signal = AbortSignal.any([context.signal, deadline.signal])
      try {
        const call = { options, dispatcher, request, context, signal, passage, now }
        return concluded(call, await sendWithRetries(call))
      } finally {
        clearTimeout(timer)
        passage.abandoned()
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
  passage: Passage
  now: Now
}

type Attempt = { answer: Answer } | { error: ConnectorError; isFinal: boolean }

// By the platform's name too: several may be reached through one proxy.
function enter(circuits: Circuits, { label, url, account }: HttpRequest, now: Date): Passage {
  const entry = circuits.enter(`${label} ${new URL(url).origin}`, now, account ?? null)
  if ('passage' in entry) return entry.passage
  const { refusedUntil } = entry
  const message = `${label} was down and is left alone until ${refusedUntil.toISOString()}.`
  const failure = failureOf(null, 'unavailable', message, refusedUntil)
  throw new ConnectorError({ ...failure, isHostDown: true })
}

async function sendWithRetries(call: Call): Promise<Attempt> {
  const attemptsMax = call.request.isRead && !call.passage.isTrial ? call.options.attemptsMax : 1
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await sendOnce(call)
    if (attempt >= attemptsMax || !isWorthRepeating(call, outcome)) return outcome
    if (!(await paused(call, outcome, attempt)) || !call.passage.isOpen()) return outcome
  }
}

/** The answer, once the circuit knows how the call ended. Throws what it ended with. */
function concluded(call: Call, outcome: Attempt): Answer {
  const until = downUntil(call, outcome)
  if ('error' in outcome) {
    if (until === null) throw outcome.error
    throw new ConnectorError({ ...outcome.error.failure, retryAt: until, isHostDown: true })
  }
  if (until === null) return outcome.answer
  const message = `${call.request.label} answered with status ${outcome.answer.status}.`
  const failure = failureOf(outcome.answer, 'unavailable', message, until)
  throw new ConnectorError({ ...failure, isHostDown: true })
}

/** Until when the host is left alone now that a call has ended like this; null: it is not. */
function downUntil(call: Call, outcome: Attempt): Date | null {
  const { passage, context, now } = call
  if ('error' in outcome && context.signal.aborted) return null
  const health = healthOf(call, outcome)
  if (health !== 'up') return passage[health](now())
  passage.answered()
  return null
}

/** What a call's end says of its host, as its passage is told. */
function healthOf({ request }: Call, outcome: Attempt): 'up' | 'failed' | 'troubled' {
  const { status } = 'error' in outcome ? outcome.error.failure : outcome.answer
  if (status !== null && status < 500) return 'up'
  const isTransient = 'error' in outcome ? null : request.isTransient?.(outcome.answer)
  // A 5xx that the platform itself explains as something else, such as a limit, is an answer.
  if (isTransient === false) return 'up'
  return isTransient === true ? 'troubled' : 'failed'
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
  const outcome = await observed(options.observers, request, () =>
    unlessAborted(signal, exchange).catch((error: unknown) =>
      signal.aborted ? aborted(call) : unreached(request, error),
    ),
  )
  if (!('response' in outcome)) return outcome
  const { response, text } = outcome
  return text === null ? tooLong(call, response) : { answer: toAnswer(request, response, text) }
}

/** The result, or a rejection at the very moment of the abort, however slowly the work gives up. */
async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const { promise: abort, reject } = Promise.withResolvers<never>()
  const giveUp = () => reject(signal.reason)
  signal.addEventListener('abort', giveUp)
  try {
    return await Promise.race([work(), abort])
  } finally {
    signal.removeEventListener('abort', giveUp)
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
    // Of most answers nobody wants it.
    get excerpt() {
      return excerptOf(redactAll(text, secrets))
    },
  }
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
