import type { JsonValue } from '../../domain/json.ts'
import { isObject, numberOf, textOf, valueAt } from '../json.ts'

/** An answer of the Data API with its list of items, which YouTube leaves out when it is empty. */
export function withItems(body: JsonValue): JsonValue {
  if (!isObject(body) || body['items'] !== undefined) return body
  const isList = textOf(body['kind'])?.endsWith('ListResponse') === true
  return isList && countedIn(body) === 0 ? { ...body, items: [] } : body
}

/** How many items YouTube itself counts in a list; 0 where it does not say. */
export function countedIn(body: JsonValue): number {
  return numberOf(valueAt(body, 'pageInfo.totalResults')) ?? 0
}
