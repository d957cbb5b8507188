import type { Listing } from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import { inParallel, requireNumericId } from '../batches.ts'
import { failureIn } from '../failures.ts'
import { isBeyondCall, isMetricRefusal } from '../graph/errors.ts'
import { isAlwaysTooMuch, largestPage, nextCursor, type PageKind } from '../graph/paging.ts'
import { idAt, objectsAt } from '../json.ts'
import { refusedUntil } from '../memory.ts'
import { LABEL } from './errors.ts'
import { blamedNames, type Insights, insightsIn, type Session } from './insights.ts'
import { loginOf } from './login.ts'
import { listedMetrics, toContent, toReading } from './media.ts'
import { isConclusive, mediaInsights, unreachable, withoutInsights } from './media-insights.ts'
import { expandedItems, fieldsWith } from './publications.ts'

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
  if (isAlwaysTooMuch(pageKind(session, true))) return pageOf(session, cursor, [])
  const family = familyOf(session)
  const names = listedMetrics(now)
    .map((metric) => metric.wire)
    .filter((name) => !session.memory.knows(`${family} ${name}`, now))
  try {
    return { ...(await pageOf(session, cursor, names)), expanded: names }
  } catch (error) {
    if (isBeyondCall(error)) throw error
    if (failureIn(error).kind === 'missing_scope' && isConclusive(error)) {
      const refused = withoutInsights(session, '', error)
      return { ...(await pageOf(session, cursor, [])), without: refused }
    }
    rememberRetired(session, error, names)
    return pageOf(session, cursor, [])
  }
}

/** For what a metric that a listing refuses is remembered: one host may know it still. */
function familyOf({ account }: Session): string {
  return `listing ${loginOf(account)}`
}

/** A name that the platform no longer knows at all would fail every page from now on. */
function rememberRetired(session: Session, error: unknown, names: readonly string[]): void {
  if (!isMetricRefusal(error) || !/must be one of/i.test(error.said)) return
  for (const name of blamedNames(error.said, names)) {
    session.memory.remember(`${familyOf(session)} ${name}`, refusedUntil(session.context.now))
  }
}

function pageOf(session: Session, cursor: string | null, names: readonly string[]): Promise<Page> {
  const kind = pageKind(session, names.length > 0)
  return largestPage(kind, (limit) => askPage(session, cursor, names, limit))
}

/** The pages of an account that weigh alike: those with insights, or those without. */
function pageKind({ account, context, memory }: Session, isWide: boolean): PageKind {
  const path = `${account.account.platformAccountId}/media`
  return { memory, now: context.now, key: isWide ? `${path} with insights` : path }
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
