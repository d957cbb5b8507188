import type { MetricPoint } from './history.ts'
import type { Publication } from './publication.ts'
import { type ReadingQuestion, readingAt } from './reading.ts'

const HOUR_MS = 3_600_000

/** The ages, in hours after publishing, at which the decay of a publication is told. */
export const DECAY_HOURS = [1, 6, 24, 72, 7 * 24, 30 * 24] as const

/** How many of its present views a publication had at an age. */
export interface DecayPoint {
  /** The age, in hours after publishing. */
  hours: number
  /** When the numbers were read; null: they were not, or the age is not reached. */
  at: Date | null
  /** Null: unknown. */
  views: number | null
  /** `views` as a fraction of the present ones; null where either is unknown, or there are none. */
  share: number | null
}

type Published = Pick<Publication, 'id' | 'publishedAt'>

/**
 * The reading that tells what a publication had at an age: the last one up to then, of the
 * `ageMaxHours` before it, and not from before it was published. Null while it is younger, and
 * where nobody knows when it was published.
 */
export function decayQuestion(
  { id, publishedAt }: Published,
  hours: number,
  { now, ageMaxHours }: { now: Date; ageMaxHours: number },
): ReadingQuestion | null {
  if (publishedAt === null) return null
  const at = new Date(publishedAt.getTime() + hours * HOUR_MS)
  if (at > now) return null
  const question = readingAt(id, at, ageMaxHours)
  return question.since < publishedAt ? { ...question, since: publishedAt } : question
}

/** What a publication had at an age, by the reading of then. */
export function decayPoint(
  hours: number,
  reading: MetricPoint | null,
  { metrics }: Pick<Publication, 'metrics'>,
): DecayPoint {
  const views = reading?.metrics.views ?? null
  const share = views === null || !metrics.views ? null : views / metrics.views
  return { hours, at: reading?.at ?? null, views, share }
}
