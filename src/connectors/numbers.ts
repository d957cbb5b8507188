import { mayBeAbsent, requestedMetrics } from '../domain/catalog/catalog.ts'
import { type ContentType, isVideoContent } from '../domain/content.ts'
import type { JsonValue } from '../domain/json.ts'
import type { MetricDefinition, MissingReason } from '../domain/metric.ts'
import { PLATFORM_LABELS, type Platform } from '../domain/platform.ts'

/** What an answer says in numbers: the part of a reading that every connector builds alike. */
export interface Numbers {
  native: Record<string, number>
  missing: Record<string, MissingReason>
  warnings: string[]
  /** Missing metrics whose earlier numbers stay: there is nothing newer to say of them. */
  kept?: readonly string[]
}

/** What to read numbers from. */
export interface NumberSource {
  metrics: readonly MetricDefinition[]
  /** The platform's value of a metric; undefined or null when it did not report one. */
  valueOf(metric: MetricDefinition): JsonValue | undefined
  /** Why a metric cannot be in this answer; null when it should be. */
  reasonOf?(metric: MetricDefinition): MissingReason | null
}

/**
 * The numbers of one subject by native name. A metric that did not come back is absent and has a
 * reason; one that should have come back, or whose value cannot be used, has a warning as well.
 */
export function pickNumbers(source: NumberSource): Numbers {
  const numbers: Numbers = { native: {}, missing: {}, warnings: [] }
  const left: MetricDefinition[] = []
  for (const metric of source.metrics) {
    const value = source.valueOf(metric)
    if (value !== undefined && value !== null) {
      pickNumber(metric, value, numbers)
      continue
    }
    const reason = source.reasonOf?.(metric) ?? null
    numbers.missing[metric.name] = reason ?? 'not_reported'
    if (reason === null) left.push(metric)
  }
  const required = left.filter((metric) => !mayBeAbsent(metric, numbers.native))
  const [first] = required
  if (first !== undefined) {
    const names = required.map((metric) => metric.name).join(', ')
    numbers.warnings.unshift(`${PLATFORM_LABELS[first.platform]} did not report ${names}.`)
  }
  return numbers
}

function pickNumber(metric: MetricDefinition, value: JsonValue, into: Numbers): void {
  const number = numberIn(metric, value)
  if (number !== null) {
    into.native[metric.name] = number
    return
  }
  const label = PLATFORM_LABELS[metric.platform]
  const isLarge = isTooLarge(value)
  const problem = isLarge ? 'is larger than 2^53 - 1' : `is not a ${nounOf(metric)}`
  // A number that is too large for us is another one than before; nonsense says nothing about it.
  into.missing[metric.name] = isLarge ? 'not_reported' : 'fetch_failed'
  into.warnings.push(`${label} reported a ${metric.name} that ${problem}.`)
}

function numberIn(metric: MetricDefinition, value: JsonValue): number | null {
  if (metric.kind === 'flag' && typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  if (metric.kind === 'decimal') return value
  const isCount = Number.isSafeInteger(value) && value >= 0
  // A negative zero is not a zero to everyone who compares.
  return isCount ? value + 0 : null
}

function isTooLarge(value: JsonValue): boolean {
  if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER
  return typeof value === 'string' && /^-?\d{16,}$/.test(value)
}

function nounOf({ kind }: MetricDefinition): string {
  return kind === 'count' ? 'count' : 'number'
}

/** What belongs to a kind of content in the answers of some sources, each name once. */
export function contentMetrics(
  platform: Platform,
  contentType: ContentType,
  sources: readonly string[],
  today: string,
): MetricDefinition[] {
  const subjects = isVideoContent(contentType) ? (['post', 'video'] as const) : (['post'] as const)
  const metrics = subjects
    .flatMap((subject) =>
      sources.flatMap((source) => requestedMetrics(platform, subject, source, today)),
    )
    .filter(({ contentTypes }) => contentTypes === null || contentTypes.includes(contentType))
  return [...Map.groupBy(metrics, (metric) => metric.name).values()].flatMap(([first]) =>
    first === undefined ? [] : [first],
  )
}

/** The numbers of several answers about one subject. What one reported is missing in none. */
export function mergeNumbers(...parts: readonly Numbers[]): Numbers {
  const native = Object.assign({}, ...parts.map((part) => part.native))
  const missing = Object.entries(Object.assign({}, ...parts.map((part) => part.missing)))
  const kept = parts.flatMap((part) => part.kept ?? []).filter((name) => !(name in native))
  return {
    ...(kept.length === 0 ? {} : { kept }),
    native,
    missing: Object.fromEntries(
      missing.filter(([name]) => !(name in native)),
    ) as Numbers['missing'],
    warnings: [...new Set(parts.flatMap((part) => part.warnings))],
  }
}

/** The warning about numbers that a platform would not show, or could not. */
export function notShown(platform: Platform, names: readonly string[], cause: string): string {
  return `${PLATFORM_LABELS[platform]} did not show ${names.join(', ')}: ${cause}`
}

/** The day of a moment in UTC, `YYYY-MM-DD`, as the catalogue dates retirements. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10)
}
