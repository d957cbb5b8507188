import type { MetricDefinition, MetricSubject, NativeNumbers } from '../metric.ts'
import type { Platform } from '../platform.ts'
import type { PlatformCatalog } from './define.ts'
import { FACEBOOK_CATALOG } from './facebook.ts'
import { INSTAGRAM_CATALOG } from './instagram.ts'
import { LINKEDIN_CATALOG } from './linkedin.ts'
import { TIKTOK_CATALOG } from './tiktok.ts'
import { X_CATALOG } from './x.ts'
import { YOUTUBE_CATALOG } from './youtube.ts'

/** Moves whenever a mapping to normalized numbers changes; stored rows say which one made them. */
export const CATALOG_VERSION = 1

/** Every metric of every platform, once. */
export const CATALOG: Readonly<Record<Platform, PlatformCatalog>> = {
  facebook: FACEBOOK_CATALOG,
  instagram: INSTAGRAM_CATALOG,
  linkedin: LINKEDIN_CATALOG,
  tiktok: TIKTOK_CATALOG,
  x: X_CATALOG,
  youtube: YOUTUBE_CATALOG,
}

/** A platform's metrics of one subject, in catalogue order, retired ones included. */
export function metricsOf(platform: Platform, subject: MetricSubject): readonly MetricDefinition[] {
  return CATALOG[platform].metrics[subject]
}

/** One metric by its native name; null when the catalogue does not know it. */
export function metricNamed(
  platform: Platform,
  subject: MetricSubject,
  name: string,
): MetricDefinition | null {
  return metricsOf(platform, subject).find((metric) => metric.name === name) ?? null
}

/** An account's id as it is kept: without what the platform puts before its number. */
export function canonicalAccountId(platform: Platform, id: string): string {
  const prefix = CATALOG[platform].accountIdPrefix
  const number = id.startsWith(prefix) ? id.slice(prefix.length) : ''
  return /^\d+$/.test(number) ? number : id
}

/** The metrics that one of a platform's requests answers and that live on `today`, `YYYY-MM-DD`. */
export function requestedMetrics(
  platform: Platform,
  subject: MetricSubject,
  source: string,
  today: string,
): MetricDefinition[] {
  return metricsOf(platform, subject).filter(
    (metric) => metric.source === source && !isRetired(metric, today),
  )
}

/** Whether the platform has withdrawn the metric by `today`, `YYYY-MM-DD`. */
export function isRetired(metric: MetricDefinition, today: string): boolean {
  return metric.retiredOn !== null && metric.retiredOn <= today
}

/** Whether a metric may be absent from some numbers of its subject with nothing being wrong. */
export function mayBeAbsent(metric: MetricDefinition, native: NativeNumbers): boolean {
  if (metric.optional || !metric.optionalTogether) return metric.optional
  const together = metricsOf(metric.platform, metric.subject).filter(
    ({ source }) => source === metric.source,
  )
  return !together.some(({ name }) => name in native)
}

/**
 * Whether an account granted a scope, under this name or an equivalent one. Null scopes mean that
 * nobody said which were granted: every scope counts as granted until the platform refuses.
 */
export function isScopeGranted(
  platform: Platform,
  scope: string,
  granted: readonly string[] | null,
): boolean {
  if (granted === null) return true
  const names = [scope, ...(CATALOG[platform].equivalentScopes[scope] ?? [])]
  return names.some((name) => granted.includes(name))
}

/** The scopes that living metrics need and an account did not grant, in catalogue order. */
export function missingScopes(platform: Platform, granted: readonly string[] | null): string[] {
  const needed = Object.values(CATALOG[platform].metrics)
    .flat()
    .filter((metric) => metric.retiredOn === null)
    .flatMap((metric) => metric.requiredScopes)
  return [...new Set(needed)].filter((scope) => !isScopeGranted(platform, scope, granted))
}

/** One field of a GraphQL union member, and the metrics that may fill it. */
export interface MetricFieldSource {
  field: string
  /** In catalogue order: the first that has a number fills the field. */
  metrics: readonly MetricDefinition[]
}

/** The fields of a platform's union member for a subject, in catalogue order. */
export function metricFields(platform: Platform, subject: MetricSubject): MetricFieldSource[] {
  const byField = Map.groupBy(metricsOf(platform, subject), (metric) => metric.field)
  return [...byField].flatMap(([field, metrics]) => (field === null ? [] : [{ field, metrics }]))
}

/** A native number that a union member shows in a list rather than as a field. */
export interface Statistic {
  key: string
  value: number
}

/**
 * The numbers below a platform's statistics field for a subject, in the order of the native ones.
 * With a prefix, those that begin with it and are no metrics of their own; without, all.
 */
export function statisticsOf(
  platform: Platform,
  subject: MetricSubject,
  native: NativeNumbers,
): Statistic[] {
  const prefix = CATALOG[platform].statistics[subject]?.prefix ?? ''
  return Object.entries(native)
    .filter(([name]) => isStatistic(platform, subject, name))
    .map(([name, value]) => ({ key: name.slice(prefix.length), value }))
}

/** Whether a native number is shown below the platform's statistics field for a subject. */
export function isStatistic(platform: Platform, subject: MetricSubject, name: string): boolean {
  const prefix = CATALOG[platform].statistics[subject]?.prefix
  if (prefix === undefined) return false
  if (prefix === '') return true
  return name.startsWith(prefix) && metricNamed(platform, subject, name) === null
}
