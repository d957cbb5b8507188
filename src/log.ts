import { pino } from 'pino'
import type { Log } from './domain/log.ts'
import { NO_OBSERVERS, type RequestScope } from './domain/observers.ts'

/** How much is logged, from everything to nothing. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** One of the amounts that can be logged. */
export type LogLevel = (typeof LOG_LEVELS)[number]

// Nobody should log these; a slip must not write them down all the same.
const SECRETS = [
  'authorization',
  'cookie',
  'token',
  'accessToken',
  'refreshToken',
  'access_token',
  'refresh_token',
  'secret',
  'clientSecret',
  'client_secret',
  'secretKey',
  'key',
  'apiKey',
  'password',
  'databaseUrl',
  'connectionString',
  'body',
]

/**
 * One JSON line per event, written at once, so that a process that ends badly has said why.
 * Secrets are replaced wherever they stand in the fields, two levels down included. A line that is
 * written while a request is answered says which.
 */
export function createLog(
  level: LogLevel,
  write: (line: string) => void,
  requests: RequestScope = NO_OBSERVERS.requests,
): Log {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'message',
      serializers: { error: pino.stdSerializers.err },
      redact: { paths, censor: '[redacted]' },
      mixin: () => requestFields(requests),
      mixinMergeStrategy: (fields, request) => ({ ...request, ...fields }),
    },
    { write: (line) => write(line.trimEnd()) },
  )
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  }
}

function requestFields(requests: RequestScope): object {
  const fields = requests.current()
  if (fields === undefined) return {}
  const { requestId, workspaceId, keyId } = fields
  return workspaceId === null ? { requestId } : { requestId, workspaceId, keyId }
}
