import {
  ConnectorError,
  type Content,
  type PublicationOutcome,
  type PublicationReading,
  type PublicationRef,
} from '../../domain/connector.ts'
import { isVideoContent } from '../../domain/content.ts'
import type { JsonObject } from '../../domain/json.ts'
import { readBatches, sortedOut } from '../batches.ts'
import { failureIn, unanswered } from '../failures.ts'
import { nodeIn } from '../graph/graph.ts'
import { ungranted } from '../graph/reasons.ts'
import { isReel, POST_FIELDS, postContent, VIDEO_FIELDS, videoContent } from './content.ts'
import { LABEL } from './errors.ts'
import { acceptedNames, askInsights, requestNames } from './insights.ts'
import { POSTS, postMetrics, postReading } from './readings.ts'
import type { Session } from './session.ts'
import { readVideo } from './video-insights.ts'

/** Failures that say something of one publication and nothing of the others. */
const OF_ONE = ['gone', 'unsupported', 'missing_scope']

/**
 * Publications by id, 50 reads a call: the insights of a post, or of a reel or video by its bare
 * id. Those of which nothing is known yet are read themselves as well. Scope `read_insights`.
 */
export async function readFacebookPublications(
  session: Session,
  refs: readonly PublicationRef[],
): Promise<PublicationOutcome[]> {
  const { good, bad } = sortedOut(LABEL, refs, isPublicationId)
  const batches = good.map((ref) => [ref])
  const read = async (batch: PublicationRef[]) =>
    Promise.all(batch.map((ref) => outcomeOf(session, ref)))
  return [...bad, ...(await readBatches(batches, read, session.batch.parallelReads))]
}

/** Throws `missing_scope` when the account did not grant what insights take. No call is made. */
export function requireInsights({ account, context }: Session): void {
  const [scope] = ungranted(account, postMetrics('image', context.now))
  if (scope === undefined) return
  throw new ConnectorError(unanswered('missing_scope', `${scope} was not granted.`))
}

async function outcomeOf(session: Session, ref: PublicationRef): Promise<PublicationOutcome> {
  const { platformPostId } = ref
  try {
    requireInsights(session)
    return { platformPostId, reading: await readOne(session, ref) }
  } catch (error) {
    const failure = failureIn(error)
    if (!OF_ONE.includes(failure.kind)) throw error
    return { platformPostId, failure }
  }
}

function readOne(session: Session, ref: PublicationRef): Promise<PublicationReading> {
  const { contentType, platformPostId } = ref
  if (platformPostId.includes('_')) return readPost(session, ref, platformPostId)
  const isBare = isVideoContent(contentType) || contentType === 'other'
  if (isBare) return readBare(session, ref)
  // The number of a post without that of its Page before it.
  const { platformAccountId } = session.account.account
  return readPost(session, ref, `${platformAccountId}_${platformPostId}`)
}

async function readPost(
  session: Session,
  ref: PublicationRef,
  id: string,
): Promise<PublicationReading> {
  const { now } = session.context
  const node = await nodeOf(session, ref, { id, fields: POST_FIELDS })
  const content = node && postContent(node)
  const { contentType, publishedAt } = content ?? ref
  const names = requestNames(postMetrics(contentType, now))
  const query = { path: `${id}/insights`, params: {}, names, family: POSTS }
  const items = await askInsights(session, query)
  const accepted = acceptedNames(session, query)
  const refused = names.filter((name) => !accepted.includes(name))
  const reading = postReading(contentType, { items, publishedAt, now, refused }, node ?? { id })
  return { ...reading, content }
}

async function readBare(session: Session, ref: PublicationRef): Promise<PublicationReading> {
  const id = ref.platformPostId
  const node = await nodeOf(session, ref, { id, fields: VIDEO_FIELDS })
  const content: Content | null = node && videoContent(node, isReel(node) ? 'reel' : 'video')
  const { contentType, publishedAt } = content ?? ref
  const known = contentType === 'reel' || contentType === 'video' ? contentType : null
  const video = { id, contentType: known, publishedAt, node: node ?? { id } }
  return { ...(await readVideo(session, video)), content }
}

/** The node of a publication that nobody has looked at yet; null for others, or out of reach. */
async function nodeOf(
  { batch }: Session,
  ref: PublicationRef,
  { id, fields }: { id: string; fields: readonly string[] },
): Promise<JsonObject | null> {
  if (ref.publishedAt !== null && ref.contentType !== 'other') return null
  try {
    return await batch.ask({ path: id, params: { fields: fields.join(',') } }, nodeIn)
  } catch (error) {
    const { kind } = failureIn(error)
    // What its insights say is worth more than what it looks like.
    if (kind === 'misconfigured' || kind === 'missing_scope') return null
    throw error
  }
}

/** `{page}_{post}`, or the bare id of a reel or a video. */
function isPublicationId(id: string): boolean {
  return /^\d{1,20}(_\d{1,20})?$/.test(id)
}
