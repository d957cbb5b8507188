import { metricNamed } from '../../domain/catalog/catalog.ts'
import type { SimulatedAccount } from '../account.ts'
import { type Span, seenWithin } from '../graph/daily.ts'

/** Reactions of a day by kind; kinds that did not occur are left out. */
export type ReactionCounts = Record<string, number>

/** How often something happens on a Page for each time that its content is seen. */
const RATES = {
  page_post_engagements: 0.052,
  page_video_views: 0.31,
  page_views_total: 0.0058,
  page_total_actions: 0.00042,
  page_video_view_time: 2800,
  page_media_view: 1,
  page_total_media_view_unique: 0.4,
  page_daily_follows: 0.002,
  page_daily_follows_unique: 0.0019,
  page_daily_unfollows_unique: 0.0004,
}

const REACTION_RATES = {
  like: 0.028,
  love: 0.006,
  haha: 0.0013,
  wow: 0.0009,
  sorry: 0.0002,
  anger: 0.0001,
}

/** What happened on a Page in a span of whole days. Those of neighbouring spans add up. */
export function dayNumbers(account: SimulatedAccount, span: Span) {
  const shown = Object.entries(RATES).filter(
    ([name]) => metricNamed('facebook', 'account', name) !== null,
  )
  const counts = shown.map(([name, rate]) => [name, seenWithin(account, rate, span)] as const)
  return {
    ...Object.fromEntries(counts),
    page_actions_post_reactions_total: reactionsWithin(account, span),
  }
}

/** One insight of a span; undefined for a name that there is none of. */
export function dayNumber(
  account: SimulatedAccount,
  name: string,
  span: Span,
): number | ReactionCounts | undefined {
  if (name === 'page_actions_post_reactions_total') return reactionsWithin(account, span)
  const kind = /^page_actions_post_reactions_(\w+)_total$/.exec(name)?.[1]
  if (kind !== undefined) return reactionsWithin(account, span)[kind] ?? 0
  const rate = Object.hasOwn(RATES, name) ? RATES[name as keyof typeof RATES] : undefined
  return rate === undefined ? undefined : seenWithin(account, rate, span)
}

/** The sum over all kinds. */
export function totalOf(reactions: ReactionCounts): number {
  return Object.values(reactions).reduce((sum, count) => sum + count, 0)
}

/** The names of insights that are counts, and of the reactions by kind. */
export const COUNTS = [
  ...Object.keys(RATES),
  ...Object.keys(REACTION_RATES).map((kind) => `page_actions_post_reactions_${kind}_total`),
]

function reactionsWithin(account: SimulatedAccount, span: Span): ReactionCounts {
  const counts = Object.entries(REACTION_RATES).map(
    ([kind, rate]) => [kind, seenWithin(account, rate, span)] as const,
  )
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}
