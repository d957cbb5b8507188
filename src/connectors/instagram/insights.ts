import type { CallContext, ConnectedAccount, Failure } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MissingReason } from '../../domain/metric.ts'
import { inParallel } from '../batches.ts'
import { isMetricRefusal } from '../graph/errors.ts'
import type { Graph, GraphQuery } from '../graph/graph.ts'
import { objectsAt, textOf, valueAt } from '../json.ts'
import { type Memory, refusedUntil } from '../memory.ts'

/** What every part of a reading is asked with. */
export interface Session {
  graph: Graph
  memory: Memory
  account: ConnectedAccount
  context: CallContext
}

/** Insights of one subject, by the platform's own names. */
export interface Insights {
  /** The names that were asked for, answered or not. */
  asked: string[]
  values: Map<string, JsonValue>
  /** Why names have no value. */
  reasons: Map<string, MissingReason>
  /** Why any name has none; null when it should have one. */
  otherwise: MissingReason | null
  /** The platform's own items. */
  items: JsonObject[]
  /** Sentences about why names could not be read. */
  causes: string[]
  /** Why names could not be read that are worth another try; null: none of them is. */
  unread: Failure | null
}

/** What to ask insights of. */
export interface InsightsQuery {
  path: string
  params: Record<string, string>
  names: readonly string[]
  /** The kind of subject that a refusal is true for, such as all reels of an account. */
  family: string
  /** The subject itself, for refusals that say nothing of its kind. */
  subject: string
}

/**
 * Insights in one call. One refused name fails a whole call, so names that the refusal blames, or
 * that are refused when asked for alone, are left out, and not asked for again for a day.
 */
export async function askInsights(session: Session, query: InsightsQuery): Promise<Insights> {
  const isRefused = (name: string) =>
    [query.family, query.subject].some((scope) =>
      session.memory.knows(`${scope} ${name}`, session.context.now),
    )
  const items = await askFor(
    session,
    query,
    query.names.filter((name) => !isRefused(name)),
  )
  return {
    ...insightsIn(items, query.names),
    reasons: new Map(query.names.filter(isRefused).map((name) => [name, 'not_supported'])),
  }
}

/** Items as insights. An item without a value, such as an empty `total_value`, is no zero. */
export function insightsIn(items: readonly JsonObject[], asked: readonly string[]): Insights {
  const values = new Map<string, JsonValue>()
  for (const item of items) {
    const name = textOf(item['name'])
    const value = valueOfItem(item)
    if (name !== null && value !== undefined && value !== null) values.set(name, value)
  }
  const none = {
    reasons: new Map<string, MissingReason>(),
    otherwise: null,
    causes: [],
    unread: null,
  }
  return { asked: [...asked], values, items: [...items], ...none }
}

/** No insights at all, for one reason. */
export function noInsights(otherwise: MissingReason, causes: string[] = []): Insights {
  return { ...insightsIn([], []), otherwise, causes }
}

/** Names that a refusal blames in words; empty when it does not say which it is. */
export function blamedNames(said: string, names: readonly string[]): string[] {
  const accepted = said.match(/must be one of the following values:(.*)/is)?.[1]
  if (accepted !== undefined) {
    const known = wordsIn(accepted)
    return names.filter((name) => !known.includes(name))
  }
  const blamed = wordsIn(said.match(/does not support the (.*?) metric/is)?.[1] ?? '')
  return names.filter((name) => blamed.includes(name))
}

async function askFor(
  session: Session,
  query: InsightsQuery,
  names: readonly string[],
): Promise<JsonObject[]> {
  if (names.length === 0) return []
  try {
    return await askOnce(session, query, names)
  } catch (error) {
    if (!isMetricRefusal(error)) throw error
    const blamed = names.length === 1 ? names : blamedNames(error.said, names)
    if (blamed.length === 0) return askOneByOne(session, query, names)
    const scope = /must be one of|product type/i.test(error.said) ? query.family : query.subject
    for (const name of blamed) {
      session.memory.remember(`${scope} ${name}`, refusedUntil(session.context.now))
    }
    return askFor(
      session,
      query,
      names.filter((name) => !blamed.includes(name)),
    )
  }
}

async function askOneByOne(
  session: Session,
  query: InsightsQuery,
  names: readonly string[],
): Promise<JsonObject[]> {
  const items = await inParallel(names, session.graph.parallelReads, (name) =>
    askFor(session, query, [name]),
  )
  return items.flat()
}

function askOnce(
  { graph }: Session,
  { path, params }: InsightsQuery,
  names: readonly string[],
): Promise<JsonObject[]> {
  const query: GraphQuery = { path, params: { metric: names.join(','), ...params } }
  return graph.ask(query, (body) => objectsAt(body, 'data'))
}

function valueOfItem(item: JsonObject): JsonValue | undefined {
  const total = valueAt(item['total_value'], 'value')
  if (total !== undefined && total !== null) return total
  const values = item['values']
  return Array.isArray(values) ? valueAt(values[0], 'value') : undefined
}

function wordsIn(text: string): string[] {
  return text.match(/\w+/g) ?? []
}
