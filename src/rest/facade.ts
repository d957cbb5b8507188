import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { RouteConfig, RouteHandler, z } from '@hono/zod-openapi'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { etag, RETAINED_304_HEADERS } from 'hono/etag'
import { methodNotAllowed } from 'hono/method-not-allowed'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Authenticator } from '../auth/authenticator.ts'
import { limitKey, type Principal } from '../auth/principal.ts'
import type { Scope } from '../auth/scopes.ts'
import type { Answers } from '../domain/answers.ts'
import type { NewId, Now } from '../domain/clock.ts'
import {
  type DataVersion,
  type DataVersions,
  VERSION_HEADER,
  versionFor,
} from '../domain/data-version.ts'
import type { Log } from '../domain/log.ts'
import { NO_OBSERVERS, type Observers } from '../domain/observers.ts'
import { createRateLimit, type RateLimit, type RateState } from '../domain/rate-limit.ts'
import type { Loaders } from '../loaders/loaders.ts'
import type { Allowance } from '../refresh/allowance.ts'
import type { Commands } from '../refresh/commands.ts'
import { takeBody } from './body.ts'
import { giverOf, nameRequests, REQUEST_ID, whoShows } from './entrance.ts'
import { CACHING, createLasting, keepAnswers, type Lasting } from './kept-answers.ts'
import { describedRoute } from './openapi.ts'
import type { Refusal } from './refusal.ts'
import { refusalOf, refuse, refuseBadParameters } from './refusing.ts'

const READS = ['GET', 'HEAD']
const BODY_MAX_BYTES = 64 * 1024

/** What a vendor's REST API is, apart from what all of them share. */
export interface Vendor {
  /** As people read it. */
  name: string
  /** What the API is for, in a sentence or two. */
  description: string
  /** What every path of it begins with. Of several that fit a path, the longest has it. */
  prefix: string
  /** Requests a minute of one key, and the environment variable that says otherwise. */
  rate: { variable: string; perMinute: number }
  /**
   * How clients show their keys: OpenAPI security schemes by name, each of them enough. A dashboard's
   * token is taken where one of them has the format JWT.
   */
  credentials: Readonly<Record<string, SecurityScheme>>
  /** The key that a request shows; null: none. `bearerKey` of auth reads the usual header. */
  keyIn(headers: Pick<Headers, 'get'>): string | null
  /** The name of a request that came without one; left out: the new id itself. */
  requestIdOf?(newId: string): string
  /** What stands in every answer beside `X-Request-Id`. */
  headersOf?(about: { requestId: string; rate: RateState | null }): Record<string, string>
  /** The vendor's envelope around what every API has to refuse at times. */
  answerTo(refusal: Refusal, requestId: string): { status: ContentfulStatusCode; body: object }
  /** The schema of that envelope. */
  errorSchema: z.ZodType
  endpoints: readonly Endpoint[]
  /** True: answers are too long to be looked at as a whole, so they have no `ETag`. */
  isStreamed?: true
  /** A GET that a demo answers when it is shown a bearer's key: a path with its query. */
  sample: string
}

/** A way to show a key, as OpenAPI describes it. */
export type SecurityScheme =
  | { type: 'http'; scheme: 'bearer'; bearerFormat?: 'JWT'; description: string }
  | { type: 'apiKey'; in: 'header'; name: string; description: string }

/** What the handlers of endpoints find in their context's `var`. */
export interface FacadeEnv {
  /** The server's own request and response; of a request of this process there are none. */
  Bindings: Partial<HttpBindings>
  Variables: {
    requestId: string
    principal: Principal
    /** The reads of the principal's workspace, for this request. */
    loaders: Loaders
    commands: Commands
    /** When the request came. */
    now: Date
    /** How long a read may wait for its platform. */
    refreshBudgetMs: number
    /** What workspaces allow people that have no settings of their own. */
    allowance: Allowance
    /** How the key stands with its limit; null until the key is known. */
    rate: RateState | null
    /** Why the request was refused; null: it was not. */
    refusal: Refusal['kind'] | null
    /** The data that the answer is made of, or of later ones. */
    version: DataVersion
    /** Whether handling the request has changed data. */
    hasWritten: boolean
    lasting: Lasting
    /** For what goes wrong once an answer has begun. */
    log: Log
  }
}

/** A route with its handler, and the scope that a key needs for it. */
export interface Endpoint {
  scope: Scope
  route: RouteConfig
  /** Checked against its route where the endpoint is made. */
  handler: unknown
}

/**
 * An endpoint. The route says which answers of its own it has; those that every endpoint has
 * (refused keys and parameters, limits, crashes) are added to its description.
 */
export function endpoint<Route extends RouteConfig>(
  scope: Scope,
  route: Route,
  handler: RouteHandler<Route, FacadeEnv>,
): Endpoint {
  return { scope, route, handler }
}

/** What facades need from outside. */
export interface FacadeDependencies {
  loadersFor(workspaceId: string): Loaders
  commands: Commands
  authenticator: Pick<Authenticator, 'check'>
  answers: Answers
  versions: DataVersions
  allowance: Allowance
  /** How long a read may wait for its platform. */
  refreshBudgetMs: number
  now: Now
  newId: NewId
  log: Log
  /** Who hears of requests beside the log; left out: nobody. */
  observers?: Observers
}

/** What stands before the handlers. */
export type Guard = MiddlewareHandler<FacadeEnv>

/** A vendor's API. */
export interface Facade {
  /** Whatever is asked of it, the answer is JSON in the vendor's envelope. */
  app: OpenAPIHono<FacadeEnv>
  /** Answers a request from memory, if it can: whether it did. */
  giveAgain(request: IncomingMessage, response: ServerResponse): Promise<boolean>
}

/** Opens a vendor's API, in which a key has so many requests a minute. */
export function createFacade(vendor: Vendor, perMinute: number, deps: FacadeDependencies): Facade {
  const app = new OpenAPIHono<FacadeEnv>({ defaultHook: refuseBadParameters(vendor) })
  app.use(nameRequests(vendor, deps.newId))
  app.use(tellObservers(vendor, deps.observers ?? NO_OBSERVERS))
  app.use(addHeaders(vendor))
  if (!vendor.isStreamed) {
    app.use(etag({ retainedHeaders: [...RETAINED_304_HEADERS, ...ownHeaders(vendor)] }))
    app.use(keepAnswers(deps.answers, surfaceOf(vendor)))
  }
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, allowed) => {
        const answer = refuse(vendor, c, { kind: 'wrong_method', method: c.req.method, allowed })
        answer.headers.set('Allow', allowed.join(', '))
        return answer
      },
    }),
  )
  app.notFound((c) => refuse(vendor, c, { kind: 'unknown_path', path: c.req.path }))
  app.onError((error, c) => refuse(vendor, c, refusalOf(error, c, deps.log)))
  for (const [name, scheme] of Object.entries(vendor.credentials)) {
    app.openAPIRegistry.registerComponent('securitySchemes', name, scheme)
  }
  const rateLimit = createRateLimit(perMinute)
  const routes = vendor.endpoints.map(({ scope, route, handler }) => ({
    route: { ...describedRoute(vendor, route), middleware: guard(vendor, rateLimit, scope, deps) },
    handler,
  }))
  app.openapiRoutes(routes)
  return { app, giveAgain: giverOf(vendor, rateLimit, deps) }
}

/** An instant as every facade prints it: RFC 3339 in UTC with whole seconds. */
export function instantText(at: Date): string {
  return `${at.toISOString().slice(0, -'.000Z'.length)}Z`
}

/** What a vendor's API is called where requests are counted. */
export function surfaceOf({ name }: Pick<Vendor, 'name'>): string {
  return name.toLowerCase().replace(/\W+/g, '_')
}

// Clients know a request by the id in its answer, which may be one of the vendor's making.
function tellObservers(vendor: Vendor, { telemetry, requests }: Observers): Guard {
  const surface = surfaceOf(vendor)
  return async (c, next) => {
    const fields = requests.current()
    if (fields) fields.requestId = c.var.requestId
    c.set('refusal', null)
    await next()
    if (c.var.refusal !== null) telemetry.refused(surface, c.var.refusal)
  }
}

function addHeaders({ headersOf }: Vendor): Guard {
  return async (c, next) => {
    c.set('rate', null)
    await next()
    c.res.headers.set('Cache-Control', CACHING)
    const more = headersOf?.({ requestId: c.var.requestId, rate: c.var.rate }) ?? {}
    for (const [name, value] of Object.entries(more)) c.res.headers.set(name, value)
  }
}

function ownHeaders({ headersOf }: Vendor): string[] {
  const own = headersOf?.({ requestId: '', rate: null }) ?? {}
  return [REQUEST_ID, VERSION_HEADER, ...Object.keys(own)]
}

/** Lets a request through whose key is good, within its limit and allowed to. */
function guard(vendor: Vendor, limit: RateLimit, scope: Scope, deps: FacadeDependencies): Guard {
  return async (c, next) => {
    const shown = await whoShows(vendor, c.req.raw.headers, deps)
    if ('refusal' in shown) return refuse(vendor, c, shown.refusal)
    const { principal } = shown
    const now = deps.now()
    const rate = limit.take(limitKey(principal), 1, now)
    c.set('rate', rate)
    const { isAllowed, retryAfterSeconds } = rate
    if (!isAllowed) return refuse(vendor, c, { kind: 'too_many_requests', retryAfterSeconds })
    if (!principal.scopes.includes(scope)) {
      return refuse(vendor, c, { kind: 'missing_scope', scope })
    }
    if (!(await takeBody(c.req, BODY_MAX_BYTES))) {
      return refuse(vendor, c, { kind: 'body_too_large', maxBytes: BODY_MAX_BYTES })
    }
    const { workspaceId } = principal
    const atLeast = c.req.header(VERSION_HEADER)
    const version = await versionFor(deps.versions, workspaceId, atLeast)
    c.set('principal', principal)
    c.set('version', version)
    c.set('lasting', createLasting())
    c.set('hasWritten', false)
    c.set('now', now)
    c.set('loaders', deps.loadersFor(principal.workspaceId))
    c.set('commands', deps.commands)
    c.set('refreshBudgetMs', deps.refreshBudgetMs)
    c.set('allowance', deps.allowance)
    c.set('log', deps.log)
    await next()
    const hasWritten = c.var.hasWritten || !READS.includes(c.req.method)
    const at = hasWritten ? await deps.versions.readWritten(workspaceId) : version.at
    if (at !== null) c.res.headers.set(VERSION_HEADER, String(at))
    return
  }
}
