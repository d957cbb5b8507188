import type { ListedPublication, PublicationReading } from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import { inParallel } from '../batches.ts'
import { failureIn } from '../failures.ts'
import { largestPage, nextCursor, type PageKind } from '../graph/paging.ts'
import { ungranted } from '../graph/reasons.ts'
import { identifiedAt } from '../json.ts'
import { postMetrics } from './readings.ts'
import type { Session } from './session.ts'

/** A page of one of a Page's edges, newest first. */
export interface EdgePage {
  nodes: { id: string; node: JsonObject }[]
  /** How many more there are that do not say which they are. */
  unnamed: number
  /** Where the next page starts; null on the last one. */
  after: string | null
}

/** A publication in a list, which is read with those of the other lists. */
export interface StreamItem {
  listed: Omit<ListedPublication, 'reading'>
  /** Whether it is a post that shows a reel, which should be in the list of reels as well. */
  isReelPost: boolean
  /** Its numbers, and its content where the list did not say all of it. */
  read(): Promise<PublicationReading>
}

/** A page of one of a Page's edges, as publications. */
export interface StreamPage {
  items: StreamItem[]
  /** How many more there are whose id the platform left out. */
  unnamed: number
  after: string | null
  /** When the last node of the page was published, in Unix milliseconds; null when none says. */
  oldest: number | null
}

/** What to ask of an edge. */
export interface EdgeQuery {
  edge: string
  params: Record<string, string>
  after: string | null
  /** Whether the nodes come with their insights, which weigh more than they do. */
  isWide?: boolean
}

/** A page of an edge in the largest size that is not too much for the platform. */
export function edgePage(
  session: Session,
  { edge, params, after, isWide = false }: EdgeQuery,
): Promise<EdgePage> {
  const { graph, account } = session
  const path = `${account.account.platformAccountId}/${edge}`
  const from: Record<string, string> = after === null ? {} : { after }
  return largestPage(pageKind(session, edge, isWide), (limit) =>
    graph.ask({ path, params: { ...params, limit: String(limit), ...from } }, (body) => {
      const { items, unnamed } = identifiedAt(body, 'data')
      const nodes = items.map(({ id, object }) => ({ id, node: object }))
      return { nodes, unnamed, after: nextCursor(body) }
    }),
  )
}

/** The pages of an edge that weigh alike: those with insights, or those without. */
export function pageKind(
  { account, context, memory }: Session,
  edge: string,
  isWide: boolean,
): PageKind {
  const path = `${account.account.platformAccountId}/${edge}`
  return { memory, now: context.now, key: isWide ? `${path} with insights` : path }
}

/** Whether insights are worth asking for: the account granted what they take. */
export function hasInsights({ account, context }: Session): boolean {
  return ungranted(account, postMetrics('image', context.now)).length === 0
}

/**
 * Publications with their readings, which travel together. One that cannot be read now has none:
 * a look-up says why. Throws what concerns the whole account.
 */
export function withReadings(
  session: Session,
  items: readonly StreamItem[],
): Promise<ListedPublication[]> {
  const isReadable = hasInsights(session)
  return inParallel(items, session.batch.parallelReads, async ({ listed, read }) => {
    const found = isReadable ? await unlessRefused(session, read) : null
    if (found === null) return { ...listed, reading: null }
    const { content, ...reading } = found
    return { ...listed, content: content ?? listed.content, reading }
  })
}

/** What was found; null where it could not be. Throws what concerns the whole account. */
export async function unlessRefused<Found>(
  { context }: Session,
  read: () => Promise<Found>,
): Promise<Found | null> {
  try {
    return await read()
  } catch (error) {
    const { kind } = failureIn(error)
    const isWhole = kind === 'unauthorized' || kind === 'rate_limited'
    if (isWhole || context.signal.aborted) throw error
    return null
  }
}
