import {
  ConnectorError,
  type Content,
  type PublicationOutcome,
  type PublicationReading,
  type PublicationRef,
  type Reading,
} from '../../domain/connector.ts'
import { type ContentType, isVideoContent } from '../../domain/content.ts'
import { readBatches, sortedOut } from '../batches.ts'
import { failureIn, isPassing, unanswered } from '../failures.ts'
import { ungranted } from '../graph/reasons.ts'
import { isReel, postContent, VIDEO_FIELDS, videoContent } from './content.ts'
import { LABEL } from './errors.ts'
import { postPart } from './insight-parts.ts'
import { expandedItems, type Look, lookAt, lookAtPost, UNASKED } from './looks.ts'
import { postMetrics, publicationReading } from './readings.ts'
import type { Session } from './session.ts'
import { readShownVideo, unreadableVideo } from './shown-videos.ts'
import { readVideo } from './video-insights.ts'

/** Failures that say something of one publication and nothing of the others. */
const OF_ONE = ['gone', 'unsupported', 'missing_scope']

/**
 * Publications by id, 50 reads a call: the insights of a post, or of a reel or video by its bare
 * id. Posts with a video and bare videos are read themselves as well, and then what they name: the
 * video, or the post around it. So is what nobody has looked at yet. Scope `read_insights`.
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

async function readOne(session: Session, ref: PublicationRef): Promise<PublicationReading> {
  const { contentType, platformPostId } = ref
  if (platformPostId.includes('_')) return readPost(session, ref, platformPostId)
  // The number of a post without that of its Page before it.
  const postId = `${session.account.account.platformAccountId}_${platformPostId}`
  if (isVideoContent(contentType)) return readBare(session, ref)
  if (contentType !== 'other') return readPost(session, ref, postId)
  try {
    return await readBare(session, ref)
  } catch (error) {
    // Whatever it is, it is no video.
    if (!['gone', 'misconfigured'].includes(failureIn(error).kind)) throw error
    return readPost(session, ref, postId)
  }
}

async function readPost(
  session: Session,
  ref: PublicationRef,
  id: string,
): Promise<PublicationReading> {
  const isAsked = isUnseen(ref) || isVideoContent(ref.contentType)
  const look = isAsked ? await lookAtPost(session, id) : UNASKED
  const { node } = look
  const content = node && postContent(node)
  const contentType = kindOf(ref, content)
  const [post, video] = await Promise.all([
    postPart(session, { id, contentType }, node && expandedItems(node)),
    node ? readShownVideo(session, node, contentType) : unreadableVideo(contentType, look),
  ])
  const { now } = session.context
  const about = { contentType, publishedAt: (content ?? ref).publishedAt, now }
  const parts = video.part ? [post, video.part] : [post]
  const reading = publicationReading(about, parts, node ?? { id })
  const { durationSeconds } = video
  return {
    ...withLook(reading, video.part ? UNASKED : look),
    content: content && { ...content, durationSeconds },
  }
}

async function readBare(session: Session, ref: PublicationRef): Promise<PublicationReading> {
  const id = ref.platformPostId
  // A video's node names the post that shows it, which counts what the video does not.
  const isAsked = isUnseen(ref) || ref.contentType === 'video'
  const look = isAsked ? await lookAt(session, id, VIDEO_FIELDS) : UNASKED
  const { node } = look
  const content: Content | null = node && videoContent(node, isReel(node) ? 'reel' : 'video')
  const { contentType, publishedAt } = content ?? ref
  const known = contentType === 'reel' || contentType === 'video' ? contentType : null
  const video = { id, contentType: known, publishedAt, node: node ?? { id } }
  return { ...withLook(await readVideo(session, video), look), content }
}

/** Whether nobody has looked at a publication yet. */
function isUnseen({ publishedAt, contentType }: PublicationRef): boolean {
  return publishedAt === null || contentType === 'other'
}

/** The kind of content: a video that looks like none is one of which too little was said. */
function kindOf(ref: PublicationRef, content: Content | null): ContentType {
  const seen = content?.contentType ?? ref.contentType
  return isVideoContent(ref.contentType) && !isVideoContent(seen) ? ref.contentType : seen
}

/** A reading that says why a publication could not be looked at, where it could not. */
function withLook(reading: Reading, { failure, isLasting }: Look): Reading {
  if (failure === null) return reading
  const warning = `Facebook did not show what it looks like: ${failure.message}`
  const unread = isPassing(failure) && !isLasting ? { unread: failure } : {}
  return { ...reading, ...unread, warnings: [...reading.warnings, warning] }
}

/** `{page}_{post}`, or the bare id of a reel or a video. */
function isPublicationId(id: string): boolean {
  return /^\d{1,20}(_\d{1,20})?$/.test(id)
}
