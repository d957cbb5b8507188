import type { SimulatedAccount } from './account.ts'
import { chanceOf } from './random.ts'

/** Where every endless calendar has its slot 0, so that a restart finds the same stories. */
export const ANCHOR = new Date('2026-11-01T00:00:00Z')

const HOUR_MS = 3_600_000

/**
 * When an account publishes the story of a slot, in whole seconds. Slots rise with time; slot 0
 * lies at `newestAt` or, in an endless calendar, at the anchor.
 */
export function slotTime(seed: number, account: SimulatedAccount, slot: number): Date {
  const stray = chanceOf(seed, account.brand, slot, 'jitter') * account.jitterHours * HOUR_MS
  return new Date(startOf(account) + slot * periodOf(account) + wholeSeconds(stray))
}

/** The newest slot that an account has published at an instant. */
export function newestSlot(seed: number, account: SimulatedAccount, now: Date): number {
  const slot = nearestSlot(account, now)
  const isDue = slotTime(seed, account, slot).getTime() <= now.getTime()
  const newest = isDue ? slot : slot - 1
  return account.newestAt === null ? newest : Math.min(newest, 0)
}

/** The slot whose turn it is at an instant, published or not. */
export function nearestSlot(account: SimulatedAccount, at: Date): number {
  return Math.floor((at.getTime() - startOf(account)) / periodOf(account))
}

function startOf(account: SimulatedAccount): number {
  const start = account.newestAt ?? ANCHOR
  return wholeSeconds(start.getTime()) + wholeSeconds(account.delayHours * HOUR_MS)
}

function periodOf(account: SimulatedAccount): number {
  return Math.max(1000, wholeSeconds(account.everyHours * HOUR_MS))
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000
}
