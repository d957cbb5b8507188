import { type CallContext, type ConnectedAccount, ConnectorError } from '../../domain/connector.ts'
import type { JsonValue } from '../../domain/json.ts'
import type { Answer, Http } from '../http.ts'
import { parsed } from '../json.ts'
import { LABEL, refusesParameter, xFailure } from './errors.ts'

/** One of X's two spellings. What a request says in one, its answer says in the same one. */
export interface Vocabulary {
  /** The parameter that selects the fields of posts. */
  selector: 'tweet.fields' | 'post.fields'
  /** The field with the whole text of a long post. */
  longText: 'note_tweet' | 'note_post'
}

const OLDER: Vocabulary = { selector: 'tweet.fields', longText: 'note_tweet' }
const NEWER: Vocabulary = { selector: 'post.fields', longText: 'note_post' }

/** A request: its path below the host, and its parameters in one spelling. */
export interface XQuery {
  path: string
  params(words: Vocabulary): Record<string, string>
}

/** X's API v2 with the account's own token. */
export interface XApi {
  /** What `read` makes of the answer, whose `errors` are its own matter. Throws what failed as a whole. */
  get<T>(
    query: XQuery,
    account: ConnectedAccount,
    context: CallContext,
    read: (body: JsonValue) => T,
  ): Promise<T>
}

/**
 * The API at a base URL. It speaks the older spelling until X refuses that, and from then on the
 * newer one.
 */
export function createXApi(http: Http, origin: string): XApi {
  let words = OLDER
  return {
    async get(query, account, context, read) {
      const send = (spelling: Vocabulary) =>
        http.send(
          {
            label: LABEL,
            method: 'GET',
            url: urlOf(origin, query, spelling),
            token: account.accessToken,
            isRead: true,
          },
          context,
        )
      const asked = words
      const answer = await send(asked)
      if (!isSpellingRefused(answer, query, asked)) return bodyOf(answer, context, read)
      const other = asked === OLDER ? NEWER : OLDER
      const second = await send(other)
      // A value that X takes in neither spelling is our fault, and no reason to change the spelling.
      if (second.status === 400) return bodyOf(answer, context, read)
      words = other
      return bodyOf(second, context, read)
    },
  }
}

function urlOf(origin: string, query: XQuery, words: Vocabulary): string {
  return `${origin}${query.path}?${new URLSearchParams(query.params(words))}`
}

function isSpellingRefused(answer: Answer, query: XQuery, words: Vocabulary): boolean {
  return words.selector in query.params(words) && refusesParameter(answer, words.selector)
}

function bodyOf<T>(answer: Answer, context: CallContext, read: (body: JsonValue) => T): T {
  const failure = xFailure(answer, context.now)
  if (failure !== null) throw new ConnectorError(failure)
  return parsed(LABEL, answer, read)
}
