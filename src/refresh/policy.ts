import type { Failure } from '../domain/connector.ts'
import type { NativeNumbers } from '../domain/metric.ts'
import type { SyncState } from '../domain/sync.ts'
import type { RefreshLimits } from './dependencies.ts'

/** Whether a row's numbers are too old to count as fresh, or were never fetched. */
export function isStale(state: Pick<SyncState, 'staleAfter'>, now: Date): boolean {
  return state.staleAfter === null || state.staleAfter <= now
}

/** The instant so many seconds later. */
export function secondsAfter(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000)
}

/** Whether two readings hold different numbers, or different metrics. */
export function isChanged(before: NativeNumbers, after: NativeNumbers): boolean {
  const names = Object.keys(after)
  if (names.length !== Object.keys(before).length) return true
  return names.some((name) => before[name] !== after[name])
}

/** A refresh as far as its next try depends on it. */
export interface Tried {
  requestedAt: Date
  /** Which attempt failed, from 1. */
  attempt: number
  now: Date
}

/**
 * When asking again makes sense after a failure; null: never, the failure is final. A platform
 * that limits us is waited for; one that is unavailable is tried a few times more, no sooner than
 * it asked for.
 */
export function decideRetryAt(failure: Failure, tried: Tried, limits: RefreshLimits): Date | null {
  const { kind, retryAt } = failure
  if (kind === 'rate_limited') return limitedUntil(retryAt, { ...tried, soonest: 1 }, limits)
  if (kind !== 'unavailable' && kind !== 'malformed') return null
  if (isAttempt(failure, tried, limits) && tried.attempt >= limits.attempts) return null
  const again = secondsAfter(tried.now, limits.retryDelaySeconds * 2 ** (tried.attempt - 1))
  if (retryAt === null || retryAt <= again) return again
  return retryAt <= secondsAfter(tried.now, limits.outageMaxSeconds) ? retryAt : null
}

/**
 * Until when a refresh waits that may not go on before a time, if it may wait as long; null: it
 * has to end.
 */
export function limitedUntil(
  retryAt: Date | null,
  tried: Pick<Tried, 'requestedAt' | 'now'> & { soonest: number },
  limits: RefreshLimits,
): Date | null {
  const named = retryAt ?? secondsAfter(tried.now, limits.limitedDelaySeconds)
  const until = Math.max(named.getTime(), secondsAfter(tried.now, tried.soonest).getTime())
  const last = secondsAfter(tried.requestedAt, limits.limitedMaxSeconds)
  return until <= last.getTime() ? new Date(until) : null
}

/**
 * Whether a failure used up an attempt. Waiting for the end of a limit does not, and neither does
 * waiting for a host that is down, as long as the wish is young enough.
 */
export function isAttempt(failure: Failure, tried: Tried, limits: RefreshLimits): boolean {
  if (failure.kind === 'rate_limited') return false
  const freeUntil = secondsAfter(tried.requestedAt, limits.outageMaxSeconds)
  return !failure.isHostDown || tried.now >= freeUntil
}
