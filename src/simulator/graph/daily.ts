import type { SimulatedAccount } from '../account.ts'
import { ANCHOR } from '../calendar.ts'

/** A span of time. */
export interface Span {
  since: Date
  until: Date
}

/**
 * How often an account's content was seen in a span, or something that happens at a rate of that.
 * The counts of two neighbouring spans add up to that of both.
 */
export function seenWithin(
  account: SimulatedAccount,
  rate: number,
  { since, until }: Span,
): number {
  const perDay = (account.views + topShare(account)) * 1.5 * rate
  return seenBy(perDay, until) - seenBy(perDay, since)
}

// What the publications that everyone sees add to the views of a usual one.
function topShare(account: SimulatedAccount): number {
  return account.topEvery > 0 ? account.topViews / account.topEvery : 0
}

function seenBy(perDay: number, at: Date): number {
  return Math.floor((perDay * (at.getTime() - ANCHOR.getTime())) / 86_400_000)
}
