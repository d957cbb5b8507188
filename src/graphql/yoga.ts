import { createYoga, type YogaServerInstance } from 'graphql-yoga'
import type { Principal } from '../auth/principal.ts'
import type { NewId, Now } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { Observers } from '../domain/observers.ts'
import type { RateLimit } from '../domain/rate-limit.ts'
import type { CostTelemetry } from '../domain/telemetry.ts'
import type { Loaders } from '../loaders/loaders.ts'
import type { Allowance } from '../refresh/allowance.ts'
import type { Commands } from '../refresh/commands.ts'
import type { RefreshSteps } from '../refresh/steps.ts'
import { createAnswerTime } from './answer-time.ts'
import { useCharge } from './charge.ts'
import { useCompiledOperations } from './compiled.ts'
import type { Context, QueryLimits } from './context.ts'
import { createDocumentCaches } from './documents.ts'
import {
  createGraphiqlRenderer,
  type GraphiqlStart,
  graphiqlOptions,
  renderNoGraphiql,
} from './graphiql.ts'
import { useObservers } from './observed.ts'
import type { JsonLimits } from './one-operation.ts'
import { type OperationLimits, useOperationLimits } from './operation-limits.ts'
import { useAutomaticPersistedQueries } from './persisted-queries.ts'
import {
  type Authenticate,
  useForgottenScopes,
  useJsonOnly,
  useKeys,
  useNoIntrospection,
  useShownErrors,
} from './plugins.ts'
import { type Run, type ServerContext, useRuns } from './runs.ts'
import { schema } from './schema.ts'
import { type TrustedDocuments, useTrustedDocuments } from './trusted-documents.ts'

const MIB = 1024 * 1024

/** The most that one request may send and ask for. */
export interface GraphqlLimits extends QueryLimits, OperationLimits, JsonLimits {
  /** Objects that the answer could hold, page sizes counted. */
  costMax: number
  /** What the operations of a key may cost in a minute. */
  costPerMinute: number
  /** The largest body of a request. */
  bodyMaxBytes: number
  /** What documents that have been read may take, so that the next request finds them done. */
  documentsMaxBytes: number
  /** What queries may take that clients name by their hash. */
  persistedMaxBytes: number
}

/** The limits unless configured otherwise. */
export const GRAPHQL_LIMITS: GraphqlLimits = {
  tokensMax: 4000,
  depthMax: 15,
  breadthMax: 500,
  rootFieldsMax: 20,
  aliasesMax: 100,
  directivesMax: 100,
  introspectionMax: 200_000,
  costMax: 10_000,
  costPerMinute: 100_000,
  historyPointsMax: 1000,
  overviewGroupsMax: 1000,
  readingAgeMaxHours: 48,
  bodyMaxBytes: 256 * 1024,
  jsonDepthMax: 20,
  jsonValuesMax: 2000,
  documentsMaxBytes: 64 * MIB,
  persistedMaxBytes: 8 * MIB,
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
  /** What the operations of keys may cost; whoever answers for this endpoint shares it. */
  budget: RateLimit
  telemetry: CostTelemetry
  /** The only documents that are run; null: any is. */
  trustedDocuments: TrustedDocuments | null
  /** Whether the schema tells of itself. */
  introspection: 'on' | 'off'
  /** What workspaces allow people that have no settings of their own. */
  allowance: Allowance
  /** Whether operations are compiled before they are run; else the interpreter walks them. */
  isCompiling: boolean
  graphiql: GraphiqlStart
  log: Log
  /** Who hears of operations beside the log; left out: nobody. */
  observers?: Observers
}

/** The GraphQL endpoint at `/graphql`, as a fetch handler and a `node:http` listener in one. */
export type Graphql = YogaServerInstance<ServerContext, Context>

/** Opens the endpoint. */
export function createGraphql(options: GraphqlOptions): Graphql {
  const { authenticate, limits, log } = options
  const principals = new WeakMap<Request, Principal>()
  return createYoga<ServerContext, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    context: ({ request, run }) =>
      contextOf(options, request, run ?? { principal: principals.get(request) }),
    plugins: [
      useRuns(),
      useKeys(authenticate, principals),
      useJsonOnly(limits),
      useOperationLimits(limits),
      ...(options.introspection === 'on' ? [] : [useNoIntrospection()]),
      useCharge(options),
      useForgottenScopes(),
      options.trustedDocuments === null
        ? useAutomaticPersistedQueries(limits.persistedMaxBytes)
        : useTrustedDocuments(options.trustedDocuments),
      ...(options.isCompiling ? [useCompiledOperations()] : []),
      useShownErrors(log, options.newId, { suggests: options.introspection === 'on' }),
      ...(options.observers ? [useObservers(options.observers, principals)] : []),
    ],
    parserAndValidationCache: createDocumentCaches(limits.documentsMaxBytes),
    // `useShownErrors` decides what callers see.
    maskedErrors: false,
    maxRequestBodySize: limits.bodyMaxBytes,
    graphiql: graphiqlOptions(options.graphiql, options.now()),
    renderGraphiQL: options.trustedDocuments === null ? createGraphiqlRenderer() : renderNoGraphiql,
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
  { principal, time }: Partial<Run>,
): Context {
  if (principal === undefined) throw new Error('A request came past the check of its key.')
  return {
    principal,
    isKeyGood: async () =>
      (await options.authenticate(request.headers.get('authorization'))) !== null,
    loaders: options.loadersFor(principal.workspaceId),
    commands: options.commands,
    refreshSteps: options.refreshSteps,
    time: time ?? createAnswerTime(options.now()),
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
