import type { Account } from '../domain/account.ts'
import type { Failure, Reading } from '../domain/connector.ts'
import type { ContentType } from '../domain/content.ts'
import { normalize } from '../domain/normalize.ts'
import type { Publication } from '../domain/publication.ts'
import type { Refresh } from '../domain/refresh.ts'
import type { SyncState } from '../domain/sync.ts'
import type { AccountSyncOutcome } from '../store/connections.ts'
import type { PublicationSyncOutcome } from '../store/publication-writes.ts'
import { accessWarnings } from './access.ts'
import { dueAfter } from './cadence.ts'
import type { Findings, Outcome, PublicationFinding } from './findings.ts'
import {
  isAnswer,
  type Moment,
  type NextState,
  type Subject,
  stateAfterFailure,
  stateAfterReading,
  stateWhileUnread,
} from './outcome.ts'

/** A publication's row as the refresh found it. */
export interface PublicationRow
  extends Pick<
    Publication,
    | 'id'
    | 'platform'
    | 'platformPostId'
    | 'contentType'
    | 'createdAt'
    | 'publishedAt'
    | 'timesGone'
    | keyof SyncState
  > {}

/** What is to be concluded from. */
export interface Evidence {
  account: Account
  refresh: Refresh
  /** The rows of what was found, by the platform's post id. */
  rows: ReadonlyMap<string, PublicationRow>
  findings: Findings
  /** Why the platform refuses the account's tokens; null: it does not. */
  refusal: Failure | null
  /** When asking again makes sense after a failure; null: it is final. */
  retryAt(failure: Failure): Date | null
  moment: Moment
}

/** An outcome of a publication together with the row that it is for. */
export interface ConcludedPublication {
  row: PublicationRow
  outcome: PublicationSyncOutcome
  /** The kind of content as it is known now. */
  contentType: ContentType
}

/** What the rows become, and how far the refresh has come with this run. */
export interface Conclusion {
  /** Null: the account's row stays as it is. */
  account: AccountSyncOutcome | null
  /** Rows that are left out stay as they are. */
  publications: ConcludedPublication[]
  /** The message is of something that could not be read and will not be tried again. */
  progress: Pick<Refresh, 'updated' | 'failed' | 'errorMessage'>
  /** What is to be tried again; null: nothing is left. */
  rest: { at: Date; failures: Failure[]; publicationIds: string[] | null } | null
}

/** What follows from what a run found. Numbers that it did not find stay as they were. */
export function concludeRun(evidence: Evidence): Conclusion {
  const { refresh, findings } = evidence
  const account = concludeAccount(evidence)
  const publications = [...findings.publications].flatMap(([id, finding]) => {
    const row = evidence.rows.get(id)
    return row ? concludePublication(evidence, row, finding) : []
  })
  const answered = [
    ...publications.filter(({ outcome }) => outcome.native !== null).map(({ row }) => row),
    ...(account?.native ? [evidence.account] : []),
  ].filter((row) => !isAnswered(row, refresh))
  const isFinal = (failure: Failure) => evidence.retryAt(failure) === null
  const failed = rowFailures(findings).filter(isFinal)
  const [first] = [...listingFailures(findings).filter(isFinal), ...failed]
  return {
    account,
    publications,
    progress: {
      updated: refresh.updated + answered.length,
      failed: refresh.failed + failed.length,
      errorMessage: refresh.errorMessage ?? first?.message ?? null,
    },
    rest: restOf(evidence),
  }
}

// A run after a broken one lists content again; what was answered is counted once.
function isAnswered({ lastUpdatedAt }: SyncState, { requestedAt }: Refresh): boolean {
  return lastUpdatedAt !== null && lastUpdatedAt > requestedAt
}

function concludePublication(
  evidence: Evidence,
  row: PublicationRow,
  { content, outcome }: PublicationFinding,
): ConcludedPublication[] {
  if (outcome === null) return []
  const told = row.contentType === 'other' ? content?.contentType : undefined
  const contentType = told ?? row.contentType
  const subject = { platform: row.platform, contentType, scopes: evidence.account.scopes }
  const due = dueOf(evidence, row, { content, outcome })
  const about = { id: row.id, content, due }
  if ('reading' in outcome) {
    const state = stateOfRead(evidence, subject, row, outcome.reading)
    const metrics = normalize(row.platform, contentType, state.native)
    return [{ row, contentType, outcome: { ...state, ...about, metrics } }]
  }
  if (evidence.retryAt(outcome.failure)) return []
  const state = stateAfterFailure(subject, row, outcome.failure, evidence.moment)
  return [{ row, contentType, outcome: { ...state, ...about, metrics: null } }]
}

/** Null while a part of it is to be read by this refresh: the row stays as due as it is. */
function dueOf(
  { retryAt, moment }: Evidence,
  row: PublicationRow,
  { content, outcome }: PublicationFinding,
): PublicationSyncOutcome['due'] {
  const unread = unreadIn(outcome)
  if (outcome === null || unread.some((failure) => retryAt(failure) !== null)) return null
  const known = { ...row, publishedAt: row.publishedAt ?? content?.publishedAt ?? null }
  if ('reading' in outcome) return dueAfter(known, 'read', moment.now)
  return dueAfter(known, outcome.failure.kind === 'gone' ? 'gone' : 'failed', moment.now)
}

function stateOfRead(
  { retryAt, moment }: Evidence,
  subject: Subject,
  before: SyncState,
  reading: Reading,
): NextState & Pick<SyncState, 'native'> {
  const state = stateAfterReading(subject, before, reading, moment)
  const isOpen = reading.unread !== undefined && retryAt(reading.unread) !== null
  return isOpen ? stateWhileUnread(before, state, moment) : state
}

function concludeAccount(evidence: Evidence): AccountSyncOutcome | null {
  const outcome = accountOutcome(evidence)
  return (
    outcome && { ...outcome, dueAt: isAccountOpen(evidence) ? null : evidence.moment.staleAfter }
  )
}

function accountOutcome(evidence: Evidence): AccountSyncOutcome | null {
  const { account, findings, refusal, moment } = evidence
  const subject = { platform: account.platform, contentType: null, scopes: account.scopes }
  const found = findings.account
  if (found && 'reading' in found) {
    const state = stateOfRead(evidence, subject, account, found.reading)
    const more = accessWarnings(findings.accessEndsAt, moment.now)
    // A row that keeps its state may hold the same warning already.
    const warnings = [...new Set([...state.warnings, ...more])]
    const outcome = { ...state, warnings, profile: found.reading.profile }
    return refusal ? refused(outcome, refusal) : withListing(evidence, outcome)
  }
  const failure = refusal ?? found?.failure ?? null
  if (failure === null || evidence.retryAt(failure)) return null
  const outcome = { ...stateAfterFailure(subject, account, failure, moment), profile: null }
  return refusal ? refused(outcome, refusal) : { ...outcome, connectionStatus: null }
}

type Unconnected = Omit<AccountSyncOutcome, 'connectionStatus'>

function refused(outcome: Unconnected, { message }: Failure): AccountSyncOutcome {
  const status = 'requires_reconnect'
  return { ...outcome, syncStatus: status, errorMessage: message, connectionStatus: status }
}

// With content that could not be listed, an account is not fresh, however new its numbers are:
// unless asking again soon would bring the same.
function withListing(evidence: Evidence, read: Unconnected): AccountSyncOutcome {
  const outcome = withWarnings(read, evidence.findings.listing?.warnings ?? [])
  const [failure] = listingFailures(evidence.findings)
  if (!failure || evidence.retryAt(failure)) return { ...outcome, connectionStatus: null }
  const warnings = [...outcome.warnings, `Its content could not be listed: ${failure.message}`]
  const staleAfter = isAnswer(failure) ? outcome.staleAfter : evidence.moment.now
  return { ...outcome, syncStatus: 'partial', warnings, staleAfter, connectionStatus: null }
}

// Of what a platform listed in part, the rest may go unseen.
function withWarnings(outcome: Unconnected, more: readonly string[]): Unconnected {
  if (more.length === 0) return outcome
  const warnings = [...new Set([...outcome.warnings, ...more])]
  return { ...outcome, syncStatus: 'partial', warnings }
}

function listingFailures({ listing }: Findings): Failure[] {
  return listing?.failure ? [listing.failure] : []
}

function rowFailures({ account, publications }: Findings): Failure[] {
  const outcomes = [account, ...[...publications.values()].map(({ outcome }) => outcome)]
  return outcomes.flatMap((outcome) => (outcome && 'failure' in outcome ? [outcome.failure] : []))
}

/** Why the whole of a row, or a part of it, was not read; none when all was. */
function unreadIn(outcome: Outcome<Reading> | null): Failure[] {
  if (outcome === null) return []
  if ('failure' in outcome) return [outcome.failure]
  return outcome.reading.unread ? [outcome.reading.unread] : []
}

/** Whether the account's numbers or its content are to be asked for once more by this refresh. */
function isAccountOpen({ findings, retryAt }: Evidence): boolean {
  const failures = [...listingFailures(findings), ...unreadIn(findings.account)]
  return failures.some((failure) => retryAt(failure) !== null)
}

function restOf(evidence: Evidence): Conclusion['rest'] {
  const { findings, refresh, rows, retryAt } = evidence
  const isOpen = (failure: Failure) => retryAt(failure) !== null
  const outcomes = [...findings.publications.values()].map(({ outcome }) => outcome)
  const unread = [findings.account, ...outcomes].flatMap(unreadIn)
  const failures = [...listingFailures(findings), ...unread].filter(isOpen)
  if (failures.length === 0) return null
  const at = new Date(Math.max(...failures.map((failure) => retryAt(failure)?.getTime() ?? 0)))
  if (isAccountOpen(evidence)) return { at, failures, publicationIds: refresh.publicationIds }
  const publicationIds = [...findings.publications].flatMap(([id, { outcome }]) => {
    const row = rows.get(id)
    return row && unreadIn(outcome).some(isOpen) ? [row.id] : []
  })
  return { at, failures, publicationIds }
}
