import type { NativePoint } from './history.ts'
import type { Audience } from './metric.ts'
import { toAudience } from './normalize.ts'
import type { Platform } from './platform.ts'

const DAY_MS = 24 * 3_600_000

/** What an account's audience was. */
export interface AudiencePoint extends Pick<NativePoint, 'at'> {
  audience: Audience
}

/** What became of an account's followers between two instants. */
export interface AudienceChange {
  /** The readings that are compared; null: there is none of that time. */
  from: AudiencePoint | null
  to: AudiencePoint | null
  /** Null where there are no two readings, or one of them does not tell. */
  gained: number | null
  /** `gained` in percent of the followers before; null where those were none. */
  percent: number | null
  /** `gained` per 24 hours of the time between both readings. */
  perDay: number | null
}

/** What the audience of an account on a platform was at a reading. */
export function toAudiencePoint(platform: Platform, { at, native }: NativePoint): AudiencePoint {
  return { at, audience: toAudience(platform, native) }
}

/** The change from one reading to a later one. One reading, given as both, tells of no change. */
export function audienceChange(
  from: AudiencePoint | null,
  to: AudiencePoint | null,
): AudienceChange {
  const elapsedMs = from === null || to === null ? 0 : to.at.getTime() - from.at.getTime()
  const [before, after] = [followersOf(from), followersOf(to)]
  if (elapsedMs <= 0 || before === null || after === null) {
    return { from, to, gained: null, percent: null, perDay: null }
  }
  const gained = after - before
  const percent = before === 0 ? null : (gained * 100) / before
  return { from, to, gained, percent, perDay: (gained * DAY_MS) / elapsedMs }
}

function followersOf(point: AudiencePoint | null): number | null {
  return point?.audience.followers ?? null
}
