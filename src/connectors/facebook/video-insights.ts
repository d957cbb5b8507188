import type { PublicationReading } from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import { objectsAt, textOf } from '../json.ts'
import { wrappingPostId } from './content.ts'
import { answered, partOrFailure, postPart } from './insight-parts.ts'
import { publicationReading } from './readings.ts'
import type { Session } from './session.ts'

/** A video or a reel by its bare id, as far as it is known. */
export interface BareVideo {
  id: string
  /** Null while nobody knows whether it is a reel. */
  contentType: 'video' | 'reel' | null
  publishedAt: Date | null
  /** What it says of itself, which may be no more than its id. */
  node: JsonObject
}

/**
 * What a reel's or a video's own node counts: `GET /{id}/video_insights`. Names are left out: then
 * everything comes that there is, and none can be refused. What the post around a video counts is
 * added where its node names one. Throws what the call failed with.
 */
export async function readVideo(session: Session, video: BareVideo): Promise<PublicationReading> {
  const { account, batch, context } = session
  const { publishedAt, node } = video
  const query = { path: `${video.id}/video_insights`, params: {} }
  const postId = wrappingPostId(node, account.account.platformAccountId)
  const [items, post] = await Promise.all([
    batch.ask(query, (body) => objectsAt(body, 'data')),
    postId !== null && video.contentType !== 'reel'
      ? partOrFailure(session, 'post_insights', () =>
          postPart(session, { id: postId, contentType: 'video' }),
        )
      : null,
  ])
  const contentType = typeIn(items) ?? video.contentType ?? 'reel'
  const parts = [...(post === null ? [] : [post]), answered('video_insights', items)]
  const about = { contentType, publishedAt, now: context.now }
  return { ...publicationReading(about, parts, node), content: null }
}

/** The two kinds have different metrics; null when none came that tells. */
function typeIn(items: readonly JsonObject[]): 'video' | 'reel' | null {
  const names = items.map((item) => textOf(item['name']) ?? '')
  if (names.some((name) => name.includes('_reels_'))) return 'reel'
  return names.some((name) => name.startsWith('total_video_')) ? 'video' : null
}
