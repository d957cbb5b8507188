import type { Config } from '../config.ts'
import type { Now } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import { NO_TELEMETRY } from '../domain/telemetry.ts'
import { NO_TRACE } from '../domain/trace.ts'
import type { Health } from '../http/health.ts'
import { createMetrics, createMetricsEndpoint } from '../http/metrics.ts'
import { createRequestScopes } from '../http/request-scope.ts'
import type { ServerObservers } from '../http/request-watch.ts'
import { type HttpServer, type HttpServerOptions, startHttpServer } from '../http/server.ts'
import type { Store } from '../store/connect.ts'
import { databaseFigures } from '../store/figures.ts'
import type { Watching } from './watching.ts'

const METRICS_PATH = '/metrics'

/** What a gateway is watched with. */
export interface MonitoringOptions {
  config: Config
  store: Store
  /** Left out: nothing is traced, and log lines are of no request. */
  watching?: Pick<Watching, 'trace' | 'requests'>
  now: Now
  log: Log
}

/** Who hears of a gateway's work, and how they are asked. */
export interface Monitoring {
  observers: ServerObservers
  /** Where metrics are served beside everything else; nowhere, without a secret. */
  routes: HttpServerOptions['routes']
  /** Serves metrics and probes on their own port; null: none is configured. */
  serve(health: Health): Promise<HttpServer | null>
}

/** Watches a gateway: counts its work where somebody may ask for it. */
export function createMonitoring(options: MonitoringOptions): Monitoring {
  const { config, store, watching, now } = options
  const { metricsPort, metricsToken, logRequests } = config.telemetry
  const isWanted = metricsPort !== null || metricsToken !== null
  const metrics = isWanted
    ? createMetrics({
        withProcess: true,
        database: () => databaseFigures(store.db, now()),
        connections: () => store.connections(),
      })
    : null
  const endpoint = metrics && createMetricsEndpoint(metrics, metricsToken)
  const observers = {
    telemetry: metrics?.telemetry ?? NO_TELEMETRY,
    trace: watching?.trace ?? NO_TRACE,
    requests: watching?.requests ?? createRequestScopes('request'),
    logsRequests: logRequests === 'on',
  }
  const routes: HttpServerOptions['routes'] = endpoint ? { [METRICS_PATH]: endpoint } : {}
  return {
    observers,
    routes: metricsToken === null ? {} : routes,
    serve: async (health) =>
      metricsPort === null ? null : servePort(options, metricsPort, routes, health),
  }
}

async function servePort(
  { config, log }: MonitoringOptions,
  port: number,
  routes: HttpServerOptions['routes'],
  health: Health,
): Promise<HttpServer> {
  const server = await startHttpServer({
    ...{ host: config.host, port, log, home: METRICS_PATH },
    ...config.limits.http,
    routes: { ...routes, '/healthz': health.alive, '/readyz': health.ready },
  })
  log.info({ url: `${server.url}${METRICS_PATH}` }, 'metrics are served')
  return server
}
