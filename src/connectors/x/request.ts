import { type CallContext, type ConnectedAccount, ConnectorError } from '../../domain/connector.ts'
import type { JsonValue } from '../../domain/json.ts'
import type { Answer, Http } from '../http.ts'
import { parsed } from '../json.ts'
import { grantKey, type Memory, refusedUntil } from '../memory.ts'
import { reportXBudget } from './budget.ts'
import { LABEL, refusesAccess, refusesParameter, xFailure } from './errors.ts'
import { PRIVATE_FIELDS } from './fields.ts'

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
 * newer one. For a day, a field that X no longer knows is left out, and so are private numbers for
 * whom X refuses them with a whole call, so that the others are read.
 */
export function createXApi(http: Http, origin: string, memory: Memory): XApi {
  let words = OLDER
  return {
    async get(query, account, context, read) {
      const wire = { http, origin, memory, account, context }
      const asked = words
      const answer = await askForAll(wire, query, asked)
      if (!isSpellingRefused(answer, query, asked)) return bodyOf(answer, context, read)
      const other = asked === OLDER ? NEWER : OLDER
      const second = await askForAll(wire, query, other)
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
  account: ConnectedAccount
  context: CallContext
}

async function askForAll(wire: Wire, query: XQuery, words: Vocabulary): Promise<Answer> {
  const { memory, account, context } = wire
  const params = query.params(words)
  const isPublic = ({ field }: Selected) => !PRIVATE_FIELDS.includes(field)
  if (fieldsIn(params).every(isPublic)) return askForKnown(wire, query.path, params)
  const lesser = () => askForKnown(wire, query.path, selecting(params, isPublic))
  const refusal = `${grantKey(account)} private`
  if (memory.knows(refusal, context.now)) return lesser()
  const answer = await askForKnown(wire, query.path, params)
  if (!refusesAccess(answer)) return answer
  const second = await lesser()
  // Who is refused without them as well is refused for another reason.
  if (second.status < 300) memory.remember(refusal, refusedUntil(context.now))
  return second
}

async function askForKnown(
  wire: Wire,
  path: string,
  params: Record<string, string>,
): Promise<Answer> {
  const { http, origin, memory, account, context } = wire
  const isKnown = (selected: Selected) => !memory.knows(fieldKey(selected), context.now)
  const url = `${origin}${path}?${new URLSearchParams(selecting(params, isKnown))}`
  const answer = await http.send(
    { label: LABEL, method: 'GET', url, token: account.accessToken, isRead: true },
    context,
  )
  reportXBudget(answer, context)
  const unknown = unknownField(answer)
  if (unknown === null || memory.knows(fieldKey(unknown), context.now)) return answer
  memory.remember(fieldKey(unknown), refusedUntil(context.now))
  return askForKnown(wire, path, params)
}

/** A field that a parameter such as `tweet.fields` selects. */
interface Selected {
  parameter: string
  field: string
}

function fieldsIn(params: Record<string, string>): Selected[] {
  return Object.entries(params).flatMap(([parameter, value]) =>
    parameter.endsWith('.fields') ? value.split(',').map((field) => ({ parameter, field })) : [],
  )
}

function selecting(
  params: Record<string, string>,
  isWanted: (selected: Selected) => boolean,
): Record<string, string> {
  const wanted = Map.groupBy(fieldsIn(params).filter(isWanted), ({ parameter }) => parameter)
  const selections = Object.keys(params)
    .filter((name) => name.endsWith('.fields'))
    .map((name) => [name, (wanted.get(name) ?? []).map(({ field }) => field).join(',')])
  return { ...params, ...Object.fromEntries(selections) }
}

/** The field that an answer refuses because X has none of this name; null when it does not. */
function unknownField(answer: Answer): Selected | null {
  if (answer.status !== 400) return null
  const text = answer.excerpt.match(/`(\w+\.fields)` query parameter value \[(\w+)\] is not one of/)
  return text?.[1] && text[2] ? { parameter: text[1], field: text[2] } : null
}

function fieldKey({ parameter, field }: Selected): string {
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
