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
): Pick<Publication, 'dueAt' | 'timesGone'> {
  const before = publication.timesGone
  const timesGone = { read: 0, failed: before, gone: before + 1 }[attempted]
  return { timesGone, dueAt: timesGone < TIMES_GONE_MAX ? nextDueAt(publication, at) : null }
}

/** Whether the schedule reads a row now. */
export function isDue({ dueAt }: Pick<Publication, 'dueAt'>, now: Date): boolean {
  return dueAt !== null && dueAt <= now
}
