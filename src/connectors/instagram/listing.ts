import { ConnectorError, type Failure, type Listing } from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import { inParallel, requireNumericId } from '../batches.ts'
import { failureIn } from '../failures.ts'
import { isBeyondCall, isMetricRefusal } from '../graph/errors.ts'
import type { Graph } from '../graph/graph.ts'
import { isAlwaysTooMuch, largestPage, nextCursor, type PageKind } from '../graph/paging.ts'
import { identifiedAt } from '../json.ts'
import { refusedUntil } from '../memory.ts'
import { LABEL } from './errors.ts'
import { blamedNames, type Insights, insightsIn, noInsights, type Session } from './insights.ts'
import { loginOf } from './login.ts'
import { listedMetrics, toContent, toReading } from './media.ts'
import { mediaInsights, rememberDenial, unreachable } from './media-insights.ts'
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
  const all = await insightsOfPage(session, page)
  const items = page.media.map(({ id, node }, index) => {
    const content = toContent(node)
    const insights = all[index] ?? noInsights('fetch_failed')
    const reading = toReading(node, content, insights, session.context.now)
    return { platformPostId: id, content, reading }
  })
  const warnings = [`${LABEL} listed ${page.unnamed} media without an id.`]
  return {
    items,
    nextCursor: page.after === cursor ? null : page.after,
    account: null,
    ...(page.unnamed > 0 && { warnings }),
  }
}

interface Media {
  id: string
  node: JsonObject
}

interface Page {
  media: Media[]
  /** How many there are besides that do not say which they are. */
  unnamed: number
  /** The cursor of the next page; null on the last one. */
  after: string | null
  /** The insights that the page was asked to expand; null when it could not. */
  expanded: string[] | null
  /** Whether the page was refused for want of a permission, which one media alone may lack. */
  isDenied: boolean
}

/** The insights of each media, in order. */
async function insightsOfPage(session: Session, page: Page): Promise<Insights[]> {
  const { parallelReads } = session.graph
  const ask = askUntilLimited(session, page)
  const tried = page.isDenied ? page.media.slice(0, DENIED_MEDIA) : []
  const first = await inParallel(tried, parallelReads, ask)
  const isDenied = ({ otherwise }: Insights) => otherwise === 'missing_scope'
  if (first.length === DENIED_MEDIA && first.every(isDenied)) rememberDenial(session)
  const others = await inParallel(page.media.slice(tried.length), parallelReads, ask)
  return [...first, ...others]
}

/** So many media that are denied to an account stand for all: one may be somebody else's. */
const DENIED_MEDIA = 2

/** Asks for the insights of media until a limit is met, which costs none of them what is known. */
function askUntilLimited(session: Session, page: Page): (media: Media) => Promise<Insights> {
  let open = session
  return async ({ id, node }) => {
    const media = { id, content: toContent(node) }
    const known = page.expanded && insightsIn(expandedItems(node), page.expanded)
    try {
      return unreachable(open, id) ?? (await mediaInsights(open, media, known))
    } catch (error) {
      const failure = failureIn(error)
      if (failure.kind !== 'rate_limited') throw error
      open = { ...session, graph: refusing(session.graph, failure) }
      return unreadInsights(known ?? insightsIn([], []), failure)
    }
  }
}

function unreadInsights(known: Insights, failure: Failure): Insights {
  return { ...known, otherwise: 'fetch_failed', causes: [failure.message], unread: failure }
}

function refusing(graph: Graph, failure: Failure): Graph {
  return { ...graph, ask: () => Promise.reject(new ConnectorError(failure)) }
}

async function pageWithInsights(session: Session, cursor: string | null): Promise<Page> {
  if (unreachable(session, '') !== null) return pageOf(session, cursor, [])
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
    rememberRetired(session, error, names)
    const isDenied = failureIn(error).kind === 'missing_scope'
    return { ...(await pageOf(session, cursor, [])), isDenied }
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
  return graph.ask(query, (body) => {
    const { items, unnamed } = identifiedAt(body, 'data')
    const media = items.map(({ id, object }) => ({ id, node: object }))
    return { media, unnamed, after: nextCursor(body), expanded: null, isDenied: false }
  })
}
