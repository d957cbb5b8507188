import { hash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { MiddlewareHandler } from 'hono'
import { type Principal, sightKey } from '../auth/principal.ts'
import type { Answers, KeptAnswer } from '../domain/answers.ts'
import {
  type DataVersion,
  type DataVersions,
  VERSION_HEADER,
  versionFor,
} from '../domain/data-version.ts'

/** Numbers change: whoever keeps an answer asks whether it still holds. */
export const CACHING = 'private, no-cache'

const TYPE = 'application/json'

/** How the answer to a request is told to last. */
export interface Lasting {
  /**
   * Says until when the answer stays as it is while no data changes; null: until some does. Answers
   * of which nobody says so are made anew for every request.
   */
  lastsUntil(until: Date | null): void
  /** As said; undefined: nobody did. */
  until(): Date | null | undefined
}

/** The answer to a request whose handler has said nothing yet. */
export function createLasting(): Lasting {
  let until: Date | null | undefined
  return {
    lastsUntil: (given) => {
      until = given
    },
    until: () => until,
  }
}

/** A row that becomes stale. */
interface Ageing {
  staleAfter: Date | null
}

/** From when on a read would have one of these rows refreshed; null: there are none. */
export function staleFrom(rows: readonly Ageing[], now: Date): Date | null {
  const instants = rows.map(({ staleAfter }) => staleAfter?.getTime() ?? now.getTime())
  return instants.length === 0 ? null : new Date(Math.min(...instants))
}

/** A request to one API, as far as it has been looked at. */
export interface KnownRequest {
  /** What the API is called. */
  surface: string
  /** Path and query. */
  address: string
  principal: Principal
}

function keyOf({ surface, address, principal }: KnownRequest): string {
  return `${surface} ${sightKey(principal)} ${address}`
}

/** Tags a successful answer, and keeps it when its handler says that it lasts. */
export function keepAnswers(
  answers: Answers,
  surface: string,
): MiddlewareHandler<{
  Variables: {
    principal: Principal
    lasting: Lasting
    now: Date
    version: DataVersion
  }
}> {
  return async (c, next) => {
    await next()
    const until = c.var.lasting?.until()
    if (c.req.method !== 'GET' || c.res.status !== 200 || until === undefined) return
    const body = Buffer.from(await c.res.clone().arrayBuffer())
    const tag = `"${hash('sha1', body, 'hex')}"`
    c.res.headers.set('ETag', tag)
    const { principal, version, now } = c.var
    if (!version.isHeard) return
    const { pathname, search } = new URL(c.req.url)
    const key = keyOf({ surface, address: pathname + search, principal })
    answers.keep(key, { version: version.at, until, body, tag, cost: 0 }, now)
  }
}

/** The answer to a request that is kept and holds; null: there is none. */
export async function findAnswer(
  { answers, versions }: { answers: Answers; versions: DataVersions },
  known: KnownRequest,
  atLeast: string | undefined,
  now: Date,
): Promise<KeptAnswer | null> {
  const { workspaceId } = known.principal
  const version = await versionFor(versions, workspaceId, atLeast)
  return version.isHeard ? answers.find(keyOf(known), version.at, now) : null
}

/** Gives an answer again, or tells that the client's own still holds. */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { body, tag, version }: KeptAnswer,
  headers: Record<string, string>,
): void {
  const common = {
    'cache-control': CACHING,
    ...(tag !== null && { etag: tag }),
    [VERSION_HEADER]: version,
    ...headers,
  }
  if (tag !== null && isAmong(tag, request.headers['if-none-match'])) {
    response.writeHead(304, common).end()
    return
  }
  response.writeHead(200, { ...common, 'content-type': TYPE, 'content-length': body.length })
  response.end(body)
}

function isAmong(tag: string, ifNoneMatch: string | undefined): boolean {
  return ifNoneMatch?.match(/"[^"]*"/g)?.includes(tag) ?? false
}
