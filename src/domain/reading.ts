import { EARLIEST_MS } from './clock.ts'

const HOUR_MS = 3_600_000

/** A question for what somebody's numbers were at an instant: for the last reading up to it. */
export interface ReadingQuestion {
  /** The account or the publication. */
  subjectId: string
  at: Date
  /** A reading from before does not count: too much may have happened after it. */
  since: Date
}

/** What the numbers were at an instant, as readings of the `ageMaxHours` before tell. */
export function readingAt(subjectId: string, at: Date, ageMaxHours: number): ReadingQuestion {
  const since = new Date(Math.max(at.getTime() - ageMaxHours * HOUR_MS, EARLIEST_MS))
  return { subjectId, at, since }
}
