import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MetricDefinition } from '../../domain/metric.ts'
import { type GraphError, isMetricRefusal } from '../graph/errors.ts'
import { isObject, objectsAt, textOf } from '../json.ts'
import { isNameRefusal } from './errors.ts'
import { refusalReason, refusedNames, rememberRefused } from './refusals.ts'
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
    if (!isNameRefusal(error)) throw error
    await learnRefused(session, query, error)
    const left = acceptedNames(session, query)
    if (left.length === names.length) throw error
    return askFor(session, query, left)
  }
}

/** The names of a query that the platform is not known to refuse this account. */
export function acceptedNames(
  session: Session,
  { family, names }: Pick<InsightsQuery, 'family' | 'names'>,
): string[] {
  const refused = refusedNames(session, family, names)
  return names.filter((name) => !refused.has(name))
}

/**
 * Finds out which names are the cause of a refusal, once for everyone who was refused alike. Where
 * none is answered, a permission is lacking for more than single names: then none is to blame.
 */
export function learnRefused(
  session: Session,
  query: InsightsQuery,
  { failure }: GraphError,
): Promise<void> {
  const names = acceptedNames(session, query)
  const key = `${query.family} ${failure.kind} ${names.join()}`
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
  const refusals = await Promise.all(
    names.map(async (name) => {
      try {
        await askFor(session, query, [name])
        return []
      } catch (error) {
        if (!isNameRefusal(error)) throw error
        // Nobody has a metric that is gone, whatever becomes of the others.
        if (isMetricRefusal(error)) rememberRefused(session, query.family, name, 'not_supported')
        return [{ name, reason: refusalReason(error) }]
      }
    }),
  )
  const refused = refusals.flat()
  if (refused.length === names.length) return
  for (const { name, reason } of refused) rememberRefused(session, query.family, name, reason)
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
