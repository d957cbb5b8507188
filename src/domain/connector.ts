import type { Account } from './account.ts'
import type { Budget } from './budget.ts'
import type { ContentType } from './content.ts'
import type { JsonValue } from './json.ts'
import type { MissingReason, NativeNumbers } from './metric.ts'
import type { Platform } from './platform.ts'

/**
 * What can go wrong with a platform's answer. `unauthorized`: the account must reconnect;
 * `misconfigured`: our own application's fault, so reconnecting would not help.
 */
export type FailureKind =
  | 'unauthorized'
  | 'missing_scope'
  | 'rate_limited'
  | 'gone'
  | 'unsupported'
  | 'unavailable'
  | 'malformed'
  | 'misconfigured'

/** A platform's refusal, for one item of a batch or for a whole call. */
export interface Failure {
  kind: FailureKind
  /** A sentence for people, without credentials. */
  message: string
  /** The platform's HTTP status; null when there was no answer. */
  status: number | null
  /** What the platform said, credentials removed, at most 4 KiB; null when it said nothing. */
  body: string | null
  /** When asking again makes sense, for `rate_limited` and `unavailable`; null: nobody knows. */
  retryAt: Date | null
  /**
   * Whether the platform's host counts as down, for everybody or for this account: until `retryAt`
   * nothing is asked of it. False where a single call failed, whatever time the platform named.
   */
  isHostDown: boolean
}

/** Thrown by connectors when a whole call failed; they throw nothing else. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError'
  readonly failure: Failure

  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, { cause })
    this.failure = failure
  }
}

/** The account as a connector sees it, with its opened tokens. */
export interface ConnectedAccount {
  account: Pick<
    Account,
    'workspaceId' | 'id' | 'platform' | 'platformAccountId' | 'handle' | 'scopes'
  >
  accessToken: string
  refreshToken: string | null
}

/** What one answer of a platform says about one subject. */
export interface Reading {
  /** Numbers under native names; a metric that did not come back is absent here. */
  native: NativeNumbers
  /** Why metrics are absent, by native name, where the connector knows. */
  missing: Record<string, MissingReason>
  /** The platform's own answer about this subject, credentials removed. */
  payload: JsonValue
  /** Sentences about what is incomplete. */
  warnings: string[]
  /** Missing metrics whose earlier numbers stay: the platform has nothing newer to say of them. */
  kept?: readonly string[]
  /** Why a part could not be read, where that is worth another try; left out: all was read. */
  unread?: Failure
}

/** What a platform says of an account beside its numbers; null where it says nothing. */
export interface Profile {
  handle: string | null
  displayName: string | null
  avatarUrl: string | null
}

/** An account's numbers and profile. */
export interface AccountReading extends Reading {
  profile: Profile
}

/** A publication to be read: what the platform's request depends on. */
export interface PublicationRef {
  platformPostId: string
  contentType: ContentType
  publishedAt: Date | null
}

/** What a platform says of a piece of content beside its numbers; null where it says nothing. */
export interface Content {
  url: string | null
  text: string | null
  contentType: ContentType
  thumbnailUrl: string | null
  durationSeconds: number | null
  publishedAt: Date | null
}

/** One publication's answer: its numbers, and its content where the answer holds it. */
export interface PublicationReading extends Reading {
  content: Content | null
}

/** The outcome for one publication of a batch. */
export type PublicationOutcome =
  | { platformPostId: string; reading: PublicationReading }
  | { platformPostId: string; failure: Failure }

/** A piece of content that a listing names, with its numbers where the listing carries them. */
export interface ListedPublication {
  platformPostId: string
  content: Content
  reading: Reading | null
}

/** A page of an account's content, newest first. */
export interface Listing {
  items: ListedPublication[]
  /** Where the next page starts, in the connector's own words; null on the last page. */
  nextCursor: string | null
  /** The account's own numbers, when this answer held them too and no call is left to make. */
  account: AccountReading | null
  /** Sentences about content that could not be listed, though the rest was; left out: none. */
  warnings?: string[]
}

/** New tokens. A null refresh token means: keep the one there is. */
export interface TokenSet {
  accessToken: string
  refreshToken: string | null
  expiresAt: Date | null
  scopes: string[] | null
}

/** What every call carries: its deadline, the time, and who hears what it costs. */
export interface CallContext {
  signal: AbortSignal
  now: Date
  /** Called once for every request that goes out, retries included. */
  onUpstreamCall(): void
  /** Called for every answer that tells how much the platform still allows. */
  onBudget(budget: Budget): void
}

/**
 * One platform's API. Calls that fail as a whole throw a `ConnectorError`; what fails inside a
 * batch is that item's outcome. Ids are strings, absent numbers stay absent.
 */
export interface Connector {
  readonly platform: Platform
  /**
   * How long before its end a token is exchanged, for platforms that exchange none afterwards. A
   * token whose end nobody knows is exchanged at once there. Left out: shortly before is enough.
   */
  readonly exchangeAheadSeconds?: number
  readAccount(account: ConnectedAccount, context: CallContext): Promise<AccountReading>
  /** One outcome for every ref, in any order. Splits into the platform's largest batches itself. */
  readPublications(
    account: ConnectedAccount,
    refs: readonly PublicationRef[],
    context: CallContext,
  ): Promise<PublicationOutcome[]>
  /** One page of the account's content, in the platform's largest pages. */
  listPublications(
    account: ConnectedAccount,
    cursor: string | null,
    context: CallContext,
  ): Promise<Listing>
  /** Exchanges the refresh token; null where the platform has none to exchange. */
  refreshToken(account: ConnectedAccount, context: CallContext): Promise<TokenSet | null>
}

/** The connectors there are. A platform without one is answered as `unsupported`. */
export type Connectors = Partial<Record<Platform, Connector>>
