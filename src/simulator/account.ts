import type { ContentType } from '../domain/content.ts'
import type { NativeNumbers } from '../domain/metric.ts'
import type { Platform } from '../domain/platform.ts'

/** What a story is about before a platform gives it its own form. */
export type StoryKind = 'text' | 'image' | 'carousel' | 'video' | 'story'

/** What a plan may say about one publication; what it leaves out is derived from the seed. */
export interface PlannedContent {
  kind?: StoryKind
  text?: string
  /** Publications with the same key are the same story on several platforms. */
  story?: string
  /** How many views it will have had in the end. */
  views?: number
  /** Numbers that stand still, under native names, instead of growing ones. */
  numbers?: NativeNumbers
  /** Native names that the platform does not report for it. */
  withheld?: readonly string[]
  /** When its owner deleted it: from then on the platform no longer shows it. */
  deletedAt?: Date
  /** The same, as hours after it was published. */
  deletedAfterHours?: number
  /** Only its owner sees it, so the API does not. */
  isPrivate?: boolean
}

/** How a simulated account is set up. What is left out has the usual value. */
export interface AccountPlan {
  platform: Platform
  platformAccountId: string
  handle: string
  displayName?: string
  /** Accounts of one brand publish the same stories at the same times; the handle by default. */
  brand?: string
  /** How many publications its listing shows, always exactly as many (48). */
  publications?: number
  /** Hours between two publications (16). */
  everyHours?: number
  /** When publication 0, the newest one, goes live; without it new ones never end. */
  newestAt?: Date
  /** How far publications stray from their regular times, in hours (0). */
  jitterHours?: number
  /** How many hours after the brand's other accounts this one publishes (0). */
  delayHours?: number
  /** Followers at the anchor, and how many come every day (10,000 and 20,000). */
  followers?: number
  followersPerDay?: number
  /** Views of a usual publication in the end (50,000). */
  views?: number
  /** Every so many publications one is seen by `topViews` people; never by default. */
  topEvery?: number
  topViews?: number
  /** What the account's owner granted; everything that the platform's numbers need by default. */
  scopes?: readonly string[]
  /** Numbers of the account that stand still, under native names. */
  numbers?: NativeNumbers
  /** Native names of account metrics that the platform does not report. */
  withheld?: readonly string[]
  /** What publication `index` is; 0 is the one at `newestAt`, 1 the one before. */
  content?: (index: number) => PlannedContent
  /** Only its owner's token sees its publications. */
  isProtected?: boolean
  /** The platform has closed it. */
  isSuspended?: boolean
  /** Likes of its publications are not shown. */
  hidesLikes?: boolean
  /** When it became a professional account: content from before has no insights. */
  convertedAt?: Date
  /** Its timeline also holds reposts and replies, which are no publications of the world. */
  hasChatter?: boolean
  /** Some pages of its listing hold fewer entries than were asked for. */
  hasShortPages?: boolean
}

/** A plan with every choice made. `index` is its place among the platform's accounts. */
export type SimulatedAccount = Readonly<
  Required<Omit<AccountPlan, 'newestAt' | 'convertedAt'>> & {
    newestAt: Date | null
    convertedAt: Date | null
    index: number
    avatarUrl: string
  }
>

/** A publication as its platform shows it. Its numbers come from `World.publicationNumbers`. */
export interface SimulatedPublication {
  readonly platform: Platform
  readonly account: SimulatedAccount
  readonly platformPostId: string
  /** The same for every publication of one story, on every platform. */
  readonly story: string
  /** Its place in the account's calendar; higher is newer. */
  readonly slot: number
  readonly kind: StoryKind
  readonly contentType: ContentType
  readonly text: string
  readonly url: string
  readonly thumbnailUrl: string | null
  /** Null for what does not play. */
  readonly durationSeconds: number | null
  readonly publishedAt: Date
  readonly deletedAt: Date | null
  readonly isPrivate: boolean
  /** How many times it will have been shown in the end. */
  readonly totalViews: number
  readonly hasLink: boolean
  readonly areCommentsClosed: boolean
  readonly numbers: NativeNumbers
  readonly withheld: readonly string[]
}
