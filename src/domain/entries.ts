import { isRetired, isScopeGranted, metricsOf } from './catalog/catalog.ts'
import type { ContentType } from './content.ts'
import type {
  MetricAvailability,
  MetricDefinition,
  MetricSubject,
  MissingReason,
} from './metric.ts'
import { isBeyondView, isWithinLag } from './metric-age.ts'
import { reportedValue } from './native.ts'
import type { Platform } from './platform.ts'
import type { SyncState } from './sync.ts'

/** One metric of the catalogue as it stands for one row. */
export interface MetricEntry {
  /** The platform's own name. */
  name: string
  definition: MetricDefinition
  /** Null unless the metric is reported. Zero is a real zero. */
  value: number | null
  availability: MetricAvailability
}

/** A row whose metrics are listed, and what decides which of them it can have. */
export interface Measured {
  platform: Platform
  subject: MetricSubject
  /** The kind of content; null for an account. */
  contentType: ContentType | null
  /** When the content went live; null or left out: nobody knows, or it is an account. */
  publishedAt?: Date | null
  /** The scopes that the account granted; null when nobody said. */
  scopes: readonly string[] | null
  state: SyncState
}

/**
 * One entry per metric of the row's platform and subject, in catalogue order, reported or not and
 * why not. `names` narrows the list to those native names; unknown ones are left out.
 */
export function entriesOf(
  measured: Measured,
  now: Date,
  names: readonly string[] | null = null,
): MetricEntry[] {
  const all = metricsOf(measured.platform, measured.subject)
  const wanted = names === null ? all : all.filter(({ name }) => names.includes(name))
  return wanted.map((definition) => {
    const value = reportedValue(definition, measured.state.native)
    const availability = value === null ? missingReason(definition, measured, now) : 'reported'
    return { name: definition.name, definition, value, availability }
  })
}

function missingReason(definition: MetricDefinition, measured: Measured, now: Date): MissingReason {
  if (isWithdrawn(definition, now)) return 'retired'
  const told = measured.state.missing[definition.name]
  if (told !== undefined) return told
  if (!isSupported(definition, measured.contentType)) return 'not_supported'
  if (!isReadable(definition, measured)) return 'missing_scope'
  const { lastUpdatedAt } = measured.state
  return lastUpdatedAt === null
    ? neverRead(measured.state)
    : absentWhenRead(definition, measured.publishedAt ?? null, lastUpdatedAt)
}

// Few metrics ever are, so the day is seldom needed, and it takes longer than all the rest.
function isWithdrawn(definition: MetricDefinition, now: Date): boolean {
  return definition.retiredOn !== null && isRetired(definition, now.toISOString().slice(0, 10))
}

function isSupported(definition: MetricDefinition, contentType: ContentType | null): boolean {
  if (definition.contentTypes === null) return true
  return contentType !== null && definition.contentTypes.includes(contentType)
}

function isReadable(definition: MetricDefinition, measured: Measured): boolean {
  return definition.requiredScopes.every((scope) =>
    isScopeGranted(measured.platform, scope, measured.scopes),
  )
}

// Numbers that were imported come without reasons, and its age explains some of what they lack.
function absentWhenRead(
  definition: MetricDefinition,
  publishedAt: Date | null,
  readAt: Date,
): MissingReason {
  if (isBeyondView(definition, publishedAt, readAt)) return 'not_supported'
  return isWithinLag(definition, publishedAt, readAt) ? 'not_yet_available' : 'not_reported'
}

function neverRead(state: SyncState): MissingReason {
  const failed = state.syncStatus === 'failed' || state.syncStatus === 'requires_reconnect'
  return failed ? 'fetch_failed' : 'not_yet_available'
}
