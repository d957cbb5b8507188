import { pacificMidnight } from '../../domain/pacific.ts'

/** A span of time in Unix seconds. */
export interface Window {
  since: number
  until: number
}

/** The last complete days as the Graph API counts them, in US Pacific time. */
export function completeDays(now: Date, days: number): Window {
  return { since: secondsOf(pacificMidnight(now, -days)), until: secondsOf(pacificMidnight(now)) }
}

function secondsOf(at: Date): number {
  return at.getTime() / 1000
}
