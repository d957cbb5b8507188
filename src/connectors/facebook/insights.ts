import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MetricDefinition } from '../../domain/metric.ts'
import { isMetricRefusal } from '../graph/errors.ts'
import { isObject, objectsAt, textOf } from '../json.ts'
import { grantKey, refusedUntil } from '../memory.ts'
import type { Session } from './session.ts'

const LIFETIME = 'lifetime'

/** What to ask insights of. */
export interface InsightsQuery {
  path: string
  params: Record<string, string>
  names: readonly string[]
  /** The kind of subject that a refused metric is remembered for. */
  family: string
}

/**
 * The items of a subject's insights. One refused name fails a whole call and is not named, so it is
 * found by asking for each alone, and not asked for again for a day. Throws what the call failed with.
 */
export async function askInsights(session: Session, query: InsightsQuery): Promise<JsonObject[]> {
  const names = acceptedNames(session, query)
  try {
    return await askFor(session, query, names)
  } catch (error) {
    if (!isMetricRefusal(error)) throw error
    await learnRefused(session, query)
    const left = acceptedNames(session, query)
    if (left.length === names.length) throw error
    return askFor(session, query, left)
  }
}

/** The names of a query that the platform is not known to refuse this account. */
export function acceptedNames(
  { account, memory, context }: Session,
  { family, names }: Pick<InsightsQuery, 'family' | 'names'>,
): string[] {
  const grant = grantKey(account)
  return names.filter((name) => !memory.knows(refusalKey(grant, family, name), context.now))
}

/** Finds out which names are refused, once for everyone who wants to know at the same time. */
export function learnRefused(session: Session, query: InsightsQuery): Promise<void> {
  const names = acceptedNames(session, query)
  const key = `${query.family} ${names.join()}`
  const known = session.lessons.get(key)
  if (known !== undefined) return known
  const lesson = tryEach(session, query, names)
  session.lessons.set(key, lesson)
  // What one subject could not tell, another may.
  lesson.catch(() => session.lessons.delete(key))
  return lesson
}

/** The names that answer some metrics: a part of an object is no name of its own. */
export function requestNames(metrics: readonly MetricDefinition[]): string[] {
  return [...new Set(metrics.map(({ wire }) => requestName(wire)))]
}

/** The name that answers a metric. */
export function requestName(wire: string): string {
  return wire.split('.')[0] ?? wire
}

/** The value of every item for the whole life of its subject, by name. */
export function lifetimeValues(items: readonly JsonObject[]): Map<string, JsonValue> {
  const values = new Map<string, JsonValue>()
  for (const item of items) {
    const name = textOf(item['name'])
    const value = valuesOf(item)[0]?.['value']
    // Of some metrics there is a value for a day as well.
    if ((textOf(item['period']) ?? LIFETIME) !== LIFETIME) continue
    if (name !== null && value !== undefined && value !== null) values.set(name, value)
  }
  return values
}

/** The values of an item: one for each span of time. */
export function valuesOf(item: JsonObject): JsonObject[] {
  const values = item['values']
  return Array.isArray(values) ? values.filter(isObject) : []
}

async function tryEach(
  session: Session,
  query: InsightsQuery,
  names: readonly string[],
): Promise<void> {
  const { account, memory, context } = session
  const grant = grantKey(account)
  await Promise.all(
    names.map(async (name) => {
      try {
        await askFor(session, query, [name])
      } catch (error) {
        if (!isMetricRefusal(error)) throw error
        memory.remember(refusalKey(grant, query.family, name), refusedUntil(context.now))
      }
    }),
  )
}

async function askFor(
  { batch }: Session,
  { path, params }: InsightsQuery,
  names: readonly string[],
): Promise<JsonObject[]> {
  if (names.length === 0) return []
  const query = { path, params: { metric: names.join(','), ...params } }
  return batch.ask(query, (body) => objectsAt(body, 'data'))
}

// What one account may not ask, another may.
function refusalKey(grant: string, family: string, name: string): string {
  return `${family} ${name} ${grant}`
}
