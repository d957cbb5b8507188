import type { Config } from '../config.ts'
import type { Log } from '../domain/log.ts'
import { NO_TRACE, type Trace } from '../domain/trace.ts'
import { createRequestScopes, type RequestScopes } from '../http/request-scope.ts'
import { createLog } from '../log.ts'
import type { Terminal } from './terminal.ts'

/** How a process tells of what it does, from its first step on. */
export interface Watching {
  log: Log
  trace: Trace
  requests: RequestScopes
  /** Sends what is left to tell. */
  stop(): Promise<void>
}

// What a process begins the ids of requests with: enough to tell it from others.
const PROCESS_ID_LENGTH = 12

/** Opens the log, and the traces where somebody takes them: their code is loaded only then. */
export async function openWatching(config: Config, terminal: Terminal): Promise<Watching> {
  const requests = createRequestScopes(terminal.newId().slice(-PROCESS_ID_LENGTH))
  const log = createLog(config.logLevel, terminal.report, requests)
  const rules = config.telemetry.trace
  if (rules === null) return { log, trace: NO_TRACE, requests, stop: async () => {} }
  const { startTracing } = await import('../tracing.ts')
  // A timeout of 0 is none to the library.
  const timeoutMs = Math.max(1, config.limits.http.stopTimeoutMs)
  return { log, requests, ...startTracing(rules, { timeoutMs, log }) }
}
