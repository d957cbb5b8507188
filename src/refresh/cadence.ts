import type { Publication } from '../domain/publication.ts'
import { secondsAfter } from './policy.ts'

const HOUR_SECONDS = 3600
const DAY_SECONDS = 24 * HOUR_SECONDS

/** How often a publication is read, by its age: the first line that it is too young to leave. */
const CADENCE = [
  { underAgeSeconds: DAY_SECONDS, everySeconds: HOUR_SECONDS },
  { underAgeSeconds: 7 * DAY_SECONDS, everySeconds: 6 * HOUR_SECONDS },
  { underAgeSeconds: 90 * DAY_SECONDS, everySeconds: DAY_SECONDS },
  { underAgeSeconds: Number.POSITIVE_INFINITY, everySeconds: 7 * DAY_SECONDS },
]

/** After so many answers in a row that the platform does not show it, content is not read again. */
const TIMES_GONE_MAX = 3

/** When the schedule reads a publication again, and what that depends on beside its age. */
export interface Due {
  /** Null: never. */
  at: Date | null
  /** How many answers in a row said that the platform does not show it any more. */
  timesGone: number
}

/** What became of reading a publication, as far as its next time depends on it. */
export type Attempted = 'read' | 'gone' | 'failed'

/** When a publication is to be read again that was read, or finally not, at an instant. */
export function nextDueAt(
  { publishedAt, createdAt }: Pick<Publication, 'publishedAt' | 'createdAt'>,
  at: Date,
): Date {
  const ageSeconds = (at.getTime() - (publishedAt ?? createdAt).getTime()) / 1000
  const line = CADENCE.find(({ underAgeSeconds }) => ageSeconds < underAgeSeconds)
  return secondsAfter(at, line?.everySeconds ?? 7 * DAY_SECONDS)
}

/** The same, unless the platform has said often enough that there is nothing to read any more. */
export function dueAfter(
  publication: Pick<Publication, 'publishedAt' | 'createdAt' | 'timesGone'>,
  attempted: Attempted,
  at: Date,
): Due {
  const timesGone = { read: 0, failed: publication.timesGone, gone: publication.timesGone + 1 }
  const times = timesGone[attempted]
  return { at: times >= TIMES_GONE_MAX ? null : nextDueAt(publication, at), timesGone: times }
}

/** Whether the schedule reads a row now. */
export function isDue({ dueAt }: { dueAt: Date | null }, now: Date): boolean {
  return dueAt !== null && dueAt <= now
}
