import type { JsonObject } from '../../domain/json.ts'
import { wordsOf } from '../json.ts'
import { isReel, REEL_FIELDS, VIDEO_FIELDS, videoContent } from './content.ts'
import { type EdgePage, edgePage, type StreamPage } from './pages.ts'
import type { Session } from './session.ts'
import { readVideo } from './video-insights.ts'

/** A page of reels, whose insights come in a batch: `GET /{page}/video_reels`. */
export async function reelsPage(session: Session, after: string | null): Promise<StreamPage> {
  const params = { fields: REEL_FIELDS.join(',') }
  const page = await edgePage(session, { edge: 'video_reels', params, after })
  return streamPage(session, page, { contentType: 'reel', isOwn: () => true })
}

/**
 * A page of the videos that no post shows: `GET /{page}/videos`. The others are publications under
 * the id of their post.
 */
export async function videosPage(session: Session, after: string | null): Promise<StreamPage> {
  const params = { fields: VIDEO_FIELDS.join(','), type: 'uploaded' }
  const page = await edgePage(session, { edge: 'videos', params, after })
  const isOwn = (node: JsonObject) => wordsOf(node['post_id']) === null && !isReel(node)
  return streamPage(session, page, { contentType: 'video', isOwn })
}

interface Kind {
  contentType: 'reel' | 'video'
  isOwn(node: JsonObject): boolean
}

function streamPage(
  session: Session,
  { nodes, unnamed, after }: EdgePage,
  { contentType, isOwn }: Kind,
): StreamPage {
  const items = nodes
    .filter(({ node }) => isOwn(node))
    .map(({ id, node }) => {
      const content = videoContent(node, contentType)
      const { publishedAt } = content
      return {
        listed: { platformPostId: id, content },
        isReelPost: false,
        read: () => readVideo(session, { id, contentType, publishedAt, node }),
      }
    })
  const last = videoContent(nodes.at(-1)?.node ?? {}, contentType)
  const oldest = last.publishedAt?.getTime() ?? null
  return { items, unnamed, after, oldest }
}
