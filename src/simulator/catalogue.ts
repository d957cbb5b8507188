import { requestedMetrics } from '../domain/catalog/catalog.ts'
import { type ContentType, isVideoContent } from '../domain/content.ts'
import type { MetricDefinition, MetricSubject } from '../domain/metric.ts'
import type { Platform } from '../domain/platform.ts'

/** Some of a platform's metrics: those that requests of these sources answer. */
export interface MetricGroup {
  platform: Platform
  subjects: readonly MetricSubject[]
  sources: readonly string[]
}

/** The metrics of a group that live at a moment. What the platform has withdrawn, it refuses. */
export function livingMetrics(
  { platform, subjects, sources }: MetricGroup,
  now: Date,
): MetricDefinition[] {
  const today = now.toISOString().slice(0, 10)
  return subjects.flatMap((subject) =>
    sources.flatMap((source) => requestedMetrics(platform, subject, source, today)),
  )
}

/** Whether content of a kind has a metric. */
export function isMetricOf({ contentTypes, subject }: MetricDefinition, type: ContentType) {
  if (subject === 'video' && !isVideoContent(type)) return false
  return contentTypes === null || contentTypes.includes(type)
}

/** The names of metrics in requests and answers, each once. */
export function wireNames(metrics: readonly MetricDefinition[]): string[] {
  return [...new Set(metrics.map(({ wire }) => wire))]
}

/** Numbers of the world under their names in answers; those there are none of stay away. */
export function wireNumbers(
  numbers: Record<string, number>,
  metrics: readonly MetricDefinition[],
): Record<string, number> {
  return Object.fromEntries(
    metrics.flatMap(({ name, wire }) => {
      const value = numbers[name]
      return value === undefined ? [] : [[wire, value]]
    }),
  )
}
