import { randomUUID } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { type Authenticator, createAuthenticator } from './auth/authenticator.ts'
import { createSealCheck } from './auth/seal-check.ts'
import { createMonitoring, type Monitoring } from './cli/monitoring.ts'
import { trustedDocumentsOf } from './cli/trusted-documents.ts'
import type { Watching } from './cli/watching.ts'
import type { Config } from './config.ts'
import { createConnectors } from './connectors/connectors.ts'
import { type Origins, platformOrigins } from './connectors/endpoints.ts'
import type { Answers } from './domain/answers.ts'
import type { NewId, Now } from './domain/clock.ts'
import type { DataVersions } from './domain/data-version.ts'
import type { Log } from './domain/log.ts'
import type { Observers } from './domain/observers.ts'
import { createRateLimit, type RateLimit } from './domain/rate-limit.ts'
import type { TokenCipher } from './domain/secrets.ts'
import type { GraphiqlStart } from './graphql/graphiql.ts'
import { createGraphqlListener } from './graphql/listener.ts'
import { createGraphql, type Graphql } from './graphql/yoga.ts'
import { createAnswerCache } from './http/answer-cache.ts'
import { allowOrigins } from './http/cors.ts'
import { createHealth, type Health } from './http/health.ts'
import { type HttpServer, startHttpServer } from './http/server.ts'
import { createLoaders } from './loaders/loaders.ts'
import { type Commands, createCommands } from './refresh/commands.ts'
import { REFRESH_LIMITS, type RefreshDependencies } from './refresh/dependencies.ts'
import { startRetention } from './refresh/retention.ts'
import { type Scheduler, startScheduler } from './refresh/scheduler.ts'
import { createRefreshSteps, type RefreshSteps } from './refresh/steps.ts'
import { startWorker } from './refresh/worker.ts'
import { REST_APIS } from './rest/facades.ts'
import { createRest, type Rest } from './rest/rest.ts'
import type { Store } from './store/connect.ts'
import { createDataVersions } from './store/data-versions.ts'
import { openJobs } from './store/jobs.ts'
import { pendingMigrations } from './store/migrate.ts'
import { openNotices } from './store/notices.ts'

const PROBE_TIMEOUT_MS = 2000
const GRAPHQL_PATH = '/graphql'
// What is served is called so where requests are counted.
const SURFACES = {
  ...{ [GRAPHQL_PATH]: 'graphql', '/metrics': 'metrics' },
  ...{ '/healthz': 'health', '/readyz': 'health' },
}

/** What a gateway is made of. Its database is open and migrated. */
export interface AppOptions {
  config: Config
  store: Store
  /** What seals platform tokens. */
  cipher: TokenCipher
  /** Base URLs that differ from the platforms' own, by variable; what is configured comes first. */
  origins?: Origins
  /** Whether requests are served, on which address; null: none are. */
  listen: { host: string; port: number } | null
  /** Whether this process refreshes, and schedules refreshes unless configured otherwise. */
  isWorker: boolean
  /** What GraphiQL opens with: a demo's key, and one of its accounts. */
  graphiql?: GraphiqlStart
  /** Left out: nothing is traced, and log lines are of no request. */
  watching?: Pick<Watching, 'trace' | 'requests'>
  now: Now
  newId: NewId
  random(): number
  log: Log
}

/** A running gateway. */
export interface App {
  /** Where requests are served; null when none are. */
  url: string | null
  /** What is served there, by path; empty when nothing is. */
  paths: readonly string[]
  /** Where metrics are served on a port of their own; null: they are on none. */
  metricsUrl: string | null
  /** The GraphQL endpoint, for requests of this process. */
  graphql: Graphql
  /** The REST APIs, for requests of this process. */
  rest: Rest
  commands: Commands
  /** Null when this process schedules nothing. */
  scheduler: Scheduler | null
  authenticator: Authenticator
  /** How often the data of workspaces has changed. */
  versions: DataVersions
  /**
   * Ends it in order: accepts nothing more, lets requests and refreshes finish for a while, gives
   * back the jobs that are left, and closes connections. The database stays open.
   */
  stop(): Promise<void>
}

/** Puts the layers together and starts them. When one does not start, those before it are ended. */
export async function startApp(options: AppOptions): Promise<App> {
  const ends: (() => Promise<void>)[] = []
  try {
    return await start(options, ends)
  } catch (error) {
    await endAll(ends)
    throw error
  }
}

async function start(options: AppOptions, ends: (() => Promise<void>)[]): Promise<App> {
  const { store, config, cipher, now, newId, log } = options
  const monitoring = createMonitoring(options)
  const { observers } = monitoring
  const { connectors, close } = createConnectors({ ...connectorOptions(options), observers })
  ends.unshift(close)
  const jobs = await openJobs(store, { now, log, supervise: options.isWorker })
  ends.unshift(() => jobs.stop())
  const limits = refreshLimitsOf(config)
  const deps = { db: store.db, jobs, connectors, cipher, now, newId, limits, log, observers }
  const sealed = createSealCheck({ db: store.db, cipher, now, log })
  await sealed()
  const authenticator = createAuthenticator({ db: store.db, jwt: config.jwt, now, log })
  ends.unshift(() => authenticator.settle())
  const notices = await openNotices(store, { log })
  ends.unshift(() => notices.close())
  const commands = createCommands({ ...deps, notices })
  const refreshSteps = createRefreshSteps({ db: store.db, notices, now, log })
  const elapsed = () => performance.now()
  const versions = createDataVersions({ db: store.db, notices, elapsed, log })
  ends.unshift(async () => versions.close())
  const answers = createAnswerCache({
    // Who serves nobody gives nothing again.
    bytesMax: options.listen === null ? 0 : config.limits.answers.bytesMax,
    isOn: versions.isHeard,
    telemetry: observers.telemetry.answerCache,
  })
  const budget = createRateLimit(config.limits.graphql.costPerMinute)
  const parts = { commands, refreshSteps, authenticator, observers, versions, answers, budget }
  const graphql = graphqlOf(options, parts)
  const rest = restOf(options, parts)
  const worker = options.isWorker ? await startWorker(deps) : null
  if (worker) ends.unshift(() => worker.stop())
  const { retention } = config
  const chore = options.isWorker ? startRetention({ ...deps, retention }) : null
  if (chore) ends.unshift(() => chore.stop())
  const isScheduler = options.isWorker && config.scheduler === 'on'
  const scheduler = isScheduler ? startScheduler(deps) : null
  if (scheduler) ends.unshift(() => scheduler.stop())
  const unreadiness = createUnreadiness(store, sealed)
  const health = createHealth({ unreadiness, timeoutMs: PROBE_TIMEOUT_MS })
  const metricsServer = await monitoring.serve(health)
  // As long as anything is left to be watched.
  if (metricsServer) ends.push(() => metricsServer.stop())
  const listener = listenerOf(options, graphql, parts)
  const server = await serverOf(options, { graphql: listener, rest, health, monitoring })
  if (server) ends.unshift(() => server.stop())
  // Before the server stops, which waits for what is in hand.
  ends.unshift(async () => refreshSteps.close())
  const stop = once(() => endAll(ends))
  const urls = {
    url: server?.url ?? null,
    paths: server?.paths ?? [],
    metricsUrl: metricsServer?.url ?? null,
  }
  return { ...urls, graphql, rest, commands, scheduler, authenticator, versions, stop }
}

function connectorOptions({ config, origins, random, now }: AppOptions) {
  return {
    origins: { ...platformOrigins(), ...origins, ...config.origins },
    clients: config.clients,
    quotas: config.quotas,
    http: config.limits.upstream,
    random,
    now,
  }
}

function refreshLimitsOf(config: Config): RefreshDependencies['limits'] {
  const { limits, staleAfterSeconds, scheduleTickSeconds } = config
  return {
    ...REFRESH_LIMITS,
    ...limits.refresh,
    ...(staleAfterSeconds === null ? {} : { staleAfterSeconds }),
    ...(scheduleTickSeconds === null ? {} : { scheduleTickSeconds }),
    stopGraceMs: limits.http.stopTimeoutMs,
  }
}

interface Parts {
  commands: Commands
  refreshSteps: RefreshSteps
  authenticator: Authenticator
  observers: Observers
  versions: DataVersions
  answers: Answers
  budget: RateLimit
}

function graphqlOf(options: AppOptions, { authenticator, ...parts }: Parts) {
  const { store, config, now, newId, log, graphiql } = options
  return createGraphql({
    loadersFor: (workspaceId) => createLoaders(store.db, workspaceId),
    ...parts,
    authenticate: authenticator.authenticate,
    limits: config.limits.graphql,
    telemetry: parts.observers.telemetry.cost,
    trustedDocuments: trustedDocumentsOf(config),
    introspection: config.introspection,
    allowance: config.limits.refresh,
    isCompiling: config.graphqlCompiler === 'on',
    graphiql: graphiql ?? { key: null },
    // One id for a request, wherever it is told.
    newId: () => parts.observers.requests.current()?.requestId ?? newId(),
    ...{ now, log },
  })
}

function listenerOf({ config, now }: AppOptions, graphql: Graphql, parts: Parts): RequestListener {
  return createGraphqlListener({
    graphql,
    authenticate: parts.authenticator.authenticate,
    limits: config.limits.graphql,
    requests: parts.observers.requests,
    telemetry: parts.observers.telemetry.cost,
    ...parts,
    now,
  })
}

function restOf(options: AppOptions, { refreshSteps: _, ...parts }: Parts): Rest {
  const { store, config, now, log } = options
  return createRest({
    loadersFor: (workspaceId) => createLoaders(store.db, workspaceId),
    ...parts,
    vendors: REST_APIS,
    rates: config.rates,
    refreshBudgetMs: config.limits.rest.refreshBudgetMs,
    allowance: config.limits.refresh,
    // Every answer has one, and ids that sort by time cost thirty times as much.
    newId: () => randomUUID(),
    ...{ now, log },
  })
}

interface Served {
  graphql: RequestListener
  rest: Rest
  health: Health
  monitoring: Monitoring
}

async function serverOf(
  options: AppOptions,
  { graphql, rest, health, monitoring }: Served,
): Promise<HttpServer | null> {
  if (options.listen === null) return null
  const { limits, corsOrigins } = options.config
  const graph = allowOrigins(corsOrigins, graphql)
  const others = allowOrigins(corsOrigins, rest.listener)
  return startHttpServer({
    ...options.listen,
    ...limits.http,
    routes: {
      ...monitoring.routes,
      ...{ [GRAPHQL_PATH]: graph, '/healthz': health.alive, '/readyz': health.ready },
    },
    mounts: Object.fromEntries(rest.prefixes.map((prefix) => [prefix, others])),
    surfaces: { ...SURFACES, ...rest.surfaces },
    home: GRAPHQL_PATH,
    log: options.log,
    observers: monitoring.observers,
  })
}

type Unreadiness = () => Promise<string | null>

// Migrations do not become undone, so they are asked for only until they are found done.
function createUnreadiness(store: Store, sealed: Unreadiness): Unreadiness {
  let isMigrated = false
  return async () => {
    await store.ping()
    if (isMigrated) return sealed()
    const pending = await pendingMigrations(store)
    isMigrated = pending.length === 0
    return isMigrated ? sealed() : `The database lacks migrations: ${pending.join(', ')}.`
  }
}

/** Ends one thing after the other, all of them even when one fails; throws the first failure. */
async function endAll(ends: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const end of ends) await end().catch((error) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

function once(end: () => Promise<void>): () => Promise<void> {
  let ending: Promise<void> | undefined
  return () => {
    ending ??= end()
    return ending
  }
}
