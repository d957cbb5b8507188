import { completeDays, type Window } from '../graph/window.ts'

const WINDOW_DAYS = 30
const WINDOW_SECONDS_MAX = WINDOW_DAYS * 86_400

/**
 * The last 30 complete days as the platform counts them, in US Pacific time. In the month in which
 * the clocks go back they are an hour longer than the 30 days that it accepts, and so begin late.
 */
export function insightsWindow(now: Date): Window {
  const { since, until } = completeDays(now, WINDOW_DAYS)
  return { since: Math.max(since, until - WINDOW_SECONDS_MAX), until }
}
