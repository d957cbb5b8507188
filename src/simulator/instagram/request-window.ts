import { invalidParameter } from '../graph/errors.ts'
import type { Call } from '../simulation.ts'

const DAY_MS = 86_400_000
const WINDOW_DAYS_MAX = 30
const HISTORY_DAYS_MAX = 2 * 365

/** A window of time that insights are asked for. It ends now at the latest. */
export interface Window {
  since: Date
  until: Date
}

/** The window of a call: the last 24 hours unless it names another, of at most 30 days. */
export function windowOf(call: Call): Window {
  const now = call.now.getTime()
  const until = Math.min(now, secondsOf(call, 'until') ?? now)
  const since = secondsOf(call, 'since') ?? until - DAY_MS
  if (until < since) throw invalidParameter(call, 'Invalid parameter: since is after until')
  if (until - since > WINDOW_DAYS_MAX * DAY_MS) {
    throw invalidParameter(
      call,
      'There cannot be more than 30 days (2592000 s) between since and until',
    )
  }
  if (now - since > HISTORY_DAYS_MAX * DAY_MS) {
    throw invalidParameter(call, 'Insights are only available for the last 2 years')
  }
  return { since: new Date(since), until: new Date(until) }
}

function secondsOf(call: Call, name: string): number | null {
  const given = call.query.get(name)
  if (given === null) return null
  if (!/^\d{1,11}$/.test(given)) throw invalidParameter(call, `${name} must be a Unix timestamp`)
  return Number(given) * 1000
}
