import type {
  PublicationOutcome,
  PublicationReading,
  PublicationRef,
} from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import { readBatches, sortedOut } from '../batches.ts'
import { isBeyondCall } from '../graph/errors.ts'
import { nodeIn } from '../graph/graph.ts'
import { anyObjectsAt } from '../json.ts'
import { LABEL } from './errors.ts'
import { type Insights, insightsIn, type Session } from './insights.ts'
import { MEDIA_FIELDS, mediaMetrics, toContent, toReading } from './media.ts'
import {
  isConclusive,
  mediaInsights,
  scopesOf,
  unreachable,
  withoutInsights,
} from './media-insights.ts'

/**
 * Media by id, each in a read of its own with its insights expanded.
 * Scopes `instagram_business_basic` and `instagram_business_manage_insights`.
 */
export async function readInstagramMedia(
  session: Session,
  refs: readonly PublicationRef[],
): Promise<PublicationOutcome[]> {
  const { good, bad } = sortedOut(LABEL, refs)
  const batches = good.map((ref) => [ref])
  const read = async ([ref]: PublicationRef[]): Promise<PublicationOutcome[]> =>
    ref === undefined
      ? []
      : [{ platformPostId: ref.platformPostId, reading: await readMedia(session, ref) }]
  return [...bad, ...(await readBatches(batches, read, session.graph.parallelReads))]
}

async function readMedia(session: Session, ref: PublicationRef): Promise<PublicationReading> {
  const id = ref.platformPostId
  const { node, insights } = await nodeWithInsights(session, ref)
  const content = toContent(node)
  const isComplete = insights !== null && insights.otherwise !== null
  const all = isComplete ? insights : await mediaInsights(session, { id, content }, insights)
  return { ...toReading(node, content, all, session.context.now), content }
}

/** The node, with insights as far as one call could bring them; null when it could not. */
async function nodeWithInsights(
  session: Session,
  ref: PublicationRef,
): Promise<{ node: JsonObject; insights: Insights | null }> {
  const id = ref.platformPostId
  const known = unreachable(session, id)
  if (known !== null) return { node: await nodeOf(session, id, []), insights: known }
  const names = expandedNames(session, ref)
  try {
    const node = await nodeOf(session, id, names)
    return { node, insights: insightsIn(expandedItems(node), names) }
  } catch (error) {
    if (isBeyondCall(error)) throw error
    const insights = isConclusive(error) ? withoutInsights(session, id, error) : null
    return { node: await nodeOf(session, id, []), insights }
  }
}

function expandedNames(session: Session, ref: PublicationRef): string[] {
  const { now } = session.context
  const scopes = scopesOf(session, { id: ref.platformPostId, content: ref })
  return mediaMetrics(ref.contentType, now)
    .map((metric) => metric.wire)
    .filter(
      (name) =>
        !session.memory.knows(`${scopes.family} ${name}`, now) &&
        !session.memory.knows(`${scopes.subject} ${name}`, now),
    )
}

function nodeOf({ graph }: Session, id: string, names: readonly string[]) {
  const query = { path: id, params: { fields: fieldsWith(names) } }
  return graph.ask(query, nodeIn)
}

/** The fields of a media, with insights expanded when any are named. */
export function fieldsWith(names: readonly string[]): string {
  const expansion = names.length === 0 ? [] : [`insights.metric(${names.join(',')})`]
  return [...MEDIA_FIELDS, ...expansion].join(',')
}

/** The insight items that were expanded into a node. */
export function expandedItems(node: JsonObject): JsonObject[] {
  return anyObjectsAt(node, 'insights.data')
}
