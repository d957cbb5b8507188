import { createHash, timingSafeEqual } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Telemetry } from '../domain/telemetry.ts'
import { readOnly, sendError } from './answers.ts'
import { createDatabaseMetrics, type FigureSources } from './database-metrics.ts'
import { createRequestMeters } from './request-metrics.ts'
import {
  createCacheMetrics,
  createCostMetrics,
  createRefreshMetrics,
  createRefusals,
  createUpstreamMetrics,
} from './work-metrics.ts'

/** What metrics are made of. */
export interface MetricsOptions extends FigureSources {
  /** Whether the process's own numbers (memory, event loop, collections) are told too. */
  withProcess: boolean
}

/** A metric as its readers find it. */
export interface MetricDescription {
  name: string
  type: string
  help: string
}

/** The numbers of a process, for Prometheus. */
export interface Metrics {
  telemetry: Telemetry
  /** All of them, in Prometheus' text format. Whoever asks meanwhile gets the same. */
  text(): Promise<string>
  contentType: string
  /** What there is, whether it has a value by now or not. */
  describe(): Promise<MetricDescription[]>
}

/** Opens the metrics of a process, in a registry of their own. */
export function createMetrics({ withProcess, ...sources }: MetricsOptions): Metrics {
  const registry = new Registry()
  if (withProcess) collectDefaultMetrics({ register: registry })
  const telemetry: Telemetry = {
    requests: createRequestMeters(registry),
    refused: createRefusals(registry),
    answerCache: createCacheMetrics(registry),
    cost: createCostMetrics(registry),
    refreshEnded: createRefreshMetrics(registry),
    upstreamCall: createUpstreamMetrics(registry),
  }
  const lookAtDatabase = createDatabaseMetrics(registry, sources)
  let underWay: Promise<string> | null = null
  return {
    telemetry,
    contentType: registry.contentType,
    text() {
      underWay ??= lookAtDatabase()
        .then(() => registry.metrics())
        .finally(() => {
          underWay = null
        })
      return underWay
    },
    describe: async () => {
      const metrics = await registry.getMetricsAsJSON()
      return metrics.map(({ name, type, help }) => ({ name, type: String(type), help }))
    },
  }
}

/** Serves metrics to whoever shows the secret; to everybody when there is none (null). */
export function createMetricsEndpoint(metrics: Metrics, token: string | null): RequestListener {
  const isAllowed = token === null ? () => true : checkOf(token)
  return readOnly(async (request, response) => {
    if (!isAllowed(request.headers.authorization)) {
      response.setHeader('www-authenticate', 'Bearer')
      const message = 'This takes the secret of the metrics: `Authorization: Bearer …`.'
      sendError(response, 401, { code: 'UNAUTHENTICATED', message })
      return
    }
    const text = await metrics.text()
    response.writeHead(200, {
      'content-type': metrics.contentType,
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
    })
    response.end(text)
  })
}

// Digests are of one length, and comparing them tells nothing of how much was right.
function checkOf(token: string): (authorization: string | undefined) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(token)
  return (authorization) => {
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
    return given !== undefined && timingSafeEqual(digest(given), expected)
  }
}
