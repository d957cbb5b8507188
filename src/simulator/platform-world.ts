import type { ContentType } from '../domain/content.ts'
import type { Platform } from '../domain/platform.ts'
import type { SimulatedAccount, SimulatedPublication, StoryKind } from './account.ts'
import type { TokenKind } from './tokens.ts'

/** What a post's id says about it. */
export interface DecodedPostId {
  publishedAt: Date
  accountIndex: number
}

/** Where an account's numbers come from. */
export interface AccountBasis {
  account: SimulatedAccount
  followers: number
  /** Publications since the account began, including those that listings no longer show. */
  posts: number
  now: Date
  sinceAnchorMs: number
  /** A number from 0 to 1 that belongs to the account and the label. */
  chance(label: string): number
}

/** Where a publication's numbers come from. */
export interface PublicationBasis {
  publication: SimulatedPublication
  /** Now; for a deleted publication the moment of its deletion. */
  now: Date
  /** How many times it has been shown by now. */
  views: number
  /** A number from 0 to 1 that belongs to the publication and the label. */
  chance(label: string): number
}

/** What the platform's tokens look like and how long they live. */
export interface TokenRules {
  readonly accessSeconds: number
  /** Null where there are no refresh tokens. */
  readonly refreshSeconds: number | null
  /** The scope without which there is no refresh token; null where none is needed. */
  readonly refreshScope: string | null
  /** What tokens of each kind begin with. */
  readonly prefixes: Readonly<Partial<Record<TokenKind, string>>>
  /** Another login, known by its scopes, whose tokens begin otherwise. */
  readonly otherLogin?: { readonly scopes: readonly string[]; readonly prefix: string }
}

/** How one platform gives the world's stories its own form, ids and numbers. */
export interface PlatformWorld {
  readonly platform: Platform
  /** The scopes that an account grants unless its plan says otherwise. */
  readonly scopes: readonly string[]
  readonly tokens: TokenRules
  /** How widely the platform spreads what a brand publishes, compared with the others. */
  readonly spread: number
  /** The id of what an account publishes at an instant: unique, and the same after a restart. */
  postIdOf(publishedAt: Date, accountIndex: number, salt: number): string
  /** Undoes `postIdOf`; null for an id that cannot be one of this platform's. */
  decodePostId(id: string): DecodedPostId | null
  /** What becomes of a story of a kind, which may last some seconds. */
  contentTypeOf(kind: StoryKind, durationSeconds: number): ContentType
  /** The id as the platform shows it, where more belongs to it than `postIdOf` knows. */
  shownIdOf?(account: SimulatedAccount, id: string, contentType: ContentType): string
  urlOf(account: SimulatedAccount, platformPostId: string, contentType: ContentType): string
  /** The account's numbers under the catalogue's native names. */
  accountNumbers(basis: AccountBasis): Record<string, number>
  /** The publication's numbers under the catalogue's native names. */
  publicationNumbers(basis: PublicationBasis): Record<string, number>
}
