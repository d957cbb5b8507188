import { hash } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { isAsyncIterable } from 'graphql-yoga'
import { limitKey, type Principal, sightKey } from '../auth/principal.ts'
import type { Answers, KeptAnswer } from '../domain/answers.ts'
import type { Now } from '../domain/clock.ts'
import { costOf } from '../domain/cost.ts'
import {
  type DataVersion,
  type DataVersions,
  VERSION_HEADER,
  versionFor,
} from '../domain/data-version.ts'
import type { RequestScope } from '../domain/observers.ts'
import type { RateLimit } from '../domain/rate-limit.ts'
import type { CostTelemetry } from '../domain/telemetry.ts'
import { createAnswerTime } from './answer-time.ts'
import type { JsonLimits } from './one-operation.ts'
import type { Authenticate } from './plugins.ts'
import { answerTypeFor, ClientGone, parametersIn, readBody } from './request-parameters.ts'
import type { Run } from './runs.ts'
import type { Graphql } from './yoga.ts'

// A body of so many bytes is a key as it is; a longer one is hashed sooner than looked up.
const SHORT_BYTES = 512
const COST_TAIL = ',"extensions":{"cost":'

/** What answers requests that come over a server. */
export interface ListenerOptions {
  graphql: Graphql
  answers: Answers
  versions: DataVersions
  authenticate: Authenticate
  /** The one that the endpoint charges, too. */
  budget: RateLimit
  limits: { bodyMaxBytes: number } & JsonLimits
  requests: RequestScope
  telemetry: CostTelemetry
  now: Now
}

/** A request that may be answered without the endpoint's own layers for HTTP. */
interface Asked {
  request: IncomingMessage
  response: ServerResponse
  /** Empty for a GET. */
  body: Buffer
  /** The media type of the answer. */
  type: string
}

/**
 * The endpoint for a server. What was answered before is answered from memory, for as long as it
 * holds. Other JSON is run right away, without the layers for everything else that GraphQL over
 * HTTP allows; that, and whatever is refused, is left to the endpoint.
 */
export function createGraphqlListener(options: ListenerOptions): RequestListener {
  return async (request, response) => {
    const type = answerTypeFor(request.headers.accept)
    try {
      const body = type === null ? null : await readBody(request, options.limits.bodyMaxBytes)
      if (type === null || body === null) await pass(options, request, response)
      else await answer(options, { request, response, body, type })
    } catch (error) {
      if (!(error instanceof ClientGone)) throw error
    }
  }
}

/** Has the endpoint do all of it, but for telling which data the answer is made of. */
async function pass(
  options: ListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const known = await standing(options, request)
  if (known === null) return await options.graphql(request, response, {})
  const { principal, version } = known
  response.setHeader(VERSION_HEADER, version.at)
  const onWritten = () => tellWritten(options, response, principal)
  const time = createAnswerTime(options.now())
  const run: Run = { principal, time, isFollowing: true, onWritten }
  await options.graphql(request, response, { run })
}

async function answer(options: ListenerOptions, asked: Asked): Promise<void> {
  const known = await standing(options, asked.request)
  if (known === null) return leave(options, asked)
  const { principal, version } = known
  asked.response.setHeader(VERSION_HEADER, version.at)
  const key = keyOf(asked, principal)
  const kept = version.isHeard ? options.answers.find(key, version.at, options.now()) : null
  if (kept !== null && giveAgain(options, asked, principal, kept)) return
  const run: Run = { principal, time: createAnswerTime(options.now()) }
  const result = await resultOf(options, asked, run)
  if (run.isRead === false) await tellWritten(options, asked.response, principal)
  if (result === null) return leave(options, asked, run)
  if (result.errors !== undefined) return leave(options, asked, { ...run, result })
  const text = JSON.stringify(result)
  send(asked, text)
  if (run.isRead && version.isHeard) keep(options, key, text, { version: version.at, run })
}

/** Who asks, and of which data; null: nobody that is known, or nobody can say. */
async function standing(
  { authenticate, versions, requests }: ListenerOptions,
  { headers }: IncomingMessage,
): Promise<{ principal: Principal; version: DataVersion } | null> {
  try {
    const principal = await authenticate(headers.authorization ?? null)
    if (principal === null) return null
    const { workspaceId, keyId } = principal
    Object.assign(requests.current() ?? {}, { workspaceId, keyId })
    const atLeast = headers[VERSION_HEADER]
    const version = await versionFor(versions, workspaceId, atLeast?.toString())
    return { principal, version }
  } catch {
    // The endpoint meets the same fault, and says so as it does.
    return null
  }
}

async function tellWritten(
  { versions }: ListenerOptions,
  response: ServerResponse,
  { workspaceId }: Principal,
): Promise<void> {
  const version = await versions.readWritten(workspaceId)
  if (version === null) response.removeHeader(VERSION_HEADER)
  else response.setHeader(VERSION_HEADER, version)
}

function keyOf({ request, body, type }: Asked, principal: Principal): string {
  const what = body.length > SHORT_BYTES ? hash('sha256', body) : body.toString('latin1')
  return `${sightKey(principal)} ${type} ${request.method} ${request.url} ${what}`
}

/** Answers again, and charges for it. False: the key's budget is used up. */
function giveAgain(
  { budget, telemetry, now }: ListenerOptions,
  asked: Asked,
  principal: Principal,
  { body, cost }: KeptAnswer,
): boolean {
  const state = budget.take(limitKey(principal), cost, now())
  if (!state.isAllowed) return false
  telemetry.charged(cost)
  const extensions = JSON.stringify({ cost: costOf(cost, state) })
  send(asked, body, `,"extensions":${extensions}}`)
  return true
}

function keep(
  { answers, now }: ListenerOptions,
  key: string,
  text: string,
  { version, run }: { version: number; run: Run },
): void {
  const end = text.lastIndexOf(COST_TAIL)
  if (end < 0) return
  const { requested } = JSON.parse(text.slice(end + COST_TAIL.length, -2))
  const body = Buffer.from(text.slice(0, end))
  const until = run.time.until()
  answers.keep(key, { version, until, body, tag: null, cost: requested }, now())
}

/** What an operation leads to; null: it is not one that can be run here. */
async function resultOf(
  { graphql, limits }: ListenerOptions,
  { request, body }: Asked,
  run: Run,
): Promise<ExecutionResult | null> {
  const params = parametersIn(request, body, limits)
  if (params === null) return null
  run.parameters = params
  const { method = 'POST', headers } = request
  const authorization = headers.authorization ?? ''
  const fetched = new graphql.fetchAPI.Request(`http://localhost${graphql.graphqlEndpoint}`, {
    ...{ method, headers: { authorization } },
  })
  try {
    const context = { request: fetched, run }
    const result = await graphql.getResultForParams({ params, request: fetched }, context)
    return result === undefined || run.isFollowing || isAsyncIterable(result) ? null : result
  } catch {
    // It was refused before it was run, which the endpoint does again, and says.
    return null
  }
}

// What is kept is not copied to be sent.
function send({ response, type }: Asked, body: string | Buffer, tail = ''): void {
  response.writeHead(200, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body) + Buffer.byteLength(tail),
  })
  if (tail === '') response.end(body)
  else {
    response.write(body)
    response.end(tail)
  }
}

async function leave(
  { graphql }: ListenerOptions,
  { request, response, body }: Asked,
  run?: Run,
): Promise<void> {
  // Where the endpoint looks for a body that somebody else has read. It counts what an object has
  // of its own, which of bytes would be each of them.
  const read =
    request.method === 'POST' ? Object.assign(request, { body: oncePart(body) }) : request
  await graphql(read, response, run ? { run } : {})
}

function oncePart(part: Buffer): object {
  return {
    part,
    async *[Symbol.asyncIterator]() {
      yield part
    },
  }
}
