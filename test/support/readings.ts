import type { AudienceChange } from '../../src/domain/audience-change.ts'
import type { DecayPoint } from '../../src/domain/decay.ts'

const HOUR_MS = 3_600_000

/** A reading of one number: null is what the platform did not report. */
export interface Reading {
  at: Date
  value: number | null
}

/** The last reading between two instants, by looking at each of them. */
function lastBetween(readings: readonly Reading[], since: number, at: number): Reading | null {
  let last: Reading | null = null
  for (const reading of readings) {
    const time = reading.at.getTime()
    if (time < since || time > at) continue
    if (last === null || time > last.at.getTime()) last = reading
  }
  return last
}

/** The change of an account on X, by looking at each of its readings of followers. */
export function bruteAudienceChange(
  readings: readonly Reading[],
  window: { from: Date; to: Date },
  ageMaxHours: number,
): AudienceChange {
  const [first, last] = [window.from, window.to].map((at) =>
    lastBetween(readings, at.getTime() - ageMaxHours * HOUR_MS, at.getTime()),
  )
  const point = (reading: Reading | null | undefined) => {
    if (!reading) return null
    const posts = reading.value === null ? 1 : null
    return { at: reading.at, audience: { followers: reading.value, following: null, posts } }
  }
  const ends = { from: point(first), to: point(last) }
  const none = { ...ends, gained: null, percent: null, perDay: null }
  if (!first || !last || first === last) return none
  if (first.value === null || last.value === null) return none
  const gained = last.value - first.value
  return {
    ...ends,
    gained,
    percent: first.value === 0 ? null : (gained * 100) / first.value,
    perDay: (gained * 24 * HOUR_MS) / (last.at.getTime() - first.at.getTime()),
  }
}

/** The decay of a publication, by looking at each of its readings of views. */
export function bruteDecay(
  readings: readonly Reading[],
  { publishedAt, views }: { publishedAt: Date | null; views: number | null },
  { now, ageMaxHours }: { now: Date; ageMaxHours: number },
): DecayPoint[] {
  return [1, 6, 24, 72, 168, 720].map((hours) => {
    const none = { hours, at: null, views: null, share: null }
    if (publishedAt === null) return none
    const published = publishedAt.getTime()
    const mark = published + hours * HOUR_MS
    if (mark > now.getTime()) return none
    const since = Math.max(published, mark - ageMaxHours * HOUR_MS)
    const reading = lastBetween(readings, since, mark)
    if (reading === null) return none
    const isKnown = reading.value !== null && views !== null && views !== 0
    return {
      ...{ hours, at: reading.at, views: reading.value },
      share: isKnown ? Number(reading.value) / Number(views) : null,
    }
  })
}
