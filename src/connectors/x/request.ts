import { type CallContext, type ConnectedAccount, ConnectorError } from '../../domain/connector.ts'
import type { JsonValue } from '../../domain/json.ts'
import type { Answer, Http } from '../http.ts'
import { parsed } from '../json.ts'
import { type Memory, refusedUntil } from '../memory.ts'
import { reportXBudget } from './budget.ts'
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
 * newer one. A field that X no longer knows is left out for a day, so that the others are read.
 */
export function createXApi(http: Http, origin: string, memory: Memory): XApi {
  let words = OLDER
  return {
    async get(query, account, context, read) {
      const send = (spelling: Vocabulary) => sendQuery({ http, origin, memory }, query, spelling)
      const ask = async (spelling: Vocabulary): Promise<Answer> => {
        const answer = await send(spelling)(account, context)
        const unknown = unknownField(answer)
        if (unknown === null || memory.knows(unknown, context.now)) return answer
        memory.remember(unknown, refusedUntil(context.now))
        return ask(spelling)
      }
      const asked = words
      const answer = await ask(asked)
      if (!isSpellingRefused(answer, query, asked)) return bodyOf(answer, context, read)
      const other = asked === OLDER ? NEWER : OLDER
      const second = await ask(other)
      // A value that X takes in neither spelling is our fault, and no reason to change the spelling.
      if (second.status === 400) return bodyOf(answer, context, read)
      if (second.status < 300) words = other
      return bodyOf(second, context, read)
    },
  }
}

interface Wire {
  http: Http
  origin: string
  memory: Memory
}

function sendQuery({ http, origin, memory }: Wire, query: XQuery, words: Vocabulary) {
  return async (account: ConnectedAccount, context: CallContext): Promise<Answer> => {
    const params = Object.entries(query.params(words)).map(([name, value]) => {
      const isKnown = (field: string) => !memory.knows(fieldKey(name, field), context.now)
      return [name, name.endsWith('.fields') ? value.split(',').filter(isKnown).join(',') : value]
    })
    const url = `${origin}${query.path}?${new URLSearchParams(Object.fromEntries(params))}`
    const answer = await http.send(
      { label: LABEL, method: 'GET', url, token: account.accessToken, isRead: true },
      context,
    )
    reportXBudget(answer, context)
    return answer
  }
}

/** The field that an answer refuses because X has none of this name; null when it does not. */
function unknownField(answer: Answer): string | null {
  if (answer.status !== 400) return null
  const text = answer.excerpt.match(/`(\w+\.fields)` query parameter value \[(\w+)\] is not one of/)
  return text?.[1] && text[2] ? fieldKey(text[1], text[2]) : null
}

function fieldKey(parameter: string, field: string): string {
  return `${parameter} ${field}`
}

function isSpellingRefused(answer: Answer, query: XQuery, words: Vocabulary): boolean {
  return words.selector in query.params(words) && refusesParameter(answer, words.selector)
}

function bodyOf<T>(answer: Answer, context: CallContext, read: (body: JsonValue) => T): T {
  const failure = xFailure(answer, context.now)
  if (failure !== null) throw new ConnectorError(failure)
  return parsed(LABEL, answer, read)
}
