import type { NewId, Now } from '../domain/clock.ts'
import type { Connectors } from '../domain/connector.ts'
import type { Log } from '../domain/log.ts'
import type { Observers } from '../domain/observers.ts'
import type { TokenCipher } from '../domain/secrets.ts'
import type { Db } from '../store/connect.ts'
import type { Jobs } from '../store/jobs.ts'
import type { Allowance } from './allowance.ts'

/** How far refreshing goes. Every limit has its unit in its name. */
export interface RefreshLimits extends Allowance {
  /** How long numbers count as fresh. */
  staleAfterSeconds: number
  /** The longest time between two snapshots of numbers that do not change. */
  snapshotEverySeconds: number
  /** The most content that one refresh lists, newest first. */
  discoveryMax: number
  /** The most pages that one refresh lists. */
  listingPagesMax: number
  /** The most known publications that one refresh of a whole account reads, stalest first. */
  publicationsMax: number
  /** How often a refresh is tried while its platform is unavailable, the first time included. */
  attempts: number
  /** How long after the first attempt the second starts; each further wait is twice as long. */
  retryDelaySeconds: number
  /** How long to wait for a platform that limits us without saying until when. */
  limitedDelaySeconds: number
  /** How long a refresh waits for a limit before it fails. */
  limitedMaxSeconds: number
  /**
   * How long after it was wished for a refresh waits for a platform that is down without using up
   * attempts, and the longest that it waits for a platform that names the end of its trouble.
   */
  outageMaxSeconds: number
  /** How often it is looked for what is due. */
  scheduleTickSeconds: number
  /** How many refreshes of one platform are active at most that nobody wished for. */
  scheduledMax: number
  /** How many accounts of one platform are refreshed at once in this process. */
  concurrency: number
  /** How long one run of a refresh may take. */
  refreshDeadlineMs: number
  /** How long before its end a token is exchanged for a new one. */
  tokenMarginSeconds: number
  /** How long a repeated wish gets the same refresh. */
  idempotencySeconds: number
  /** How long running refreshes may finish when the worker stops. */
  stopGraceMs: number
}

/** The limits unless configured otherwise. */
export const REFRESH_LIMITS: RefreshLimits = {
  cooldownHours: 48,
  monthlyQuota: 500,
  staleAfterSeconds: 6 * 3600,
  snapshotEverySeconds: 24 * 3600,
  discoveryMax: 250,
  listingPagesMax: 50,
  publicationsMax: 5000,
  attempts: 3,
  retryDelaySeconds: 15,
  limitedDelaySeconds: 15 * 60,
  limitedMaxSeconds: 24 * 3600,
  outageMaxSeconds: 3600,
  scheduleTickSeconds: 10,
  scheduledMax: 100,
  concurrency: 16,
  refreshDeadlineMs: 120_000,
  tokenMarginSeconds: 5 * 60,
  idempotencySeconds: 24 * 3600,
  stopGraceMs: 10_000,
}

/** What refreshing needs from outside. */
export interface RefreshDependencies {
  db: Db
  jobs: Jobs
  connectors: Connectors
  cipher: TokenCipher
  now: Now
  newId: NewId
  limits: RefreshLimits
  log: Log
  /** Who hears of refreshes beside the log; left out: nobody. */
  observers?: Observers
}
