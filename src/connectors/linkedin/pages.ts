import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { anyObjectsAt, objectsAt, valueAt } from '../json.ts'
import type { LinkedinQuery, LinkedinSession } from './request.ts'

const PAGES_MAX = 10

/** Whether an answer links to a page after it. The number of all elements may be missing. */
export function hasNextPage(body: JsonValue): boolean {
  const paging = valueAt(body, 'paging') ?? null
  if (typeof paging !== 'object' || paging === null || Array.isArray(paging)) return false
  return anyObjectsAt(paging, 'links').some((link) => link['rel'] === 'next')
}

/** All elements of a finder: one call where LinkedIn puts them on one page, as it mostly does. */
export async function readElements(
  { api, account, context }: LinkedinSession,
  query: LinkedinQuery,
): Promise<JsonObject[]> {
  const all: JsonObject[] = []
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const params = { ...query.params, ...(page === 0 ? {} : { start: String(all.length) }) }
    const { elements, isLast } = await api.ask({ ...query, params }, account, context, (body) => {
      const found = objectsAt(body, 'elements')
      return { elements: found, isLast: found.length === 0 || !hasNextPage(body) }
    })
    all.push(...elements)
    if (isLast) break
  }
  return all
}
