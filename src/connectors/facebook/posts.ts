import type { PublicationReading } from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import { failureIn } from '../failures.ts'
import { isBeyondCall } from '../graph/errors.ts'
import { isAlwaysTooMuch } from '../graph/paging.ts'
import { isReel, POST_FIELDS, postContent, shownVideoId } from './content.ts'
import { isNameRefusal } from './errors.ts'
import { postPart } from './insight-parts.ts'
import { acceptedNames, learnRefused, requestNames } from './insights.ts'
import { expandedItems } from './looks.ts'
import {
  type EdgePage,
  edgePage,
  hasInsights,
  pageKind,
  type StreamPage,
  unlessRefused,
} from './pages.ts'
import { POSTS, postMetrics, publicationReading } from './readings.ts'
import type { Session } from './session.ts'
import { readShownVideo } from './shown-videos.ts'
import { readVideo } from './video-insights.ts'

const EDGE = 'published_posts'

type ReadPage = EdgePage & {
  /** The insights that the page holds; null when it could not be read with them. */
  expanded: string[] | null
}

/**
 * A page of posts with their insights: `GET /{page}/published_posts`. One refused metric fails the
 * page, and one post whose insights are too much or cannot be answered: it is then read without
 * insights, and they in a batch. Posts that show a reel are given under the id of the reel.
 */
export async function postsPage(session: Session, after: string | null): Promise<StreamPage> {
  const page = await pageWithInsights(session, after)
  const oldest = postContent(page.nodes.at(-1)?.node ?? {}).publishedAt?.getTime() ?? null
  const items = page.nodes.map((post) => {
    const reelId = isReel(post.node) ? shownVideoId(post.node) : null
    return reelId === null ? postItem(session, page, post) : reelItem(session, reelId, post.node)
  })
  return { items, unnamed: page.unnamed, after: page.after, oldest }
}

function postItem(session: Session, page: ReadPage, { id, node }: ReadPage['nodes'][0]) {
  return {
    listed: { platformPostId: id, content: postContent(node) },
    isReelPost: isReel(node),
    read: () => readListed(session, page, { id, node }),
  }
}

// A reel has one id, whichever list it is found in.
function reelItem(session: Session, id: string, node: JsonObject) {
  const content = postContent(node)
  const { publishedAt } = content
  return {
    listed: { platformPostId: id, content },
    isReelPost: true,
    read: () => readVideo(session, { id, contentType: 'reel', publishedAt, node }),
  }
}

async function readListed(
  session: Session,
  page: ReadPage,
  { id, node }: ReadPage['nodes'][0],
): Promise<PublicationReading> {
  const content = postContent(node)
  const { contentType, publishedAt } = content
  const known = page.expanded === null ? null : expandedItems(node)
  const [post, video] = await Promise.all([
    postPart(session, { id, contentType }, known),
    readShownVideo(session, node, contentType),
  ])
  const about = { contentType, publishedAt, now: session.context.now }
  const parts = video.part ? [post, video.part] : [post]
  const { durationSeconds } = video
  return {
    ...publicationReading(about, parts, node),
    content: { ...content, durationSeconds },
  }
}

async function pageWithInsights(session: Session, after: string | null): Promise<ReadPage> {
  const { context } = session
  const plain = async () => ({ ...(await pageOf(session, after, [])), expanded: null })
  if (!hasInsights(session) || isAlwaysTooMuch(pageKind(session, EDGE, true))) return plain()
  // A page holds posts of every kind, and videos have all the metrics that there are.
  const all = requestNames(postMetrics('video', context.now))
  const names = acceptedNames(session, { family: POSTS, names: all })
  try {
    return { ...(await pageOf(session, after, names)), expanded: names }
  } catch (error) {
    const isWhole = isBeyondCall(error) || failureIn(error).kind === 'malformed'
    if (isWhole || context.signal.aborted) throw error
    const page = await plain()
    const id = page.nodes[0]?.id
    if (isNameRefusal(error) && id !== undefined) {
      const query = { path: `${id}/insights`, params: {}, names, family: POSTS }
      // The page is there, whatever became of the lesson: then every post learns for itself.
      await unlessRefused(session, () => learnRefused(session, query, error))
    }
    return page
  }
}

function pageOf(session: Session, after: string | null, names: readonly string[]) {
  const isWide = names.length > 0
  const expansion = isWide ? [`insights.metric(${names.join(',')})`] : []
  const fields = [...POST_FIELDS, ...expansion].join(',')
  return edgePage(session, { edge: EDGE, params: { fields }, after, isWide })
}
