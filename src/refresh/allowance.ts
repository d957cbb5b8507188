import type { Account } from '../domain/account.ts'
import type { RefreshAvailability, RefreshQuota } from '../domain/refresh.ts'
import type { Workspace } from '../domain/workspace.ts'

const HOUR_MS = 3_600_000

/** How often people may ask for refreshes. */
export interface Allowance {
  /** Hours from one refresh of an account to the next that may be asked for; 0: none. */
  cooldownHours: number
  /** Refreshes that a workspace may ask for in a calendar month (UTC). */
  monthlyQuota: number
}

/** What a workspace allows: its own settings, else the configured ones. */
export function allowanceOf(
  workspace: Pick<Workspace, 'refreshCooldownHours' | 'refreshMonthlyQuota'>,
  { cooldownHours, monthlyQuota }: Allowance,
): Allowance {
  return {
    cooldownHours: workspace.refreshCooldownHours ?? cooldownHours,
    monthlyQuota: workspace.refreshMonthlyQuota ?? monthlyQuota,
  }
}

/** The first day of an instant's calendar month in UTC, as `YYYY-MM-01`. */
export function monthOf(at: Date): string {
  return `${at.toISOString().slice(0, 'YYYY-MM'.length)}-01`
}

/** The quota of an instant's month, of which so many units are used. */
export function quotaAt(now: Date, used: number, { monthlyQuota }: Allowance): RefreshQuota {
  const resetsAt = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1))
  return { limit: monthlyQuota, used, resetsAt }
}

/** Whether so many units are left of a quota. */
export function hasLeft({ limit, used }: RefreshQuota, units: number): boolean {
  return used + units <= limit
}

/**
 * Until when an account cools down whose last counted refresh was accepted at `chargedAt`; null: it
 * does not, or there was none.
 */
export function coolsUntil(
  chargedAt: Date | null,
  now: Date,
  { cooldownHours }: Allowance,
): Date | null {
  if (chargedAt === null) return null
  const end = chargedAt.getTime() + cooldownHours * HOUR_MS
  return end > now.getTime() ? new Date(end) : null
}

/** Whole hours from now to an instant, rounded up. */
export function hoursUntil(at: Date, now: Date): number {
  return Math.ceil((at.getTime() - now.getTime()) / HOUR_MS)
}

/** What decides on whether an account may be refreshed. */
export interface Standing {
  account: Pick<Account, 'connectionStatus'>
  /** When its last counted refresh was accepted; null: there was none. */
  chargedAt: Date | null
  /** How much of this month's quota the workspace has used. */
  used: number
}

/** Whether somebody may ask for a refresh of an account, and from when on. */
export function availabilityOf(
  { account, chargedAt, used }: Standing,
  allowance: Allowance,
  now: Date,
): RefreshAvailability {
  const monthlyQuota = quotaAt(now, used, allowance)
  if (account.connectionStatus !== 'connected') {
    return { canRefresh: false, nextRefreshAt: null, hoursRemaining: 0, monthlyQuota }
  }
  const ends = [
    coolsUntil(chargedAt, now, allowance),
    hasLeft(monthlyQuota, 1) ? null : monthlyQuota.resetsAt,
  ].filter((end) => end !== null)
  const [nextRefreshAt = null] = ends.sort((left, right) => right.getTime() - left.getTime())
  const hoursRemaining = nextRefreshAt ? hoursUntil(nextRefreshAt, now) : 0
  return { canRefresh: nextRefreshAt === null, nextRefreshAt, hoursRemaining, monthlyQuota }
}
