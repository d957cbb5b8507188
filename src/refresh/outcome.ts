import { CATALOG_VERSION, mayBeAbsent, metricsOf } from '../domain/catalog/catalog.ts'
import type { Failure, FailureKind, Reading } from '../domain/connector.ts'
import { type ContentType, isVideoContent } from '../domain/content.ts'
import { entriesOf, type MetricEntry } from '../domain/entries.ts'
import type { MetricSubject, MissingReason } from '../domain/metric.ts'
import type { Platform } from '../domain/platform.ts'
import type { SyncState } from '../domain/sync.ts'
import type { SyncOutcome } from '../store/sync-state.ts'

/** A row as far as its next state depends on it. */
export interface Subject {
  platform: Platform
  /** The kind of content; null for an account. */
  contentType: ContentType | null
  /** The scopes that the account granted; null when nobody said. */
  scopes: readonly string[] | null
}

/** What a row's sync state becomes; null keeps what the row has. */
export type NextState = Omit<SyncOutcome, 'id'>

/** When a state was learned, and until when it holds. */
export interface Moment {
  now: Date
  staleAfter: Date
}

/**
 * A row's state after a reading: its numbers replace the earlier ones, but for those that could
 * not be read this time, and those of which there is nothing newer.
 */
export function stateAfterReading(
  subject: Subject,
  before: Pick<SyncState, 'native'>,
  reading: Reading,
  moment: Moment,
): NextState & Pick<SyncState, 'native'> {
  const kept = Object.entries(before.native).filter(
    ([name]) => reading.missing[name] === 'fetch_failed' || reading.kept?.includes(name),
  )
  const warnings = [...reading.warnings, ...warningsOf(subject, reading, moment.now)]
  return {
    syncStatus: warnings.length > 0 ? 'partial' : 'synced',
    warnings,
    errorMessage: null,
    lastUpdatedAt: moment.now,
    staleAfter: moment.staleAfter,
    missing: reading.missing,
    native: { ...Object.fromEntries(kept), ...reading.native },
    payload: reading.payload,
    catalogVersion: CATALOG_VERSION,
  }
}

/**
 * A row's state while a part of it waits for another try: the numbers that were read are there and
 * count as stale, and what the row said of itself stays until all is read.
 */
export function stateWhileUnread<State extends NextState>(
  { syncStatus, warnings, errorMessage }: SyncState,
  reached: State,
  { now }: Moment,
): State {
  return { ...reached, syncStatus, warnings, errorMessage, staleAfter: now }
}

const ANSWERS: readonly FailureKind[] = ['gone', 'unsupported', 'missing_scope']

/** Whether a failure is an answer: asking again soon would bring the same. */
export function isAnswer({ kind }: Failure): boolean {
  return ANSWERS.includes(kind)
}

/** A row's state after a failure that is final. It keeps its numbers, whatever the failure. */
export function stateAfterFailure(
  subject: Subject,
  state: Pick<SyncState, 'native' | 'missing'>,
  failure: Failure,
  moment: Moment,
): NextState {
  const kept = {
    lastUpdatedAt: null,
    staleAfter: isAnswer(failure) ? moment.staleAfter : null,
    missing: null,
    native: null,
    catalogVersion: CATALOG_VERSION,
  }
  if (failure.kind === 'missing_scope') {
    const missing = { ...state.missing, ...unreadable(subject, state) }
    const warnings = [failure.message]
    return { ...kept, syncStatus: 'partial', warnings, errorMessage: null, missing }
  }
  const syncStatus = failure.kind === 'unauthorized' ? 'requires_reconnect' : 'failed'
  return { ...kept, syncStatus, warnings: [], errorMessage: failure.message }
}

function unreadable(
  subject: Subject,
  state: Pick<SyncState, 'native'>,
): Record<string, MissingReason> {
  const names = subjectsOf(subject)
    .flatMap((each) => metricsOf(subject.platform, each))
    .map((metric) => metric.name)
    .filter((name) => state.native[name] === undefined)
  return Object.fromEntries(names.map((name) => [name, 'missing_scope']))
}

// A publication's post and video metrics share one set of numbers.
function subjectsOf({ contentType }: Subject): MetricSubject[] {
  if (contentType === null) return ['account']
  return isVideoContent(contentType) ? ['post', 'video'] : ['post']
}

// Metrics that this content has and that did not come back, or that this account may not see. What
// the connector itself has warned of is not said twice.
function warningsOf(subject: Subject, reading: Reading, now: Date): string[] {
  const state: SyncState = {
    syncStatus: 'synced',
    warnings: [],
    errorMessage: null,
    lastUpdatedAt: now,
    staleAfter: null,
    missing: reading.missing,
    native: reading.native,
  }
  const unnamed = subjectsOf(subject)
    .flatMap((each) => entriesOf({ ...subject, subject: each, state }, now))
    .filter(({ definition }) => !reading.warnings.some((text) => names(text, definition.name)))
  const required = unnamed.filter(({ definition }) => !mayBeAbsent(definition, reading.native))
  const left = namesOf(required, 'not_reported')
  const failed = namesOf(unnamed, 'fetch_failed')
  return [
    ...(left.length > 0 ? [`The platform did not report ${left.join(', ')}.`] : []),
    ...(failed.length > 0 ? [`Could not be read: ${failed.join(', ')}.`] : []),
    ...scopeWarnings(unnamed),
  ]
}

function scopeWarnings(entries: readonly MetricEntry[]): string[] {
  const unreadable = entries.filter(({ availability }) => availability === 'missing_scope')
  const byScopes = Map.groupBy(unreadable, ({ definition }) => definition.requiredScopes.join(', '))
  return [...byScopes].map(([scopes, group]) => {
    const metrics = namesOf(group, 'missing_scope').join(', ')
    const scope = scopes === '' ? 'a scope that was not granted' : `the scope ${scopes}`
    return `Without ${scope}, these cannot be read: ${metrics}.`
  })
}

function namesOf(entries: readonly MetricEntry[], availability: MissingReason): string[] {
  const found = entries.filter((entry) => entry.availability === availability)
  return [...new Set(found.map(({ definition }) => definition.name))]
}

function names(text: string, name: string): boolean {
  return text.split(/[^\w]+/).includes(name)
}
