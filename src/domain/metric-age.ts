import type { MetricDefinition } from './metric.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How long before a platform stops showing a metric it is no longer asked for, in days. */
const MARGIN_DAYS = 0.5

/** Whether the platform may still be counting: the metric's own lag has not passed since then. */
export function isWithinLag(
  { lag }: Pick<MetricDefinition, 'lag'>,
  since: Date | null,
  now: Date,
): boolean {
  const [, days, hours] = lag?.match(/^P(?:(\d+)D)?(?:T(\d+)H)?$/) ?? []
  const lagMs = Number(days ?? 0) * DAY_MS + Number(hours ?? 0) * HOUR_MS
  return since !== null && now.getTime() - since.getTime() < lagMs
}

/** Whether content is too old for the metric: the platform does not show it for so long. */
export function isBeyondView(
  { visibleDays }: Pick<MetricDefinition, 'visibleDays'>,
  publishedAt: Date | null,
  now: Date,
): boolean {
  if (visibleDays === null || publishedAt === null) return false
  return now.getTime() - publishedAt.getTime() >= (visibleDays - MARGIN_DAYS) * DAY_MS
}
