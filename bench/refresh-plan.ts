import type { Platform } from '../src/domain/platform.ts'
import type { AccountPlan } from '../src/simulator/account.ts'

/** How much there is to refresh. */
export interface Plan {
  accounts: number
  publications: number
}

/** An account of a plan as the simulated platforms have it. */
export interface PlannedAccount {
  platform: Platform
  platformAccountId: string
  accessToken: string
  publications: { platformPostId: string; contentType: string; publishedAt: string }[]
}

// Those that answer for many publications in one call.
const BATCHED = ['facebook', 'tiktok', 'x', 'youtube'] as const

const IDS: Record<(typeof BATCHED)[number], (index: number) => string> = {
  facebook: (index) => `1000638124${`${index}`.padStart(5, '0')}`,
  tiktok: (index) => `-000${`${index}`.padStart(20, '0')}`,
  x: (index) => `14839201176452${`${index}`.padStart(5, '0')}`,
  youtube: (index) => `UC${`${index}`.padStart(22, 'a')}`,
}

/** The accounts of a plan, spread evenly over the platforms. */
export function plansOf({ accounts, publications }: Plan): AccountPlan[] {
  return Array.from({ length: accounts }, (_, index) => {
    const platform = BATCHED[index % BATCHED.length] ?? BATCHED[0]
    const platformAccountId = IDS[platform](index)
    return { platform, platformAccountId, handle: `brand${index}`, publications }
  })
}

/** The platforms that plans are spread over. */
export const PLAN_PLATFORMS: readonly Platform[] = BATCHED
