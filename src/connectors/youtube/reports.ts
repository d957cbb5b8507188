import { isScopeGranted } from '../../domain/catalog/catalog.ts'
import { ConnectorError, type Content, type Failure } from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { MetricDefinition, MissingReason } from '../../domain/metric.ts'
import { inBatches } from '../batches.ts'
import { failureIn } from '../failures.ts'
import { grantKey, refusedUntil } from '../memory.ts'
import {
  contentMetrics,
  dayOf,
  isWithinLag,
  type Numbers,
  notShown,
  pickNumbers,
} from '../numbers.ts'
import { askTable, isRefused } from './report-table.ts'
import { SCOPES, type YoutubeSession } from './request.ts'

const BATCH_SIZE = 200

/** What the reports say of one video, or why they say nothing. */
export interface VideoReport {
  /** Its values by the names of their columns; null when there is no row for it. */
  row: JsonObject | null
  /** Why a metric has no value, by the name of its column. */
  reasons: ReadonlyMap<string, MissingReason>
  /** Why no metric has one; null when they should have. */
  failed: { reason: MissingReason; cause: string } | null
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
  for (const batch of inBatches(ids, BATCH_SIZE)) {
    const answer = ending ?? (await reportsOfBatch(session, batch))
    if (answer instanceof Map) for (const [id, report] of answer) reports.set(id, report)
    else {
      for (const id of batch) reports.set(id, { row: null, reasons: new Map(), failed: answer })
      // What concerns the account or the application would be said again.
      if (answer.isFinal) ending = answer
    }
  }
  return reports
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

interface Refusal {
  reason: MissingReason
  cause: string
  isFinal: boolean
}

async function reportsOfBatch(
  session: YoutubeSession,
  ids: readonly string[],
): Promise<Map<string, VideoReport> | Refusal> {
  const { memory, context } = session
  const kinds = (['video', 'short'] as const).flatMap((type) => reportMetrics(type, context.now))
  const columns = [...new Set(kinds.map(({ wire }) => wire))]
  try {
    const rows = await askTable(session, ids, columns)
    const refused = columns.filter((column) => isRefused(memory, column, context.now))
    const reasons = new Map(refused.map((column) => [column, 'not_supported' as const]))
    return new Map(ids.map((id) => [id, { row: rows.get(id) ?? null, reasons, failed: null }]))
  } catch (error) {
    const failure = failureIn(error)
    // What was broken off is read again as a whole.
    if (failure.kind === 'unauthorized' || context.signal.aborted) throw new ConnectorError(failure)
    const reason = reasonOf(failure)
    if (reason !== 'fetch_failed') {
      memory.remember(refusalKey(session, reason), refusedUntil(context.now))
    }
    return { reason, cause: failure.message, isFinal: failure.kind !== 'malformed' }
  }
}

/** What an account may not see, as far as its scopes or an earlier refusal say. */
function knownRefusal(session: YoutubeSession): Refusal | null {
  const { account, memory, context } = session
  const isKnown = (reason: MissingReason) => memory.knows(refusalKey(session, reason), context.now)
  const scope = SCOPES.reports
  if (!isScopeGranted('youtube', scope, account.account.scopes) || isKnown('missing_scope')) {
    return { reason: 'missing_scope', cause: `${scope} was not granted.`, isFinal: true }
  }
  if (!isKnown('not_supported')) return null
  const cause = 'reports are shown to the owner of the channel only.'
  return { reason: 'not_supported', cause, isFinal: true }
}

function reasonOf({ kind }: Failure): MissingReason {
  if (kind === 'missing_scope') return 'missing_scope'
  return kind === 'unsupported' ? 'not_supported' : 'fetch_failed'
}

// Access tokens change every hour. The refresh token stays for as long as the grant does.
function refusalKey({ account }: YoutubeSession, reason: MissingReason): string {
  const accessToken = account.refreshToken ?? account.accessToken
  return `${grantKey({ ...account, accessToken })} reports ${reason}`
}

function reportMetrics(contentType: Content['contentType'], now: Date): MetricDefinition[] {
  return contentMetrics('youtube', contentType, ['reports'], dayOf(now))
}
