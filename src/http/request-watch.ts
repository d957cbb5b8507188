import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '../domain/log.ts'
import type { Observers, RequestFields } from '../domain/observers.ts'
import type { RequestMeter } from '../domain/telemetry.ts'
import { STREAMS } from './request-metrics.ts'
import type { RequestScopes } from './request-scope.ts'

const PATH_LENGTH_MAX = 256

/** Who hears of the requests to a server. */
export interface ServerObservers extends Observers {
  requests: RequestScopes
  /** Whether every request is a line of the log. */
  logsRequests: boolean
}

/** A request that has come. */
export interface Arrival {
  request: IncomingMessage
  response: ServerResponse
  path: string
  surface: string
}

/** Does the work of requests such that whoever wants to know hears of them. */
export type Observed = (arrival: Arrival, work: () => void) => void

/**
 * Names every request, counts and times it, and logs and traces it where that is wanted. On the way
 * of every answer, so what can be looked up is looked up before.
 */
export function observeRequests({
  observers,
  log,
}: {
  observers?: ServerObservers
  log: Log
}): Observed {
  if (!observers) return (_arrival, work) => work()
  const { telemetry, trace, requests } = observers
  const meters = new Map<string, RequestMeter>()
  const meterOf = (surface: string) => {
    const meter = meters.get(surface) ?? telemetry.requests(surface)
    meters.set(surface, meter)
    return meter
  }
  return (arrival, work) => {
    const { request, response, surface } = arrival
    const { headers, method = '' } = request
    const fields = requests.begin(headers['x-request-id'])
    const meter = meterOf(headers.accept?.includes('text/event-stream') ? STREAMS : surface)
    const startedAt = performance.now()
    meter.began()
    response.setHeader('x-request-id', fields.requestId)
    response.once('close', () => {
      const durationMs = performance.now() - startedAt
      const status = response.writableFinished ? response.statusCode : null
      meter.ended(method, status, durationMs)
      if (observers.logsRequests) log.info(lineOf(arrival, fields, durationMs), 'request')
    })
    requests.run(fields, trace.isOn ? () => traced(observers, arrival, fields, work) : work)
  }
}

function lineOf(
  { request, response, path, surface }: Arrival,
  fields: RequestFields,
  durationMs: number,
): object {
  return {
    ...fields,
    ...{ method: request.method, surface, path: path.slice(0, PATH_LENGTH_MAX) },
    // Null: the client went away.
    status: response.writableFinished ? response.statusCode : null,
    durationMs: Math.round(durationMs * 1000) / 1000,
  }
}

function traced(
  { trace }: Observers,
  { request, response, surface }: Arrival,
  { requestId }: RequestFields,
  work: () => void,
): void {
  const { method = '', headers } = request
  const given = headers['traceparent']
  const traceparent = typeof given === 'string' ? given : undefined
  const attributes = { 'http.request.method': method, 'weir.surface': surface, requestId }
  trace.request({ name: `${method} ${surface}`, traceparent, attributes }, (span, end) => {
    response.once('close', () => {
      if (response.writableFinished) {
        span.set({ 'http.response.status_code': response.statusCode })
        if (response.statusCode >= 500) span.fail(`status ${response.statusCode}`)
      } else span.fail('The client went away.')
      end()
    })
    work()
  })
}
