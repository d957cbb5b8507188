import type { Platform } from './platform.ts'
import type { RefreshOrigin } from './refresh.ts'

/** Hears of the requests to one surface. */
export interface RequestMeter {
  /** One has come. */
  began(): void
  /** It has ended: answered with a status, or given up by its client (null). */
  ended(method: string, status: number | null, durationMs: number): void
}

/** Hears of what the cache of answers does. */
export interface CacheTelemetry {
  /** An answer was served from memory. */
  hit(): void
  /** An answer had to be made that could have been there. */
  miss(): void
  /** So many answers left for want of room. */
  evicted(count: number): void
  /** Says how full it is, whenever somebody asks. Told once, at the start. */
  watch(read: () => CacheState): void
}

/** How full the cache of answers is. */
export interface CacheState {
  entries: number
  bytes: number
  /** Whether it answers: it does not while it cannot hear of changes. */
  isOn: boolean
}

/** Hears of what operations cost. */
export interface CostTelemetry {
  /** What an operation took of its key's budget. */
  charged(cost: number): void
  /** An operation asked for more than one may, or its key has used up its budget. */
  refused(why: 'operation' | 'budget'): void
}

/** How a refresh ended. */
export interface RefreshEnd {
  /** Null: the account is gone. */
  platform: Platform | null
  outcome: 'succeeded' | 'partial' | 'failed'
  origin: RefreshOrigin
  /** From its first start to its end; null: it never started. */
  durationMs: number | null
  /** From the wish to its first start; null: it never started. */
  waitedMs: number | null
}

/** How a call to a platform ended. */
export interface UpstreamCallEnd {
  /** The platform as people spell it. */
  label: string
  /** Null: there was no answer. */
  status: number | null
  durationMs: number
}

/**
 * Where layers report what can be counted. Labels come from short lists: nothing that a client makes
 * up may be one. Every verb is cheap and throws nothing.
 */
export interface Telemetry {
  /** Who hears of the requests to a surface; asked for once for each, at the start. */
  requests(surface: string): RequestMeter
  /** A caller was told what is wrong: a code of the error reference, or a facade's kind of refusal. */
  refused(surface: string, code: string): void
  answerCache: CacheTelemetry
  cost: CostTelemetry
  refreshEnded(end: RefreshEnd): void
  upstreamCall(end: UpstreamCallEnd): void
}

const nobody = () => {}

/** Hears of everything and keeps nothing. */
export const NO_TELEMETRY: Telemetry = {
  requests: () => ({ began: nobody, ended: nobody }),
  refused: nobody,
  answerCache: { hit: nobody, miss: nobody, evicted: nobody, watch: nobody },
  cost: { charged: nobody, refused: nobody },
  refreshEnded: nobody,
  upstreamCall: nobody,
}
