// PostgreSQL's classes of connections that break, and of a server that ends them.
const SQL_STATES = /^(08|57P)/
const SYSTEM_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'])
// The driver's own errors have no code.
const DRIVER_MESSAGES = /^(Connection terminated|Client has encountered a connection error)/

/** Whether a statement failed since its connection broke, or none was to be had. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '', severity } = error as Error & { code?: unknown; severity?: unknown }
  // After what is fatal there is no connection, as when a database lets nobody in.
  if (severity === 'FATAL' || SQL_STATES.test(String(code))) return true
  return SYSTEM_CODES.has(String(code)) || DRIVER_MESSAGES.test(error.message)
}
