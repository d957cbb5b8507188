import type { Listing } from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import { inParallel, requireNumericId } from '../batches.ts'
import { failureIn } from '../failures.ts'
import { isMetricRefusal } from '../graph/errors.ts'
import { largestPage, nextCursor } from '../graph/paging.ts'
import { idAt, objectsAt } from '../json.ts'
import { refusedUntil } from '../memory.ts'
import { LABEL } from './errors.ts'
import { blamedNames, type Insights, insightsIn, type Session } from './insights.ts'
import { listedMetrics, toContent, toReading } from './media.ts'
import { isConclusive, mediaInsights, unreachable, withoutInsights } from './media-insights.ts'
import { expandedItems, fieldsWith } from './publications.ts'

/** The sizes of a page: the largest first, then smaller ones when that was too much. */
const PAGE_SIZES = [50, 25, 12]

/** For what a metric that a listing refuses is remembered. */
const FAMILY = 'listing'

/**
 * The newest media of an account with their insights: `GET /{id}/media`, 50 a call. One media that
 * is too old or of another kind fails the whole page, which is then read without insights, and they
 * in calls of their own; so are the insights that only reels have. Stories are not listed.
 */
export async function listInstagramMedia(
  session: Session,
  cursor: string | null,
): Promise<Listing> {
  requireNumericId(LABEL, session.account.account.platformAccountId)
  const page = await pageWithInsights(session, cursor)
  const { now } = session.context
  const items = await inParallel(page.media, session.graph.parallelReads, async ({ id, node }) => {
    const content = toContent(node)
    const insights = await insightsOfItem(session, page, { id, node })
    return { platformPostId: id, content, reading: toReading(node, content, insights, now) }
  })
  return { items, nextCursor: page.after === cursor ? null : page.after, account: null }
}

interface Page {
  media: { id: string; node: JsonObject }[]
  /** The cursor of the next page; null on the last one. */
  after: string | null
  /** The insights that the page was asked to expand; null when it could not. */
  expanded: string[] | null
  /** Why no media of the page has insights; null when they may. */
  without: Insights | null
}

function insightsOfItem(
  session: Session,
  page: Page,
  { id, node }: { id: string; node: JsonObject },
): Promise<Insights> | Insights {
  const none = page.without ?? unreachable(session, id)
  if (none !== null) return none
  const known = page.expanded && insightsIn(expandedItems(node), page.expanded)
  return mediaInsights(session, { id, content: toContent(node) }, known)
}

async function pageWithInsights(session: Session, cursor: string | null): Promise<Page> {
  const without = unreachable(session, '')
  if (without !== null) return { ...(await pageOf(session, cursor, [])), without }
  const { now } = session.context
  const names = listedMetrics(now)
    .map((metric) => metric.wire)
    .filter((name) => !session.memory.knows(`${FAMILY} ${name}`, now))
  try {
    return { ...(await pageOf(session, cursor, names)), expanded: names }
  } catch (error) {
    const { kind } = failureIn(error)
    if (['unauthorized', 'rate_limited', 'unavailable'].includes(kind)) throw error
    if (kind === 'missing_scope' && isConclusive(error)) {
      const refused = withoutInsights(session, '', error)
      return { ...(await pageOf(session, cursor, [])), without: refused }
    }
    rememberRetired(session, error, names)
    return pageOf(session, cursor, [])
  }
}

/** A name that the platform no longer knows at all would fail every page from now on. */
function rememberRetired(session: Session, error: unknown, names: readonly string[]): void {
  if (!isMetricRefusal(error) || !/must be one of/i.test(error.said)) return
  for (const name of blamedNames(error.said, names)) {
    session.memory.remember(`${FAMILY} ${name}`, refusedUntil(session.context.now))
  }
}

function pageOf(session: Session, cursor: string | null, names: readonly string[]): Promise<Page> {
  return largestPage(PAGE_SIZES, (limit) => askPage(session, cursor, names, limit))
}

function askPage(
  { graph, account }: Session,
  cursor: string | null,
  names: readonly string[],
  limit: number,
): Promise<Page> {
  const query = {
    path: `${account.account.platformAccountId}/media`,
    params: {
      fields: fieldsWith(names),
      limit: String(limit),
      ...(cursor === null ? {} : { after: cursor }),
    },
  }
  return graph.ask(query, (body) => ({
    media: objectsAt(body, 'data').map((node, index) => ({
      id: idAt(node, 'id', `data[${index}]`),
      node,
    })),
    after: nextCursor(body),
    expanded: null,
    without: null,
  }))
}
