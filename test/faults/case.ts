import type { Platform } from '../../src/domain/platform.ts'
import type { Refresh } from '../../src/domain/refresh.ts'
import type { ConnectionStatus, SyncStatus } from '../../src/domain/sync.ts'
import type { Fault, FaultRule } from '../../src/simulator/faults.ts'
import type { ConnectorChoices, Scene } from './scene.ts'

/** `old`: as before the fault; `new`: read now; `less`: read now, and a metric has no value. */
export type Numbers = 'old' | 'new' | 'less'

/** What a row is once the refresh has ended, and which numbers it has. */
export type RowEnd = `${SyncStatus}, ${Numbers}`

/** Seconds, or the midnight of a clock; `longer`: an outage’s, each about twice the last. */
export type Wait = number | 'UTC' | 'Pacific' | 'longer'

/** What became of one refresh while the fault lasted, and of the next one after it. */
export interface Ending {
  account: RowEnd
  publication: RowEnd
  connection: ConnectionStatus
  refresh: Refresh['status']
  /** After how many seconds each it was tried again by itself; or until which midnight. */
  waits: readonly Wait[]
  /** What a wish is answered with while the fault lasts. */
  wish: 'queued' | 'fresh' | 'not_connected'
  /** The rows after the next refresh without the fault. */
  after: readonly [RowEnd, RowEnd]
}

/** A fault as a script of the simulated platform. */
export type Strike = Omit<FaultRule, 'platform'>

/** That a platform knows nothing of the kind, and why. */
export interface Never {
  never: string
}

/** One fault, and how it ends on each platform. */
export interface FaultCase {
  key: string
  title: string
  /** A sentence that says what the platform does. */
  what: string
  strike(scene: Pick<Scene, 'platform' | 'now' | 'newest'>, target: string): Strike[] | Never
  /** What is configured otherwise while the fault lasts. */
  during?: ConnectorChoices
  /** How long the account's access token is good; 30 days unless it says otherwise. */
  tokenSeconds?: number
  /** After how many waits it is over; without it, it lasts. */
  waitsMax?: number
  /** How long it lasts at least, unless waiting ends it; without it, only as long as the refresh. */
  lastsSeconds?: number
  /** Whether it takes the consent of the account's owner to end it. */
  takesConsent?: true
  /** Whether only the newest publication is concerned, and the others are read as ever. */
  isOfOneItem?: true
  /** How it ends, unless a platform ends otherwise. */
  ending: Ending
  but?: Partial<Record<Platform, Partial<Ending>>>
}

/** Everything was read, as if nothing had happened. */
export const UNHURT: Ending = {
  account: 'synced, new',
  publication: 'synced, new',
  connection: 'connected',
  refresh: 'succeeded',
  waits: [],
  wish: 'fresh',
  after: ['synced, new', 'synced, new'],
}

/** Nothing was read, and it was not tried again: the fault is our own application’s. */
export const GIVEN_UP: Ending = {
  ...UNHURT,
  account: 'failed, old',
  publication: 'failed, old',
  refresh: 'failed',
  wish: 'queued',
}

/** Nobody but the account’s owner can help. */
export const RECONNECT: Ending = {
  ...UNHURT,
  account: 'requires_reconnect, old',
  publication: 'requires_reconnect, old',
  connection: 'requires_reconnect',
  refresh: 'failed',
  wish: 'not_connected',
}

/** The same fault for every call on every platform. */
export const everywhere = (fault: Fault) => (): Strike[] => [{ fault }]

/** Another script for each platform. */
export const byPlatform =
  (faults: Record<Platform, Strike[] | Never>): FaultCase['strike'] =>
  ({ platform }) =>
    faults[platform]

/** A refusal of every call for a reason that the simulated platform puts into words. */
export const refused = (reason: string): Strike[] => [{ fault: { kind: 'refused', reason } }]

/** That there is no such thing on a platform. */
export const never = (reason: string): Never => ({ never: reason })

/** Why a platform knows nothing of a fault's kind; null: it does. */
export function neverOn({ strike }: FaultCase, platform: Platform): string | null {
  const strikes = strike({ platform, now: () => new Date(0), newest: { content: {} } }, '')
  return 'never' in strikes ? strikes.never : null
}

/** How a fault ends on a platform. */
export function endingOn({ ending, but }: FaultCase, platform: Platform): Ending {
  return { ...ending, ...but?.[platform] }
}
