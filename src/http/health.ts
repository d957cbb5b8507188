import type { RequestListener } from 'node:http'
import { readOnly, sendJson } from './answers.ts'
import { within } from './deadline.ts'

const LATE = 'The database did not answer in time.'

/** What the readiness probe asks. */
export interface HealthOptions {
  /** Why requests cannot be served, as a sentence; null when they can. May throw. */
  unreadiness(): Promise<string | null>
  /** How long it may take to answer. */
  timeoutMs: number
}

/** The two probes: whether the process runs, and whether it can serve requests. */
export interface Health {
  /** 200 as long as the process answers at all. */
  alive: RequestListener
  /** 200 when requests can be served, else 503 with the reason. */
  ready: RequestListener
}

/** Probes for whoever runs the process. They need no key, and tell nothing of the data. */
export function createHealth(options: HealthOptions): Health {
  return {
    alive: readOnly((_request, response) => sendJson(response, 200, { status: 'alive' })),
    ready: readOnly(async (_request, response) => {
      const reason = await within(options.timeoutMs, reasonOf(options), LATE)
      if (reason === null) sendJson(response, 200, { status: 'ready' })
      else sendJson(response, 503, { status: 'unavailable', reason })
    }),
  }
}

// What the database said is for the log, not for whoever can reach the port.
function reasonOf(options: HealthOptions): Promise<string | null> {
  return options.unreadiness().catch(() => 'The database does not answer.')
}
