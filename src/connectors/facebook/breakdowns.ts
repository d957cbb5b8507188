import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { isObject } from '../json.ts'

/** Numbers by kind, such as reactions, with the platform's spellings of a kind made one. */
export function byKind(value: JsonObject): Map<string, JsonValue> {
  const counts = new Map<string, JsonValue>()
  for (const [kind, count] of Object.entries(value)) counts.set(plainKind(kind), count ?? null)
  return counts
}

/**
 * The sum over all kinds; an empty object is 0, since kinds that did not occur are left out. What
 * cannot be added up comes back as it is, and is no count to anyone.
 */
export function totalOf(value: JsonValue): JsonValue {
  if (!isObject(value)) return value
  const counts = Object.values(value)
  const isSum = counts.every((count) => typeof count === 'number')
  return isSum ? counts.reduce((sum, count) => sum + count, 0) : value
}

/** The count of one kind: 0 where the platform named others, or none, but not this one. */
export function countOfKind(value: JsonValue, kind: string): JsonValue {
  if (!isObject(value)) return value
  const count = byKind(value).get(plainKind(kind))
  return count === undefined ? 0 : count
}

// `like` on posts is `REACTION_LIKE` on reels.
function plainKind(kind: string): string {
  return kind.toLowerCase().replace(/^reaction_/, '')
}
