import type { Failure } from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import { failureIn } from '../failures.ts'
import { isTooMuchData } from '../graph/errors.ts'
import { nodeIn } from '../graph/graph.ts'
import { anyObjectsAt, isObject } from '../json.ts'
import { POST_FIELDS } from './content.ts'
import { acceptedNames, requestNames } from './insights.ts'
import { POSTS, postMetrics } from './readings.ts'
import type { Session } from './session.ts'

/** What a publication looks like, as far as it could be seen. */
export interface Look {
  node: JsonObject | null
  /** Why there is no node; null also when it was not asked for. */
  failure: Failure | null
  /** Whether the same question would fail alike: it was too much for the platform. */
  isLasting: boolean
}

/** Of what was not looked at. */
export const UNASKED: Look = { node: null, failure: null, isLasting: false }

/** Failures to look at a publication that leave nothing to read of it, or of anything. */
const FINAL = ['gone', 'unsupported', 'unauthorized', 'rate_limited']

/**
 * The node of a publication: `GET /{id}`. Its insights are worth more, so it may be out of reach.
 * Throws what leaves nothing to read of it, or of the account.
 */
export async function lookAt(
  { batch, context }: Session,
  id: string,
  fields: readonly string[],
): Promise<Look> {
  try {
    const node = await batch.ask({ path: id, params: { fields: fields.join(',') } }, nodeIn)
    return { ...UNASKED, node }
  } catch (error) {
    const failure = failureIn(error)
    if (FINAL.includes(failure.kind) || isSilent(failure) || context.signal.aborted) throw error
    return { node: null, failure, isLasting: isTooMuchData(error) }
  }
}

/**
 * The node of a post, with its insights where they can be had together: one refused metric fails
 * both, and both may be too much at once. Throws as `lookAt` does.
 */
export async function lookAtPost(session: Session, id: string): Promise<Look> {
  const all = requestNames(postMetrics('video', session.context.now))
  const names = acceptedNames(session, { family: POSTS, names: all })
  if (names.length === 0) return lookAt(session, id, POST_FIELDS)
  const wide = await lookAt(session, id, [...POST_FIELDS, `insights.metric(${names.join(',')})`])
  const isDown = wide.failure?.kind === 'unavailable' && !wide.isLasting
  return wide.failure === null || isDown ? wide : lookAt(session, id, POST_FIELDS)
}

// Whoever waited in vain for an answer once does not wait for another one.
function isSilent({ kind, status }: Failure): boolean {
  return kind === 'unavailable' && status === null
}

/** The insights that came with a post; null when it came without, so that nobody knows them. */
export function expandedItems(node: JsonObject): JsonObject[] | null {
  return isObject(node['insights']) ? anyObjectsAt(node, 'insights.data') : null
}
