import type { Platform } from '../domain/platform.ts'
import type { AccountPlan, PlannedContent, SimulatedAccount } from './account.ts'
import { defaultPlans } from './plan.ts'
import { platformWorld } from './platform-worlds.ts'
import type { GrantOptions } from './tokens.ts'

const DAY_MS = 86_400_000

/** How many days ago the access of one of the demo's accounts ended. */
const LAPSED_DAYS = 2

/** The brand to which things happen in a demo. */
const UNLUCKY = 'osskartea'

// One of so many of its videos is deleted, so that there always is one.
const DELETED_EVERY = 12
const DELETED_AFTER_HOURS = 12 * 24

const MISHAPS: Partial<Record<Platform, Partial<AccountPlan>>> = {
  // Its owner granted the channel, and not its reports.
  youtube: { scopes: ['https://www.googleapis.com/auth/youtube.readonly'] },
  tiktok: { content: contentOf },
}

/**
 * The accounts of a demo: those of the usual world, of which one lacks a scope, and one deletes
 * some of its videos.
 */
export function demoPlans(): AccountPlan[] {
  return defaultPlans().map((plan) => {
    return { ...plan, ...(plan.handle === UNLUCKY && MISHAPS[plan.platform]) }
  })
}

/** When the access that a demo has to an account ended; null: it did not. */
export function demoLapse({ handle, platform }: SimulatedAccount, now: Date): Date | null {
  const isLapsed = handle === UNLUCKY && platform === 'linkedin'
  return isLapsed ? new Date(now.getTime() - LAPSED_DAYS * DAY_MS) : null
}

/** What the platform says of the account whose access ended. */
export const DEMO_LAPSE_MESSAGE =
  'LinkedIn refused to renew the token (invalid_request): The provided authorization grant or ' +
  'refresh token is invalid, expired or revoked.'

/** How the tokens that a demo has of an account differ from fresh ones. */
export function demoGrant(account: SimulatedAccount, now: Date): Partial<GrantOptions> {
  const lapse = demoLapse(account, now)
  if (lapse === null) return {}
  const { accessSeconds } = platformWorld(account.platform).tokens
  const issuedAt = new Date(lapse.getTime() - accessSeconds * 1000)
  return { issuedAt, refreshSeconds: accessSeconds }
}

function contentOf(index: number): PlannedContent {
  return index % DELETED_EVERY === 0 ? { deletedAfterHours: DELETED_AFTER_HOURS } : {}
}
