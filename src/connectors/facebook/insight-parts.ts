import type { ContentType } from '../../domain/content.ts'
import type { JsonObject } from '../../domain/json.ts'
import { failureIn } from '../failures.ts'
import { isTooMuchData } from '../graph/errors.ts'
import { askInsights, requestNames } from './insights.ts'
import { type InsightsPart, type InsightsSource, POSTS, postMetrics } from './readings.ts'
import { type RefusalReason, refusedNames } from './refusals.ts'
import type { Session } from './session.ts'

/** What a source said: items of insights. */
export function answered(
  source: InsightsSource,
  items: readonly JsonObject[],
  refused: ReadonlyMap<string, RefusalReason> = new Map(),
): InsightsPart {
  return { source, items, refused, failure: null, isLasting: false }
}

/** That a source said nothing, and why. Asked for alone, what was too much will be again. */
export function unanswered(source: InsightsSource, error: unknown): InsightsPart {
  const failure = failureIn(error)
  return { source, items: [], refused: new Map(), failure, isLasting: isTooMuchData(error) }
}

/**
 * The insights of a post: `GET /{post}/insights`, unless `known` holds them already. Throws what
 * the call failed with, unless a single post is too much.
 */
export async function postPart(
  session: Session,
  { id, contentType }: { id: string; contentType: ContentType },
  known: readonly JsonObject[] | null = null,
): Promise<InsightsPart> {
  const names = requestNames(postMetrics(contentType, session.context.now))
  const query = { path: `${id}/insights`, params: {}, names, family: POSTS }
  try {
    const items = known ?? (await askInsights(session, query))
    return answered('post_insights', items, refusedNames(session, POSTS, names))
  } catch (error) {
    if (!isTooMuchData(error)) throw error
    return unanswered('post_insights', error)
  }
}

/**
 * A part without which a publication is still worth reading: it may fail and take nothing with
 * it. Throws what concerns the whole account.
 */
export async function partOrFailure(
  { context }: Session,
  source: InsightsSource,
  read: () => Promise<InsightsPart>,
): Promise<InsightsPart> {
  try {
    return await read()
  } catch (error) {
    const { kind } = failureIn(error)
    const isWhole = kind === 'unauthorized' || kind === 'rate_limited'
    if (isWhole || context.signal.aborted) throw error
    return unanswered(source, error)
  }
}
