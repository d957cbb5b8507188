import type {
  Content,
  Failure,
  PublicationOutcome,
  PublicationReading,
  PublicationRef,
} from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { MetricDefinition, MissingReason } from '../../domain/metric.ts'
import { inBatches, readBatches, sortedOut } from '../batches.ts'
import { unanswered } from '../failures.ts'
import { textOf, valueAt } from '../json.ts'
import { contentMetrics, dayOf, mergeNumbers, type Numbers, pickNumbers } from '../numbers.ts'
import { countOf, isBroadcast, videoContent } from './content.ts'
import { LABEL } from './errors.ts'
import { reportNumbers, reportsOf, type VideoReport } from './reports.ts'
import { requireScope, type YoutubeSession } from './request.ts'
import { IDS_MAX } from './shared-lookups.ts'

/** How long YouTube may take until it shows how often a new video was watched. */
const COUNTING_MS = 86_400_000

/**
 * Videos by id: `GET /youtube/v3/videos`, scope `youtube.readonly`, 50 a call for one unit, which
 * accounts of a workspace share, and their reports, 200 a call. YouTube leaves out what is deleted or private, without saying which.
 * What fails about reports costs the other numbers nothing.
 */
export async function readYoutubeVideos(
  session: YoutubeSession,
  refs: readonly PublicationRef[],
): Promise<PublicationOutcome[]> {
  requireScope('data', session.account)
  const { good, bad } = sortedOut(LABEL, refs, isVideoId)
  const found = new Map<string, FoundVideo>()
  const outcomes = await readBatches(inBatches(good, IDS_MAX), async (batch) => {
    const ids = batch.map((ref) => ref.platformPostId)
    const answer = await findVideos(session, ids)
    for (const video of answer.videos) found.set(video.id, video)
    return ids.map((platformPostId) => answer.outcomeOf(platformPostId))
  })
  const reports = await reportsOf(session, [...found.keys()])
  const read = outcomes.map((outcome): PublicationOutcome => {
    const { platformPostId } = outcome
    const video = found.get(platformPostId)
    const report = reports.get(platformPostId)
    if (video === undefined || report === undefined) return outcome
    return { platformPostId, reading: toReading(session, video, report) }
  })
  return [...bad, ...read]
}

/** Whether a text can be the id of a video, so that it changes nothing else in a request. */
export function isVideoId(id: string): boolean {
  return /^[\w-]{1,64}$/.test(id)
}

interface FoundVideo {
  id: string
  video: JsonObject
  content: Content
  numbers: Numbers
}

interface FoundVideos {
  videos: FoundVideo[]
  /** The reading without a report, or why there is none. */
  outcomeOf(id: string): PublicationOutcome
}

async function findVideos(session: YoutubeSession, ids: string[]): Promise<FoundVideos> {
  const { lookups, account, context } = session
  const answer = await lookups.videos(session, ids)
  const asked = answer.videos.filter(({ id }) => ids.includes(id))
  const isOwn = ({ object }: { object: JsonObject }) => {
    const channelId = textOf(valueAt(object, 'snippet.channelId'))
    return channelId === null || channelId === account.account.platformAccountId
  }
  const videos = asked.filter(isOwn).map(({ id, object }) => toFound(id, object, context.now))
  return {
    videos,
    outcomeOf(id) {
      const own = videos.find((video) => video.id === id)
      if (own !== undefined) return { platformPostId: id, reading: plainReading(own) }
      const isForeign = asked.some((video) => video.id === id)
      return { platformPostId: id, failure: isForeign ? foreign(id) : lost(id, answer.isWhole) }
    },
  }
}

function toFound(id: string, video: JsonObject, now: Date): FoundVideo {
  const content = videoContent(id, video)
  const numbers = pickNumbers({
    metrics: contentMetrics('youtube', content.contentType, ['videos'], dayOf(now)),
    valueOf: (metric) => countOf(valueAt(video, `statistics.${metric.wire}`)),
    reasonOf: (metric) => absentReason(metric, { video, content, now }),
  })
  return { id, video, content, numbers }
}

/** Why a number that all videos have is absent; null when it should be there. */
function absentReason(
  metric: MetricDefinition,
  { video, content, now }: { video: JsonObject; content: Content; now: Date },
): MissingReason | null {
  if (metric.optional) return null
  const ageMs = now.getTime() - (content.publishedAt?.getTime() ?? 0)
  return isBroadcast(video) || ageMs < COUNTING_MS ? 'not_yet_available' : null
}

function plainReading({ numbers, video, content }: FoundVideo): PublicationReading {
  return { ...numbers, payload: { video }, content }
}

function toReading(
  { context }: YoutubeSession,
  { numbers, video, content }: FoundVideo,
  report: VideoReport,
): PublicationReading {
  const reported = reportNumbers(report, content, context.now)
  const payload = { video, ...(report.row === null ? {} : { report: report.row }) }
  const unread = report.failed?.unread
  return { ...mergeNumbers(numbers, reported), payload, content, ...(unread && { unread }) }
}

function lost(id: string, isWhole: boolean): Failure {
  if (!isWhole) return unanswered('malformed', `${LABEL} did not name all videos of its answer.`)
  const message = `${LABEL} no longer shows the video ${id}: it is deleted or private.`
  return unanswered('gone', message)
}

function foreign(id: string): Failure {
  const message = `The video ${id} belongs to another ${LABEL} channel than the connected one.`
  return unanswered('unsupported', message)
}
