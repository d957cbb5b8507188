import { createYoga, type YogaServerInstance } from 'graphql-yoga'
import type { Principal } from '../auth/principal.ts'
import type { NewId, Now } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { Loaders } from '../loaders/loaders.ts'
import type { Allowance } from '../refresh/allowance.ts'
import type { Commands } from '../refresh/commands.ts'
import type { RefreshSteps } from '../refresh/steps.ts'
import type { Context, QueryLimits } from './context.ts'
import { createGraphiqlRenderer, type GraphiqlStart, graphiqlOptions } from './graphiql.ts'
import { type Authenticate, useJsonOnly, useKeys, useShownErrors } from './plugins.ts'
import { schema } from './schema.ts'

/** The most that one request may send and ask for. */
export interface GraphqlLimits extends QueryLimits {
  /** The largest body of a request. */
  bodyMaxBytes: number
}

/** The limits unless configured otherwise. */
export const GRAPHQL_LIMITS: GraphqlLimits = {
  depthMax: 15,
  breadthMax: 500,
  costMax: 10_000,
  historyPointsMax: 1000,
  overviewGroupsMax: 1000,
  readingAgeMaxHours: 48,
  bodyMaxBytes: 256 * 1024,
}

/** What the GraphQL endpoint needs from outside. */
export interface GraphqlOptions {
  /** The reads of a workspace, made anew for every request. */
  loadersFor(workspaceId: string): Loaders
  commands: Commands
  refreshSteps: RefreshSteps
  authenticate: Authenticate
  now: Now
  /** Names requests that come without an `x-request-id`. */
  newId: NewId
  limits: GraphqlLimits
  /** What workspaces allow people that have no settings of their own. */
  allowance: Allowance
  graphiql: GraphiqlStart
  log: Log
}

/** The GraphQL endpoint at `/graphql`, as a fetch handler and a `node:http` listener in one. */
export function createGraphql(options: GraphqlOptions): YogaServerInstance<object, Context> {
  const { authenticate, limits, log } = options
  const principals = new WeakMap<Request, Principal>()
  return createYoga<object, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    context: ({ request }) => contextOf(options, request, principals.get(request)),
    plugins: [useKeys(authenticate, principals), useJsonOnly(), useShownErrors(log, options.newId)],
    // `useShownErrors` decides what callers see.
    maskedErrors: false,
    maxRequestBodySize: limits.bodyMaxBytes,
    graphiql: graphiqlOptions(options.graphiql, options.now()),
    renderGraphiQL: createGraphiqlRenderer(),
    batching: false,
    multipart: false,
    landingPage: false,
    cors: false,
    logging: loggingOf(log),
  })
}

function contextOf(
  options: GraphqlOptions,
  request: Request,
  principal: Principal | undefined,
): Context {
  if (principal === undefined) throw new Error('A request came past the check of its key.')
  return {
    principal,
    isKeyGood: async () => (await options.authenticate(request)) !== null,
    loaders: options.loadersFor(principal.workspaceId),
    commands: options.commands,
    refreshSteps: options.refreshSteps,
    now: options.now(),
    clock: options.now,
    limits: options.limits,
    allowance: options.allowance,
  }
}

function loggingOf(log: Log) {
  const tell = (level: keyof Log) => (message: unknown) =>
    log[level]({ detail: message instanceof Error ? message.message : message }, 'GraphQL server')
  return { debug: () => {}, info: tell('info'), warn: tell('warn'), error: tell('error') }
}
