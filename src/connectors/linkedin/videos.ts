import { isScopeGranted, requestedMetrics } from '../../domain/catalog/catalog.ts'
import { ConnectorError, type Failure } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MetricDefinition, MissingReason } from '../../domain/metric.ts'
import { inParallel } from '../batches.ts'
import { failureIn, unanswered } from '../failures.ts'
import { objectsAt } from '../json.ts'
import { grantKey, refusedUntil } from '../memory.ts'
import { dayOf, mergeNumbers, type Numbers, notShown, pickNumbers } from '../numbers.ts'
import { LABEL } from './errors.ts'
import { reasonOf } from './reasons.ts'
import type { LinkedinSession } from './request.ts'
import { encodedUrn } from './restli.ts'

const SOURCE = 'videoAnalytics'
const SCOPE = 'r_organization_social'
const CALLS_AT_ONCE = 6
/** So many calls that LinkedIn could not answer are enough to stop asking. */
const TROUBLES_MAX = 3

/** What LinkedIn said of one video. */
export interface VideoAnalytics {
  numbers: Numbers
  payload: JsonObject[]
  /** The limit that kept LinkedIn from saying all; left out: there was none. */
  unread?: Failure
}

/**
 * The numbers of videos by their posts: `GET /rest/videoAnalytics`, scope `r_organization_social`.
 * LinkedIn takes one video and one metric a call, so there are three calls for every video. What
 * fails costs that number, and a metric that is refused alone is not asked for again that day for
 * this account; a limit or a missing role ends the asking. LinkedIn forgets the numbers of old
 * videos: those told before still hold. Throws on a bad token, and when cancelled.
 */
export async function readVideos(
  session: LinkedinSession,
  urns: readonly string[],
): Promise<Map<string, VideoAnalytics>> {
  const metrics = requestedMetrics('linkedin', 'video', SOURCE, dayOf(session.context.now))
  const questions = urns.flatMap((urn) => metrics.map((metric) => ({ urn, metric })))
  const isGranted = isScopeGranted('linkedin', SCOPE, session.account.account.scopes)
  let ending: Failure | null = isGranted
    ? null
    : unanswered('missing_scope', `${LABEL}: ${SCOPE} was not granted.`)
  let troubles = 0
  const told = await inParallel(questions, CALLS_AT_ONCE, async ({ urn, metric }) => {
    if (isRefused(session, metric)) return { urn, metric, ...unsupported(metric) }
    if (ending !== null) return { urn, metric, ...untold(metric, ending) }
    try {
      return { urn, metric, ...(await askVideo(session, urn, metric)) }
    } catch (error) {
      const failure = failureIn(error)
      const isCancelled = session.context.signal.aborted
      if (failure.kind === 'unauthorized' || isCancelled) throw new ConnectorError(failure)
      if (failure.kind === 'unavailable') troubles += 1
      const isFinal = failure.kind === 'rate_limited' || failure.kind === 'missing_scope'
      if (isFinal || troubles >= TROUBLES_MAX) ending ??= failure
      const isWrong = failure.kind === 'misconfigured'
      return { urn, metric, isWrong, ...untold(metric, failure) }
    }
  })
  return new Map(
    [...Map.groupBy(told, ({ urn }) => urn)].map(([urn, parts]) => [
      urn,
      together(judged(session, parts)),
    ]),
  )
}

interface Told extends VideoAnalytics {
  metric: MetricDefinition
  /** Whether LinkedIn took something in the question for wrong: the video, or the metric. */
  isWrong?: boolean
}

// It does not say which of the two. Where it answered for the same video, the metric is.
function judged(session: LinkedinSession, parts: readonly Told[]): VideoAnalytics[] {
  const { memory, context } = session
  if (!parts.some((part) => part.payload.length > 0)) return [...parts]
  return parts.map((part) => {
    if (!part.isWrong) return part
    memory.remember(refusalKey(session, part.metric), refusedUntil(context.now))
    return unsupported(part.metric)
  })
}

function isRefused(session: LinkedinSession, metric: MetricDefinition): boolean {
  return session.memory.knows(refusalKey(session, metric), session.context.now)
}

function refusalKey({ account }: LinkedinSession, { wire }: MetricDefinition): string {
  return `${SOURCE} ${wire} ${grantKey(account)}`
}

function unsupported(metric: MetricDefinition): VideoAnalytics {
  return { numbers: nothingNewer(metric, 'not_supported'), payload: [] }
}

function nothingNewer({ name }: MetricDefinition, reason: MissingReason): Numbers {
  return { native: {}, missing: { [name]: reason }, warnings: [], kept: [name] }
}

function together(parts: readonly VideoAnalytics[]): VideoAnalytics {
  const [unread] = parts.flatMap((part) => part.unread ?? [])
  return {
    numbers: mergeNumbers(...parts.map((part) => part.numbers)),
    payload: parts.flatMap((part) => part.payload),
    ...(unread === undefined ? {} : { unread }),
  }
}

async function askVideo(
  { api, account, context }: LinkedinSession,
  urn: string,
  metric: MetricDefinition,
): Promise<VideoAnalytics> {
  const params = { q: 'entity', entity: encodedUrn(urn), type: metric.wire, aggregation: 'ALL' }
  const query = { path: `/rest/${SOURCE}`, params, method: 'FINDER' } as const
  return api.ask(query, account, context, (body) => {
    const elements = objectsAt(body, 'elements')
    const [element] = elements
    if (element === undefined) {
      return { numbers: nothingNewer(metric, 'not_reported'), payload: [] }
    }
    const value = countIn(element['value'])
    const numbers = pickNumbers({ metrics: [metric], valueOf: () => value })
    return { numbers, payload: elements }
  })
}

/** The value as a number where it comes as the text of one; anything else as it is. */
function countIn(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
}

function untold(metric: MetricDefinition, failure: Failure): VideoAnalytics {
  const warnings = [notShown('linkedin', [metric.name], failure.message)]
  const missing = { [metric.name]: reasonOf(failure) }
  const unread = failure.kind === 'rate_limited' ? { unread: failure } : {}
  return { numbers: { native: {}, missing, warnings }, payload: [], ...unread }
}
