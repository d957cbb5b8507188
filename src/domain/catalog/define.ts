import type { MetricDefinition, MetricSubject } from '../metric.ts'
import type { Platform } from '../platform.ts'

/** A metric as a catalogue file writes it: what it leaves out is the usual case. */
export type MetricLine = Pick<MetricDefinition, 'name' | 'source' | 'description'> &
  Partial<Omit<MetricDefinition, 'platform' | 'subject'>>

/** Numbers that a union member lists under one field because their names are open-ended. */
export interface StatisticsField {
  readonly field: string
  readonly description: string
  /** The native names that belong to it begin with this, which the listed keys leave out. */
  readonly prefix: string
}

/** Everything that the catalogue knows of one platform. */
export interface PlatformCatalog {
  readonly platform: Platform
  readonly metrics: Readonly<Record<MetricSubject, readonly MetricDefinition[]>>
  readonly statistics: Readonly<Partial<Record<MetricSubject, StatisticsField>>>
  /** Scopes of the platform's other login that grant the same as one that a metric names. */
  readonly equivalentScopes: Readonly<Record<string, readonly string[]>>
  /** What the platform itself puts before an account's number; empty where it puts nothing. */
  readonly accountIdPrefix: string
}

/** Completes a platform's lines: a count that sums up, on every kind of content, never retired. */
export function defineCatalog(
  platform: Platform,
  lines: Record<MetricSubject, MetricLine[]>,
  more: Partial<Pick<PlatformCatalog, 'statistics' | 'equivalentScopes' | 'accountIdPrefix'>> = {},
): PlatformCatalog {
  const complete = (subject: MetricSubject) =>
    lines[subject].map((line) => completeLine(platform, subject, line))
  return {
    platform,
    metrics: { account: complete('account'), post: complete('post'), video: complete('video') },
    statistics: more.statistics ?? {},
    equivalentScopes: more.equivalentScopes ?? {},
    accountIdPrefix: more.accountIdPrefix ?? '',
  }
}

function completeLine(
  platform: Platform,
  subject: MetricSubject,
  line: MetricLine,
): MetricDefinition {
  return {
    wire: line.name,
    field: camelCase(line.name),
    kind: 'count',
    unit: 'count',
    aggregation: 'sum',
    normalizedAs: null,
    requiredScopes: [],
    visibleDays: null,
    lag: null,
    retiredOn: null,
    contentTypes: null,
    optional: false,
    optionalTogether: false,
    ...line,
    platform,
    subject,
  }
}

/** A snake-case name as GraphQL and most platforms spell it. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
