import { ConnectorError, type Failure } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { inBatches } from '../batches.ts'
import { failureIn, unanswered } from '../failures.ts'
import { isObject, numberOf, objectAt, valueAt, wordsOf } from '../json.ts'
import { isPublished } from './content.ts'
import { LABEL } from './errors.ts'
import type { LinkedinSession } from './request.ts'
import { listOf, organizationUrn } from './restli.ts'

/** More URNs than this would make a URL of more than 4 kB with all that stands around them. */
const BATCH_SIZE = 50

/** A post that is there, or why it is not to be seen. */
export type Found = { post: JsonObject } | { failure: Failure }

/**
 * Posts by id: `GET /rest/posts?ids=List(…)`, scope `r_organization_social`, 50 a call. One that
 * is another page's counts as gone. A call that fails is the failure of its posts and of those
 * behind them, which are not asked for any more. Throws on a bad token.
 */
export async function lookUpPosts(
  session: LinkedinSession,
  urns: readonly string[],
): Promise<Map<string, Found>> {
  const found = new Map<string, Found>()
  let ending: Failure | null = null
  for (const batch of inBatches(urns, BATCH_SIZE)) {
    const parts: Parts | Failure = ending ?? (await askForPosts(session, batch).catch(failureIn))
    if ('kind' in parts) ending = parts
    if (ending?.kind === 'unauthorized') throw new ConnectorError(ending)
    const pageId = session.account.account.platformAccountId
    for (const urn of batch) {
      found.set(urn, 'kind' in parts ? { failure: parts } : foundIn(parts, urn, pageId))
    }
  }
  return found
}

function askForPosts(
  { api, account, context }: LinkedinSession,
  urns: readonly string[],
): Promise<Parts> {
  const params = { ids: listOf(urns) }
  const query = { path: '/rest/posts', params, method: 'BATCH_GET' } as const
  return api.ask(query, account, context, partsOf)
}

interface Parts {
  results: Map<string, JsonValue>
  errors: Map<string, JsonValue>
  statuses: Map<string, JsonValue>
}

function partsOf(body: JsonValue): Parts {
  // An answer that says nothing at all does not say that the posts are gone.
  const results = byUrn(objectAt(body, 'results'))
  return {
    results,
    errors: byUrn(valueAt(body, 'errors')),
    statuses: byUrn(valueAt(body, 'statuses')),
  }
}

/** Values by URN: in some answers the keys come percent-encoded. */
function byUrn(object: JsonValue | undefined): Map<string, JsonValue> {
  if (!isObject(object)) return new Map()
  return new Map(Object.entries(object).map(([key, value]) => [decoded(key), value ?? null]))
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}

function foundIn({ results, errors, statuses }: Parts, urn: string, pageId: string): Found {
  const post = results.get(urn)
  if (isObject(post)) {
    const author = wordsOf(post['author'])
    const isOwn = author === null || author === organizationUrn(pageId)
    if (isOwn && isPublished(post)) return { post }
    const why = isOwn ? 'is not published' : 'is not one of this page'
    return { failure: unanswered('gone', `${LABEL} says that the post ${urn} ${why}.`) }
  }
  const error = errors.get(urn)
  const status = numberOf(valueAt(error, 'status')) ?? numberOf(statuses.get(urn)) ?? 404
  const said = wordsOf(valueAt(error, 'message'))?.slice(0, 300) ?? 'It is no longer there'
  const message = `${LABEL} answered for the post ${urn} with status ${status}: ${said}.`
  return { failure: { ...unanswered(kindOfItem(status), message), status } }
}

function kindOfItem(status: number): Failure['kind'] {
  if (status === 404 || status === 410) return 'gone'
  if (status === 403) return 'missing_scope'
  return status >= 500 || status === 429 ? 'unavailable' : 'misconfigured'
}
