import { NO_TELEMETRY, type Telemetry } from './telemetry.ts'
import { NO_TRACE, type Trace } from './trace.ts'

/** What log lines say of the request that they belong to. */
export interface RequestFields {
  requestId: string
  /** Null until its key is known, and where it takes none. */
  workspaceId: string | null
  keyId: string | null
}

/** The request that is being answered, wherever the code is by then. */
export interface RequestScope {
  /** May be written to by whoever learns more; undefined outside of a request. */
  current(): RequestFields | undefined
}

/** Who hears of the work beside the log. */
export interface Observers {
  telemetry: Telemetry
  trace: Trace
  requests: RequestScope
}

/** Nobody does. */
export const NO_OBSERVERS: Observers = {
  telemetry: NO_TELEMETRY,
  trace: NO_TRACE,
  requests: { current: () => undefined },
}
