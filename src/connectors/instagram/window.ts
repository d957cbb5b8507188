const ZONE = 'America/Los_Angeles'
const WINDOW_DAYS = 30
const WINDOW_SECONDS_MAX = WINDOW_DAYS * 86_400

/** A span of time in Unix seconds. */
export interface Window {
  since: number
  until: number
}

/**
 * The last 30 complete days as the platform counts them, in US Pacific time. In the month in which
 * the clocks go back they are an hour longer than the 30 days that it accepts, and so begin late.
 */
export function insightsWindow(now: Date): Window {
  const until = pacificMidnight(now, 0)
  const since = pacificMidnight(now, -WINDOW_DAYS)
  return { since: Math.max(since, until - WINDOW_SECONDS_MAX), until }
}

/** The midnight that began the Pacific day of `now`, moved by some days, in Unix seconds. */
function pacificMidnight(now: Date, days: number): number {
  const { year, month, day } = pacificParts(now)
  const summer = Date.UTC(year, month - 1, day + days, 7)
  // Midnight is 07:00 UTC in summer and 08:00 UTC in winter; clocks change later in the night.
  const isSummer = pacificParts(new Date(summer)).hour === 0
  return (isSummer ? summer : summer + 3_600_000) / 1000
}

function pacificParts(at: Date): { year: number; month: number; day: number; hour: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: ZONE,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
  })
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour') }
}
