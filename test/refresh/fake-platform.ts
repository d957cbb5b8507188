import {
  type CallContext,
  type Connector,
  ConnectorError,
  type Content,
  type Failure,
  type FailureKind,
  type Listing,
  type Reading,
  type TokenSet,
} from '../../src/domain/connector.ts'
import type { NativeNumbers } from '../../src/domain/metric.ts'

/** A platform in memory, behind the port that connectors implement. Tests set what it shows. */
export interface FakePlatform {
  connector: Connector
  /** What was asked, in order, such as `list`, `account`, `read a,b` and `tokens`. */
  calls: string[]
  /** The access token that it takes; null: any. */
  acceptedToken: string | null
  account: NativeNumbers | Failure
  /** What a listing shows, newest first, a page at a time. */
  pages: { items: FakeItem[]; account?: NativeNumbers }[]
  listingFailure: Failure | null
  /** What is answered for a publication that is asked for by its id. */
  publications: Record<string, NativeNumbers | Reading | Failure>
  /** Fails every call for publications. */
  publicationsFailure: Failure | null
  tokens: TokenSet | Failure | null
  /** Runs before every call, with the call's name. */
  before(call: string, context: CallContext): Promise<void> | void
}

/** A piece of content in a listing; without numbers, those have to be asked for. */
export interface FakeItem {
  id: string
  numbers: NativeNumbers | null
  content?: Partial<Content>
}

/** Numbers of an account that has all that it should have. */
export const ACCOUNT_NUMBERS = {
  follower_count: 120,
  following_count: 3,
  likes_count: 40,
  video_count: 2,
}

/** Numbers of a publication that has all that it should have. */
export function numbersOf(views: number): NativeNumbers {
  return { view_count: views, like_count: 5, comment_count: 2, share_count: 1 }
}

/** A failure as connectors report it. */
export function failureOf(kind: FailureKind, more: Partial<Failure> = {}): Failure {
  const none = { status: null, body: null, retryAt: null, isHostDown: false }
  return { kind, message: `It is ${kind}.`, ...none, ...more }
}

/** A platform with an account and no content. */
export function fakePlatform(): FakePlatform {
  const platform: FakePlatform = {
    connector: {
      platform: 'tiktok',
      async readAccount(account, context) {
        await called(platform, 'account', account.accessToken, context)
        const numbers = orThrow(platform.account)
        const profile = { handle: 'brand', displayName: 'Brand', avatarUrl: null }
        return { ...readingOf(numbers), profile }
      },
      async readPublications(account, refs, context) {
        const ids = refs.map(({ platformPostId }) => platformPostId)
        await called(platform, `read ${ids.join()}`, account.accessToken, context)
        if (platform.publicationsFailure) throw new ConnectorError(platform.publicationsFailure)
        return ids.map((platformPostId) => outcomeOf(platform, platformPostId))
      },
      async listPublications(account, cursor, context) {
        await called(platform, 'list', account.accessToken, context)
        if (platform.listingFailure) throw new ConnectorError(platform.listingFailure)
        return pageOf(platform, Number(cursor ?? 0))
      },
      async refreshToken(_account, context) {
        await called(platform, 'tokens', null, context)
        return platform.tokens === null ? null : orThrow(platform.tokens)
      },
    },
    calls: [],
    acceptedToken: null,
    account: ACCOUNT_NUMBERS,
    pages: [],
    listingFailure: null,
    publications: {},
    publicationsFailure: null,
    tokens: null,
    before: () => {},
  }
  return platform
}

async function called(
  platform: FakePlatform,
  call: string,
  token: string | null,
  context: CallContext,
): Promise<void> {
  context.onUpstreamCall()
  platform.calls.push(call)
  await platform.before(call, context)
  if (token !== null && platform.acceptedToken !== null && token !== platform.acceptedToken) {
    throw new ConnectorError(failureOf('unauthorized'))
  }
}

function pageOf(platform: FakePlatform, index: number): Listing {
  const page = platform.pages[index] ?? { items: [] }
  const profile = { handle: 'brand', displayName: 'Brand', avatarUrl: null }
  return {
    items: page.items.map(({ id, numbers, content }) => ({
      platformPostId: id,
      content: { ...CONTENT, ...content },
      reading: numbers && readingOf(numbers),
    })),
    nextCursor: index + 1 < platform.pages.length ? `${index + 1}` : null,
    account: page.account ? { ...readingOf(page.account), profile } : null,
  }
}

const CONTENT: Content = {
  url: null,
  text: 'Hello',
  contentType: 'video',
  thumbnailUrl: null,
  durationSeconds: 12,
  publishedAt: new Date('2026-03-01T10:00:00Z'),
}

function outcomeOf(platform: FakePlatform, platformPostId: string) {
  const answer = platform.publications[platformPostId]
  if (answer === undefined) return { platformPostId, failure: failureOf('gone') }
  if (isFailure(answer)) return { platformPostId, failure: answer }
  const reading = isReading(answer) ? answer : readingOf(answer)
  return { platformPostId, reading: { ...reading, content: null } }
}

/** A reading of nothing but these numbers. */
export function readingOf(native: NativeNumbers): Reading {
  return { native, missing: {}, payload: { ...native }, warnings: [] }
}

function isFailure(answer: object): answer is Failure {
  return 'kind' in answer
}

function isReading(answer: NativeNumbers | Reading): answer is Reading {
  return 'native' in answer && typeof answer.native === 'object'
}

function orThrow<Answer extends object>(answer: Answer | Failure): Answer {
  if (isFailure(answer)) throw new ConnectorError(answer)
  return answer
}
