import type { ContentType } from '../domain/content.ts'
import type { Platform } from '../domain/platform.ts'
import type { AccountPlan, SimulatedAccount, SimulatedPublication } from './account.ts'
import { ANCHOR, nearestSlot, newestSlot, slotTime } from './calendar.ts'
import { grownTo, steadyCount } from './growth.ts'
import { completePlan, defaultPlans } from './plan.ts'
import type { PlatformWorld } from './platform-world.ts'
import { platformWorld } from './platform-worlds.ts'
import { between, chanceOf, hashOf } from './random.ts'
import { storyNumber, storyOf } from './stories.ts'

/** Accounts, publications and their numbers: a function of the seed, the plan and the time. */
export interface World {
  readonly seed: number
  readonly accounts: readonly SimulatedAccount[]
  /** The account of a platform's id; null when there is none. */
  account(platform: Platform, platformAccountId: string): SimulatedAccount | null
  /** What the account's listing shows, newest first, deleted ones included. */
  publications(account: SimulatedAccount, now: Date): SimulatedPublication[]
  /** The publication of an id, however old it is; null before it is published, or for no id. */
  publication(platform: Platform, platformPostId: string, now: Date): SimulatedPublication | null
  /** The account's numbers under native names. */
  accountNumbers(account: SimulatedAccount, now: Date): Record<string, number>
  /** The publication's numbers under native names; they stand still once it is deleted. */
  publicationNumbers(publication: SimulatedPublication, now: Date): Record<string, number>
}

/** Builds the world of a seed: three brands on every platform, or the accounts of a plan. */
export function createWorld(options: { seed: number; accounts?: AccountPlan[] }): World {
  const { seed } = options
  const accounts = completePlans(options.accounts ?? defaultPlans())
  const byId = new Map(accounts.map((one) => [`${one.platform} ${one.platformAccountId}`, one]))
  const byIndex = new Map(accounts.map((one) => [`${one.platform} ${one.index}`, one]))
  return {
    seed,
    accounts,
    account: (platform, id) => byId.get(`${platform} ${id}`) ?? null,
    publications: (of, now) => publicationsOf(seed, of, now),
    publication(platform, id, now) {
      const decoded = platformWorld(platform).decodePostId(id)
      const owner = byIndex.get(`${platform} ${decoded?.accountIndex}`)
      if (decoded === null || owner === undefined) return null
      const slot = nearestSlot(owner, decoded.publishedAt)
      if (slot > newestSlot(seed, owner, now)) return null
      const publication = publicationAt(seed, owner, slot)
      return publication.platformPostId === id ? publication : null
    },
    accountNumbers: (of, now) => accountNumbers(seed, of, now),
    publicationNumbers: (of, now) => publicationNumbers(seed, of, now),
  }
}

/** Whether the platform's API shows the publication at an instant. */
export function isShown({ deletedAt, isPrivate }: SimulatedPublication, now: Date): boolean {
  return !isPrivate && (deletedAt === null || deletedAt.getTime() > now.getTime())
}

function completePlans(plans: readonly AccountPlan[]): SimulatedAccount[] {
  const counts = new Map<Platform, number>()
  return plans.map((plan) => {
    const index = counts.get(plan.platform) ?? 0
    counts.set(plan.platform, index + 1)
    return completePlan(plan, index, platformWorld(plan.platform))
  })
}

function publicationsOf(seed: number, account: SimulatedAccount, now: Date) {
  const newest = newestSlot(seed, account, now)
  return Array.from({ length: account.publications }, (_, age) =>
    publicationAt(seed, account, newest - age),
  )
}

function publicationAt(seed: number, account: SimulatedAccount, slot: number) {
  const platform = platformWorld(account.platform)
  const planned = account.content(slot === 0 ? 0 : -slot)
  const story = storyOf(seed, account.brand, slot)
  const isTop = isTopSlot(account, slot)
  const kind = planned.kind ?? (isTop ? 'video' : story.kind)
  const contentType = platform.contentTypeOf(kind, story.durationSeconds)
  const publishedAt = slotTime(seed, account, slot)
  const salt = hashOf(seed, account.platformAccountId, slot)
  const bareId = platform.postIdOf(publishedAt, account.index, salt)
  const id = platform.shownIdOf?.(account, bareId, contentType) ?? bareId
  const key = planned.story ?? `${account.brand}:${storyNumber(slot)}`
  return {
    platform: account.platform,
    account,
    platformPostId: id,
    story: key,
    slot,
    kind,
    contentType,
    text: planned.text ?? story.text,
    url: platform.urlOf(account, id, contentType),
    thumbnailUrl: contentType === 'text' ? null : `https://media.example/covers/${salt}.jpg`,
    durationSeconds: isPlayed(contentType) ? story.durationSeconds : null,
    publishedAt,
    deletedAt: planned.deletedAt ?? laterBy(publishedAt, planned.deletedAfterHours),
    isPrivate: planned.isPrivate ?? false,
    totalViews: planned.views ?? totalViewsOf(seed, account, slot, platform),
    hasLink: planned.text === undefined ? story.hasLink : planned.text.includes('https://'),
    areCommentsClosed: story.areCommentsClosed,
    numbers: planned.numbers ?? {},
    withheld: planned.withheld ?? [],
  } satisfies SimulatedPublication
}

function laterBy(time: Date, hours: number | undefined): Date | null {
  return hours === undefined ? null : new Date(time.getTime() + hours * 3_600_000)
}

function isPlayed(type: ContentType): boolean {
  return type === 'video' || type === 'reel' || type === 'short'
}

function isTopSlot(account: SimulatedAccount, slot: number): boolean {
  return account.topEvery > 0 && slot % account.topEvery === 0
}

function totalViewsOf(
  seed: number,
  account: SimulatedAccount,
  slot: number,
  platform: PlatformWorld,
): number {
  if (isTopSlot(account, slot)) return Math.floor(account.topViews * platform.spread)
  const luck = between(0.3, 1.7, chanceOf(seed, account.brand, slot, 'luck'))
  const local = between(0.8, 1.2, chanceOf(seed, account.platformAccountId, slot, 'local'))
  return Math.floor(account.views * platform.spread * luck * local)
}

function accountNumbers(seed: number, account: SimulatedAccount, now: Date) {
  const sinceAnchorMs = now.getTime() - ANCHOR.getTime()
  const numbers = platformWorld(account.platform).accountNumbers({
    account,
    followers: steadyCount(account.followers, account.followersPerDay, sinceAnchorMs),
    posts: account.publications + Math.max(0, newestSlot(seed, account, now)),
    now,
    sinceAnchorMs,
    chance: (label) => chanceOf(seed, account.platformAccountId, label),
  })
  return without({ ...numbers, ...account.numbers }, account.withheld)
}

function publicationNumbers(seed: number, publication: SimulatedPublication, now: Date) {
  const { deletedAt, publishedAt, totalViews } = publication
  const until = Math.min(now.getTime(), deletedAt?.getTime() ?? now.getTime())
  const numbers = platformWorld(publication.platform).publicationNumbers({
    publication,
    now: new Date(until),
    views: grownTo(totalViews, until - publishedAt.getTime()),
    chance: (label) => chanceOf(seed, publication.platformPostId, label),
  })
  return without({ ...numbers, ...publication.numbers }, publication.withheld)
}

function without(numbers: Record<string, number>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(numbers).filter(([name]) => !names.includes(name)))
}
