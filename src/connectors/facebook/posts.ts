import { failureIn } from '../failures.ts'
import { isBeyondCall, isMetricRefusal } from '../graph/errors.ts'
import { isAlwaysTooMuch } from '../graph/paging.ts'
import { anyObjectsAt } from '../json.ts'
import { isReel, POST_FIELDS, postContent } from './content.ts'
import { acceptedNames, askInsights, learnRefused, requestNames } from './insights.ts'
import {
  type EdgePage,
  edgePage,
  hasInsights,
  pageKind,
  type StreamPage,
  withReadings,
} from './pages.ts'
import { POSTS, postMetrics, postReading } from './readings.ts'
import type { Session } from './session.ts'

const EDGE = 'published_posts'

type ReadPage = EdgePage & {
  /** The insights that the page holds; null when it could not be read with them. */
  expanded: string[] | null
}

/**
 * A page of posts with their insights: `GET /{page}/published_posts`. One refused metric fails the
 * page, and one post whose insights are too much or cannot be answered: it is then read without
 * insights, and they in a batch. Posts that show a reel are left to the list of reels.
 */
export async function postsPage(session: Session, after: string | null): Promise<StreamPage> {
  const page = await pageWithInsights(session, after)
  const posts = page.nodes.filter(({ node }) => !isReel(node))
  const oldest = postContent(page.nodes.at(-1)?.node ?? {}).publishedAt?.getTime() ?? null
  const items = posts.map((post) => ({
    listed: { platformPostId: post.id, content: postContent(post.node) },
    read: () => readListed(session, page, post),
  }))
  return { items: await withReadings(session, items), after: page.after, oldest }
}

async function readListed(session: Session, page: ReadPage, { id, node }: ReadPage['nodes'][0]) {
  const { now } = session.context
  const { contentType, publishedAt } = postContent(node)
  const names = requestNames(postMetrics(contentType, now))
  const query = { path: `${id}/insights`, params: {}, names, family: POSTS }
  const items =
    page.expanded === null ? await askInsights(session, query) : anyObjectsAt(node, 'insights.data')
  const accepted = acceptedNames(session, query)
  const refused = names.filter((name) => !accepted.includes(name))
  return postReading(contentType, { items, publishedAt, now, refused }, node)
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
    if (isMetricRefusal(error) && id !== undefined) {
      await learnRefused(session, { path: `${id}/insights`, params: {}, names, family: POSTS })
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
