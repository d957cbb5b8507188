import {
  type AccountReading,
  type CallContext,
  type ConnectedAccount,
  ConnectorError,
  type ListedPublication,
  type Listing,
  type PublicationOutcome,
} from '../../domain/connector.ts'
import type { JsonValue } from '../../domain/json.ts'
import { isNumericId, requireNumericId } from '../batches.ts'
import { unanswered } from '../failures.ts'
import { anyObjectsAt, isObject, objectAt, textOf, valueAt, wordsOf } from '../json.ts'
import { parseJson } from '../json-text.ts'
import type { Memory } from '../memory.ts'
import { dayOf } from '../numbers.ts'
import { refusedFields, toXAccount } from './account.ts'
import { isFieldProblem, LABEL, problemsIn } from './errors.ts'
import { postParams, privateSince, userParams } from './fields.ts'
import { readXHidden } from './lookup.ts'
import { postsIn, toReading } from './posts.ts'
import type { Vocabulary, XApi } from './request.ts'

const PAGE_SIZE = '100'

/** How far a listing has come. */
interface Position {
  /** Posts young enough for their private numbers come first, then the older ones. */
  phase: 'young' | 'older'
  /** The moment that parts the two, the same for the whole listing. */
  since: string
  /** X's own token of the page; null on the first of a phase. */
  token: string | null
  /** Whether an earlier page already told the account's own numbers. */
  knowsAccount: boolean
  /** The handle that an earlier page told, for links; null while none did. */
  handle: string | null
}

/**
 * The newest posts of an account with all their numbers: `GET /2/users/{id}/tweets`, scopes
 * `tweet.read` and `users.read`, 100 a call. Reposts are somebody else's content. Replies are left
 * out as well: every post that X returns is billed, the replies of a busy account would push its
 * own content out of a listing, and the 800 posts that X then still reaches are more than one
 * refresh takes; a reply that somebody recorded is still read by its id.
 */
export async function listXPosts(
  deps: { api: XApi; memory: Memory },
  account: ConnectedAccount,
  cursor: string | null,
  context: CallContext,
): Promise<Listing> {
  const { platformAccountId } = account.account
  requireNumericId(LABEL, platformAccountId)
  const position = cursor === null ? firstPosition(context) : positionIn(cursor)
  const refused = refusedFields(deps.memory, account, context)
  const page = await deps.api.get(
    {
      path: `/2/users/${platformAccountId}/tweets`,
      params: (words) => pageParams(words, position, refused, context),
    },
    account,
    context,
    (body) => readPage(body, { account, context, position, refused }),
  )
  const hidden = await readXHidden(deps.api, account, page.hidden, context)
  const next = nextPosition(position, page)
  const warnings = [`${LABEL} did not show ${lostIn(page, hidden)} of the posts that it listed.`]
  return {
    items: [...page.items, ...hidden.flatMap(toItem)].sort(newestFirst),
    nextCursor: next === null ? null : JSON.stringify(next),
    account: page.account,
    ...(lostIn(page, hidden) > 0 && { warnings }),
  }
}

/** How many posts a page neither shows nor calls gone, `hidden` being those that were read again. */
function lostIn(page: Page, hidden: readonly PublicationOutcome[]): number {
  const isLost = (one: PublicationOutcome) => 'failure' in one && one.failure.kind !== 'gone'
  // A post that is hidden may come without its id, too.
  return Math.max(0, page.unnamed - page.hidden.length) + hidden.filter(isLost).length
}

interface Page {
  items: ListedPublication[]
  /** How many posts came without their id. */
  unnamed: number
  /** Posts that are left out because their private numbers were asked for. */
  hidden: string[]
  token: string | null
  handle: string | null
  account: AccountReading | null
}

interface PageContext {
  account: ConnectedAccount
  context: CallContext
  position: Position
  refused: readonly string[]
}

function readPage(body: JsonValue, page: PageContext): Page {
  const { account, context, position, refused } = page
  const { posts, unnamed } = postsIn(body)
  const author = authorIn(body, account)
  const handle = wordsOf(author?.['username']) ?? position.handle ?? account.account.handle
  const asked = {
    now: context.now,
    handle,
    isPrivate: position.phase === 'young',
    isHidden: false,
  }
  const problems = problemsIn(body).filter((problem) => !problem.isIncluded)
  const shown = new Set(posts.map((post) => post.id))
  const refusal = problems.find((problem) => !isFieldProblem(problem))
  if (valueAt(body, 'meta') === undefined) {
    // X answers so for an account that it will not show.
    if (refusal !== undefined) throw new ConnectorError(refusal.failure)
    if (problems.length === 0) objectAt(body, 'meta')
  }
  const hidden = problems.filter(isFieldProblem).flatMap(({ id }) => id ?? [])
  return {
    items: posts.map((post) => {
      const { content, ...reading } = toReading(post, asked)
      return { platformPostId: post.id, content, reading }
    }),
    unnamed,
    hidden: [...new Set(hidden)].filter((id) => isNumericId(id) && !shown.has(id)),
    token: wordsOf(valueAt(body, 'meta.next_token')),
    handle,
    account:
      author === undefined || position.knowsAccount
        ? null
        : toXAccount(author, context.now, refused),
  }
}

function authorIn(body: JsonValue, { account }: ConnectedAccount) {
  const users = anyObjectsAt(body, 'includes.users')
  // An author without numbers was not asked about: a call of its own has to tell them.
  return users.find(
    (user) => textOf(user['id']) === account.platformAccountId && isObject(user['public_metrics']),
  )
}

function pageParams(
  words: Vocabulary,
  position: Position,
  refused: readonly string[],
  context: CallContext,
): Record<string, string> {
  const today = dayOf(context.now)
  const post = postParams(words, today, { isPrivate: position.phase === 'young' })
  const asksForAuthor = position.token === null && !position.knowsAccount
  return {
    max_results: PAGE_SIZE,
    exclude: 'replies,retweets',
    [position.phase === 'young' ? 'start_time' : 'end_time']: position.since,
    ...(position.token === null ? {} : { pagination_token: position.token }),
    ...post,
    ...(asksForAuthor ? userParams(today, refused) : {}),
    ...(asksForAuthor ? { expansions: `author_id,${post['expansions']}` } : {}),
  }
}

function firstPosition(context: CallContext): Position {
  const since = privateSince(context.now).toISOString().replace('.000Z', 'Z')
  return { phase: 'young', since, token: null, knowsAccount: false, handle: null }
}

function nextPosition(position: Position, page: Page): Position | null {
  const knowsAccount = position.knowsAccount || page.account !== null
  const next = { ...position, knowsAccount, handle: page.handle }
  if (page.token !== null && page.token !== position.token) return { ...next, token: page.token }
  return position.phase === 'older' ? null : { ...next, phase: 'older', token: null }
}

function positionIn(cursor: string): Position {
  const value = parseJson(cursor) ?? null
  const phase = valueAt(value, 'phase')
  const since = textOf(valueAt(value, 'since'))
  if ((phase !== 'young' && phase !== 'older') || since === null) {
    const message = `The cursor is not one of a listing of ${LABEL} posts.`
    throw new ConnectorError(unanswered('misconfigured', message))
  }
  const knowsAccount = valueAt(value, 'knowsAccount') === true
  const [token, handle] = ['token', 'handle'].map((key) => wordsOf(valueAt(value, key)))
  return { phase, since, token: token ?? null, knowsAccount, handle: handle ?? null }
}

function toItem(outcome: PublicationOutcome): ListedPublication[] {
  if (!('reading' in outcome) || outcome.reading.content === null) return []
  const { content, ...reading } = outcome.reading
  return [{ platformPostId: outcome.platformPostId, content, reading }]
}

/** Ids grow with time, and are compared as the numbers that they are. */
function newestFirst(one: ListedPublication, other: ListedPublication): number {
  const [a, b] = [one.platformPostId, other.platformPostId]
  return b.length - a.length || (a < b ? 1 : a > b ? -1 : 0)
}
