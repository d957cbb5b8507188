import { isScopeGranted } from '../../domain/catalog/catalog.ts'
import { ConnectorError, type Content, type Failure } from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { MetricDefinition, MissingReason } from '../../domain/metric.ts'
import { isWithinLag } from '../../domain/metric-age.ts'
import { inBatches } from '../batches.ts'
import { failureIn, isPassing } from '../failures.ts'
import { contentMetrics, dayOf, type Numbers, notShown, pickNumbers } from '../numbers.ts'
import { quotaEnd } from './errors.ts'
import { refusalsOf } from './refusals.ts'
import { askTable, isRefused, isVideoRefused } from './report-table.ts'
import { SCOPES, type YoutubeSession } from './request.ts'

const BATCH_SIZE = 200

/** What the reports say of one video, or why they say nothing. */
export interface VideoReport {
  /** Its values by the names of their columns; null when there is no row for it. */
  row: JsonObject | null
  /** Why a metric has no value, by the name of its column. */
  reasons: ReadonlyMap<string, MissingReason>
  /** Why no metric has one; null when they should have. */
  failed: NoReport | null
}

/** Why there is no report. */
export interface NoReport {
  reason: MissingReason
  cause: string
  /** What asking again soon may mend; null: nothing. */
  unread: Failure | null
}

/**
 * The reports of some videos over all their time: `GET /v2/reports`, scope `yt-analytics.readonly`,
 * 200 a call. A failure is a reason for each metric; thrown are a bad token and a cancelled call.
 */
export async function reportsOf(
  session: YoutubeSession,
  ids: readonly string[],
): Promise<Map<string, VideoReport>> {
  const reports = new Map<string, VideoReport>()
  let ending = knownRefusal(session)
  const isKnown = (id: string) => ending === null && isVideoRefused(session, id)
  const refused = ids.filter(isKnown)
  for (const id of refused) reports.set(id, without(NO_QUERY))
  const asked = ids.filter((id) => !refused.includes(id))
  for (const batch of inBatches(asked, BATCH_SIZE)) {
    const answer = ending ?? (await reportsOfBatch(session, batch))
    if (answer instanceof Map) for (const [id, report] of answer) reports.set(id, report)
    else {
      for (const id of batch) reports.set(id, without(answer))
      // What concerns the account or the application would be said again.
      if (answer.isFinal) ending = answer
    }
  }
  return reports
}

/** Asking for it costs what it is asked together with its reports. */
const NO_QUERY: NoReport = {
  reason: 'fetch_failed',
  cause: 'Google refuses every query about this video.',
  unread: null,
}

function without(failed: NoReport): VideoReport {
  return { row: null, reasons: new Map(), failed }
}

/** A video's report as numbers. Within the days that YouTube takes to count, none are due yet. */
export function reportNumbers(report: VideoReport, content: Content, now: Date): Numbers {
  const metrics = reportMetrics(content.contentType, now)
  const { row, reasons, failed } = report
  const numbers = pickNumbers({
    metrics,
    valueOf: (metric) => row?.[metric.wire],
    reasonOf: (metric) =>
      failed?.reason ??
      reasons.get(metric.wire) ??
      (isWithinLag(metric, content.publishedAt, now) ? 'not_yet_available' : null),
  })
  if (failed === null) return numbers
  const names = metrics.map(({ name }) => name)
  return { ...numbers, warnings: [notShown('youtube', names, failed.cause), ...numbers.warnings] }
}

interface Refusal extends NoReport {
  /** Whether the next videos would be refused as well. */
  isFinal: boolean
}

async function reportsOfBatch(
  session: YoutubeSession,
  ids: readonly string[],
): Promise<Map<string, VideoReport> | Refusal> {
  const { context } = session
  const kinds = (['video', 'short'] as const).flatMap((type) => reportMetrics(type, context.now))
  const columns = [...new Set(kinds.map(({ wire }) => wire))]
  try {
    const { rows, refused } = await askTable(session, ids, columns)
    const lost = columns.filter((column) => isRefused(session, column))
    // The channel had it before, maybe: what is stored is not taken back.
    const reasons = new Map(lost.map((column) => [column, 'fetch_failed' as const]))
    const failedOf = (id: string) => (refused.includes(id) ? NO_QUERY : null)
    return new Map(
      ids.map((id) => [id, { row: rows.get(id) ?? null, reasons, failed: failedOf(id) }]),
    )
  } catch (error) {
    const failure = failureIn(error)
    // What was broken off is read again as a whole.
    if (failure.kind === 'unauthorized' || context.signal.aborted) throw new ConnectorError(failure)
    const { kind, message } = failure
    if (kind === 'missing_scope' || kind === 'unsupported') refusalsOf(session).remember(kind)
    const reason = kind === 'missing_scope' ? kind : 'fetch_failed'
    const unread = isReadLater(failure, context.now) ? failure : null
    return { reason, cause: message, unread, isFinal: isFinal(failure) }
  }
}

/** What an account may not see, as far as its scopes or an earlier refusal say. */
function knownRefusal(session: YoutubeSession): Refusal | null {
  const scope = SCOPES.reports
  const refusals = refusalsOf(session)
  const isGranted = isScopeGranted('youtube', scope, session.account.account.scopes)
  if (!isGranted || refusals.knows('missing_scope')) {
    const cause = `${scope} was not granted.`
    return { reason: 'missing_scope', cause, unread: null, isFinal: true }
  }
  if (!refusals.knows('unsupported')) return null
  const cause = 'reports are shown to the owner of the channel only.'
  return { reason: 'fetch_failed', cause, unread: null, isFinal: true }
}

// Nothing else waits for the quota that reports have for a day: the counts of videos are there.
function isReadLater(failure: Failure, now: Date): boolean {
  const { kind, retryAt } = failure
  if (kind === 'rate_limited') return retryAt === null || retryAt < quotaEnd(now)
  return isPassing(failure)
}

// What is wrong with one query, or with one answer, need not be wrong with the next.
function isFinal({ kind, status }: Failure): boolean {
  return kind !== 'malformed' && kind !== 'gone' && status !== 400
}

function reportMetrics(contentType: Content['contentType'], now: Date): MetricDefinition[] {
  return contentMetrics('youtube', contentType, ['reports'], dayOf(now))
}
