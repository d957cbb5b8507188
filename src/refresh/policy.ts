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
 * that limits us, or is known to be down for a while, is waited for; one that is unavailable is
 * tried a few times more.
 */
export function decideRetryAt(failure: Failure, tried: Tried, limits: RefreshLimits): Date | null {
  if (!isAttempt(failure)) {
    const soonest = failure.kind === 'unavailable' ? limits.retryDelaySeconds : 1
    return limitedUntil(failure.retryAt, { ...tried, soonest }, limits)
  }
  if (failure.kind !== 'unavailable' && failure.kind !== 'malformed') return null
  if (tried.attempt >= limits.attempts) return null
  return secondsAfter(tried.now, limits.retryDelaySeconds * 2 ** (tried.attempt - 1))
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

/** Whether a failure used up an attempt: waiting for a time that is known does not. */
export function isAttempt(failure: Failure): boolean {
  if (failure.kind === 'rate_limited') return false
  return failure.kind !== 'unavailable' || failure.retryAt === null
}
