import { type ContentType, isVideoContent } from '../../domain/content.ts'
import type { JsonObject } from '../../domain/json.ts'
import { unanswered } from '../failures.ts'
import { nodeIn } from '../graph/graph.ts'
import { anyObjectsAt, numberOf } from '../json.ts'
import { isShared, shownVideoId } from './content.ts'
import { answered, partOrFailure } from './insight-parts.ts'
import type { Look } from './looks.ts'
import type { InsightsPart } from './readings.ts'
import type { Session } from './session.ts'

/** What comes with a post that shows a video or a reel. */
export interface ShownVideo {
  /** What the video's own node counts; null for a post without a video of the Page. */
  part: InsightsPart | null
  durationSeconds: number | null
}

const NO_VIDEO: ShownVideo = { part: null, durationSeconds: null }

const FIELDS = ['id', 'length', 'video_insights{name,period,values}']

/**
 * The video or the reel that a post shows, by the node of its own: how long it is, and what only
 * that node counts. `GET /{video}`. Throws what concerns the whole account.
 */
export async function readShownVideo(
  session: Session,
  node: JsonObject,
  contentType: ContentType,
): Promise<ShownVideo> {
  if (!isVideoContent(contentType) || isShared(node)) return NO_VIDEO
  const id = shownVideoId(node)
  if (id === null) return unnamedVideo(contentType)
  let durationSeconds: number | null = null
  const part = await partOrFailure(session, 'video_insights', async () => {
    const query = { path: id, params: { fields: FIELDS.join(',') } }
    const video = await session.batch.ask(query, nodeIn)
    durationSeconds = numberOf(video['length'])
    return answered('video_insights', anyObjectsAt(video, 'video_insights.data'))
  })
  // A video of somebody else, which the post shows as its own.
  if (part.failure?.kind === 'gone' && contentType === 'video') return NO_VIDEO
  return { part, durationSeconds }
}

/** What comes with a post of which nobody could say which video it shows, and why. */
export function unreadableVideo(
  contentType: ContentType,
  { failure, isLasting }: Omit<Look, 'node'>,
): ShownVideo {
  if (!isVideoContent(contentType) || failure === null) return NO_VIDEO
  const silence = { items: [], refused: new Map(), failure, isLasting }
  return { part: { source: 'video_insights', ...silence }, durationSeconds: null }
}

// A reel has hardly any numbers without its node; of a video, little is missed.
function unnamedVideo(contentType: ContentType): ShownVideo {
  if (contentType !== 'reel') return { part: answered('video_insights', []), durationSeconds: null }
  const failure = unanswered('malformed', 'Facebook did not say which reel the post shows.')
  return unreadableVideo(contentType, { failure, isLasting: true })
}
