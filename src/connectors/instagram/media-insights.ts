import { ConnectorError, type Content } from '../../domain/connector.ts'
import { failureIn, isPassing } from '../failures.ts'
import { isMetricRefusal, isTooMuchData } from '../graph/errors.ts'
import { causeOf, reasonOf, ungranted } from '../graph/reasons.ts'
import { grantKey, refusedUntil } from '../memory.ts'
import { isOlderThanConversion, isTooFewViewers } from './errors.ts'
import { askInsights, type Insights, insightsIn, noInsights, type Session } from './insights.ts'
import { mediaMetrics } from './media.ts'

/**
 * The insights of one media: those that `known` has not asked for yet, in a call of their own. A
 * failure is a reason and a warning, but for one that concerns the whole account, which is thrown.
 */
export async function mediaInsights(
  session: Session,
  media: { id: string; content: Content },
  known: Insights | null,
): Promise<Insights> {
  const names = mediaMetrics(media.content.contentType, session.context.now)
    .map((metric) => metric.wire)
    .filter((name) => known?.asked.includes(name) !== true)
  const before = known ?? insightsIn([], [])
  if (names.length === 0) return before
  const query = { path: `${media.id}/insights`, params: {}, names, ...scopesOf(session, media) }
  try {
    return merged(before, await askInsights(session, query))
  } catch (error) {
    const none = withoutInsights(session, media.id, error)
    if (known === null) return none
    const reason = none.otherwise ?? 'not_reported'
    const reasons = new Map(names.map((name) => [name, reason]))
    return merged(before, {
      ...insightsIn([], names),
      ...{ reasons, causes: none.causes, unread: none.unread },
    })
  }
}

/** Why a media's insights are known to be out of reach, without a call; null when they are not. */
export function unreachable(session: Session, id: string): Insights | null {
  if (session.memory.knows(oldMediaKey(id), session.context.now)) return noInsights('not_supported')
  const metrics = mediaMetrics('image', session.context.now)
  const [scope] = ungranted(session.account, metrics)
  if (scope !== undefined) return noInsights('missing_scope', [`${scope} was not granted.`])
  if (!session.memory.knows(deniedKey(session), session.context.now)) return null
  const scopes = [...new Set(metrics.flatMap(({ requiredScopes }) => requiredScopes))]
  return noInsights('missing_scope', [`They take ${scopes.join(' and ')}.`])
}

/** Remembers that the insights of no media are for this account, so that none are asked for. */
export function rememberDenial(session: Session): void {
  session.memory.remember(deniedKey(session), refusedUntil(session.context.now))
}

/** Whether a refusal already says why there are no insights, so that asking alone will not help. */
export function isConclusive(error: unknown): boolean {
  if (isOlderThanConversion(error) || isTooFewViewers(error)) return true
  return reasonOf(failureIn(error)) === 'missing_scope'
}

/** What a failed call leaves of a media's insights. Throws what concerns the whole account. */
export function withoutInsights(session: Session, id: string, error: unknown): Insights {
  if (isOlderThanConversion(error)) {
    session.memory.remember(oldMediaKey(id), refusedUntil(session.context.now))
    return noInsights('not_supported')
  }
  // More people may still see the story, until it goes.
  if (isTooFewViewers(error)) return noInsights('not_yet_available')
  const failure = failureIn(error)
  const isWhole = failure.kind === 'unauthorized' || failure.kind === 'rate_limited'
  // What was cancelled says nothing of the media.
  if (isWhole || session.context.signal.aborted) throw new ConnectorError(failure)
  if (isMetricRefusal(error)) return noInsights('not_supported')
  const metrics = mediaMetrics('image', session.context.now)
  // The same will be too much again.
  const unread = isPassing(failure) && !isTooMuchData(error) ? failure : null
  return { ...noInsights(reasonOf(failure), [causeOf(failure, metrics)]), unread }
}

/**
 * For what a refused metric is remembered: the account's media of this kind, but for videos, which
 * are uneven. Another account's may have it.
 */
export function scopesOf(
  { account }: Session,
  media: { id: string; content: Pick<Content, 'contentType'> },
) {
  const subject = `media ${media.id}`
  const { contentType } = media.content
  const isUneven = contentType === 'video' || contentType === 'other'
  return { family: isUneven ? subject : `${grantKey(account)} ${contentType}`, subject }
}

function merged(one: Insights, other: Insights): Insights {
  return {
    asked: [...one.asked, ...other.asked],
    values: new Map([...one.values, ...other.values]),
    reasons: new Map([...one.reasons, ...other.reasons]),
    otherwise: one.otherwise ?? other.otherwise,
    items: [...one.items, ...other.items],
    causes: [...one.causes, ...other.causes],
    unread: one.unread ?? other.unread,
  }
}

function deniedKey({ account }: Session): string {
  return `${grantKey(account)} insights of media`
}

function oldMediaKey(id: string): string {
  return `media ${id} older`
}
