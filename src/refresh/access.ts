import { secondsAfter } from './policy.ts'

const WARNED_AHEAD_SECONDS = 14 * 86_400

/**
 * What the account's people are told when its access ends within two weeks, and only they can renew
 * it; nothing while that is further off, or nobody knows. Numbers are not incomplete for that.
 */
export function accessWarnings(endsAt: Date | null, now: Date): string[] {
  if (endsAt === null || endsAt > secondsAfter(now, WARNED_AHEAD_SECONDS)) return []
  const day = endsAt.toISOString().slice(0, 'YYYY-MM-DD'.length)
  return [
    `The access ends on ${day} (UTC) and cannot be renewed: connect the account again by then.`,
  ]
}
