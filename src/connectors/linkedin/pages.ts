import { ConnectorError } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { unanswered } from '../failures.ts'
import { anyObjectsAt, objectsAt, valueAt } from '../json.ts'
import { LABEL } from './errors.ts'
import type { LinkedinQuery, LinkedinSession } from './request.ts'

const PAGES_MAX = 10

/** Whether an answer links to a page after it. The number of all elements may be missing. */
export function hasNextPage(body: JsonValue): boolean {
  const paging = valueAt(body, 'paging') ?? null
  if (typeof paging !== 'object' || paging === null || Array.isArray(paging)) return false
  return anyObjectsAt(paging, 'links').some((link) => link['rel'] === 'next')
}

/**
 * All elements of a finder: one call where LinkedIn puts them on one page, as it mostly does. Throws
 * `malformed` when there is no end of pages: a part of what is to be added up is no number.
 */
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
    if (isLast) return all
  }
  const message = `${LABEL} named more than ${PAGES_MAX} pages of ${query.path}.`
  throw new ConnectorError(unanswered('malformed', message))
}
