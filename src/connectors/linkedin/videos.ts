import { isScopeGranted, requestedMetrics } from '../../domain/catalog/catalog.ts'
import { ConnectorError, type Failure } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MetricDefinition, MissingReason } from '../../domain/metric.ts'
import { inParallel } from '../batches.ts'
import { failureIn, isPassing, unanswered } from '../failures.ts'
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

/** What LinkedIn said of one video. */
export interface VideoAnalytics {
  numbers: Numbers
  payload: JsonObject[]
  /** What kept LinkedIn from saying all, until later; left out: nothing did. */
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
  const isGranted = isScopeGranted('linkedin', SCOPE, session.account.account.scopes)
  const ending = isGranted
    ? null
    : unanswered('missing_scope', `${LABEL}: ${SCOPE} was not granted.`)
  const course = { ending, isAnswered: false, refusals: 0, questions: metrics.length }
  // Whole videos one after another: what the first ones teach of a metric spares the others calls.
  const videosAtOnce = Math.max(1, Math.floor(CALLS_AT_ONCE / metrics.length))
  const told = await inParallel(urns, videosAtOnce, async (urn) => {
    const parts = await inParallel(metrics, CALLS_AT_ONCE, (metric) =>
      askUnlessEnded(session, course, { urn, metric }),
    )
    return [urn, together(judged(session, parts))] as const
  })
  return new Map(told)
}

/** How the asking for videos goes. */
interface Course {
  /** Why nothing is asked any more; null while it is. */
  ending: Failure | null
  /** Whether a question was answered: then the member has the role that it takes. */
  isAnswered: boolean
  /** How many questions in a row brought nothing, in ways that may be those of all videos. */
  refusals: number
  /** How many questions there are about a video. */
  questions: number
}

async function askUnlessEnded(
  session: LinkedinSession,
  course: Course,
  { urn, metric }: { urn: string; metric: MetricDefinition },
): Promise<Told> {
  if (isRefused(session, metric)) return { metric, ...unsupported(metric) }
  if (course.ending !== null) return { metric, ...untold(metric, course.ending) }
  try {
    const told = await askVideo(session, urn, metric)
    course.isAnswered = true
    course.refusals = 0
    return { metric, ...told }
  } catch (error) {
    const failure = failureIn(error)
    const isCancelled = session.context.signal.aborted
    if (failure.kind === 'unauthorized' || isCancelled) throw new ConnectorError(failure)
    noteFailure(course, failure)
    return { metric, isWrong: failure.kind === 'misconfigured', ...untold(metric, failure) }
  }
}

function noteFailure(course: Course, failure: Failure): void {
  const { kind } = failure
  const isDenied = kind === 'missing_scope' && !course.isAnswered
  if (isDenied || kind === 'unavailable') course.refusals += 1
  // A single video may be the cause of as many refusals as there are questions about it.
  const isHopeless = course.refusals > course.questions
  if (kind === 'rate_limited' || isHopeless) course.ending ??= failure
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
  return typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
}

function untold(metric: MetricDefinition, failure: Failure): VideoAnalytics {
  const { name } = metric
  const warnings = [notShown('linkedin', [name], failure.message)]
  const missing = { [name]: reasonOf(failure) }
  const kept = failure.kind === 'gone' ? { kept: [name] } : {}
  const isLater = failure.kind === 'rate_limited' || isPassing(failure)
  const unread = isLater ? { unread: failure } : {}
  return { numbers: { native: {}, missing, warnings, ...kept }, payload: [], ...unread }
}
