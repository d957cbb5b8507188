import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Config } from '../config.ts'
import { AppError } from '../domain/errors.ts'

/** What somebody asked to listen on, and how they asked. */
export interface Wanted {
  port: number
  host: string
  /** The variable or the option that names the port. */
  portName: string
  hostName: string
}

/** Throws a line that says why nothing can listen there, before anything else takes its time. */
export async function assertFree(wanted: Wanted): Promise<void> {
  const { port, host } = wanted
  const probe = createServer().listen({ port, host })
  try {
    await once(probe, 'listening')
  } catch (error) {
    throw portError(error, wanted)
  }
  probe.close()
  await once(probe, 'close')
}

/** The same for the port of metrics, where one is configured. */
export async function assertMetricsFree({ host, telemetry }: Config): Promise<void> {
  const { metricsPort: port } = telemetry
  const names = { portName: 'WEIR_METRICS_PORT', hostName: 'WEIR_HOST' }
  if (port !== null) await assertFree({ host, port, ...names })
}

/** A line that says why nothing can listen there; any other error as it is. */
export function portError(error: unknown, wanted: Wanted): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null
  const { port, host, portName, hostName } = wanted
  const refused = (message: string) => new AppError('BAD_USER_INPUT', message)
  switch (code) {
    case 'EADDRINUSE':
      return refused(`${portName}: port ${port} on ${host} is taken by another process.`)
    case 'EACCES':
      return refused(`${portName}: this user may not listen on port ${port}.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return refused(`${hostName}: ${host} is no address of this machine.`)
    default:
      return error
  }
}
