import type { Metrics, NativeNumbers } from './metric.ts'

/** How long the stretches of a history are. Weeks begin on Mondays. */
export const INTERVALS = ['hour', 'day', 'week', 'month'] as const

/** How long a stretch of a history is. */
export type Interval = (typeof INTERVALS)[number]

/** The part of a history that is wanted. */
export interface HistoryQuery {
  /** The first and the last instant at which a reading counts. */
  from: Date
  to: Date
  /** Of each stretch, the last reading. Null: every reading. */
  interval: Interval | null
  /** Where hours, days, weeks and months begin: an IANA time zone. */
  timeZone: string
  /** The most points of one subject; the oldest ones come. */
  limit: number
}

/** What a publication's numbers were. */
export interface MetricPoint {
  /** When the stretch began; without an interval, when the numbers were read. */
  at: Date
  metrics: Metrics
}

/** What an account's native numbers were. */
export interface NativePoint {
  /** When the stretch began; without an interval, when the numbers were read. */
  at: Date
  native: NativeNumbers
}
