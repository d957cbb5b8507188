import type { SimulatedAccount } from '../account.ts'
import { seenWithin } from '../graph/daily.ts'
import { partOf } from '../growth.ts'

/**
 * An account's insights over a window of time, under native names. Counts of two neighbouring
 * windows add up to that of both; `reach` and `accounts_engaged` count accounts once, so they
 * come to less.
 */
export function windowNumbers(
  account: SimulatedAccount,
  since: Date,
  until: Date,
): Record<string, number> {
  const within = (rate: number) => seenWithin(account, rate, { since, until })
  const views = within(1)
  const days = Math.max(1, (until.getTime() - since.getTime()) / 86_400_000)
  // The longer the window, the more often the same people come back.
  const unique = 0.6 / (1 + (days - 1) * 0.02)
  const interactions = {
    likes: within(0.041),
    comments: within(0.0013),
    shares: within(0.0027),
    saves: within(0.0049),
    replies: within(0.0002),
  }
  return {
    reach: partOf(views, unique),
    views,
    accounts_engaged: partOf(views, unique * 0.05),
    total_interactions: Object.values(interactions).reduce((sum, one) => sum + one, 0),
    ...interactions,
    profile_links_taps: within(0.00031),
    profile_views: within(0.0062),
    website_clicks: within(0.00044),
  }
}
