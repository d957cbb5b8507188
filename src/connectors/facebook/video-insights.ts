import type { Reading } from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import { objectsAt, textOf } from '../json.ts'
import { videoReading } from './readings.ts'
import type { Session } from './session.ts'

/** A video or a reel by its bare id, as far as it is known. */
export interface BareVideo {
  id: string
  /** Null while nobody knows whether it is a reel. */
  contentType: 'video' | 'reel' | null
  publishedAt: Date | null
  node: JsonObject
}

/**
 * What a reel's or a video's own node counts: `GET /{id}/video_insights`. Names are left out: then
 * everything comes that there is, and none can be refused. Throws what the call failed with.
 */
export async function readVideo(session: Session, video: BareVideo): Promise<Reading> {
  const { batch, context } = session
  const query = { path: `${video.id}/video_insights`, params: {} }
  const items = await batch.ask(query, (body) => objectsAt(body, 'data'))
  const { publishedAt } = video
  const insights = { items, publishedAt, now: context.now, refused: [] }
  return videoReading(typeIn(items) ?? video.contentType ?? 'reel', insights, video.node)
}

/** The two kinds have different metrics; null when none came that tells. */
function typeIn(items: readonly JsonObject[]): 'video' | 'reel' | null {
  const names = items.map((item) => textOf(item['name']) ?? '')
  if (names.some((name) => name.includes('_reels_'))) return 'reel'
  return names.some((name) => name.startsWith('total_video_')) ? 'video' : null
}
