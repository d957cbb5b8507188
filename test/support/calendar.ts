import type { Interval } from '../../src/domain/history.ts'

const STEP_MS = 15 * 60_000
const DAY_MS = 24 * 3_600_000

/** Tells which stretch of a calendar an instant lies in, and when that began, by looking at a clock. */
export function createCalendar(interval: Interval, timeZone: string) {
  const clock = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', timeZoneName: 'longOffset' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric' },
  })
  const starts = new Map<string, Date>()

  function stretchOf(at: number): string {
    const shown = Object.fromEntries(clock.formatToParts(at).map((part) => [part.type, part.value]))
    const { year, month, day, hour, timeZoneName } = shown
    if (interval === 'hour') return [year, month, day, hour, timeZoneName].join(' ')
    if (interval === 'month') return [year, month].join(' ')
    const date = Date.UTC(Number(year), Number(month) - 1, Number(day))
    if (interval === 'day') return String(date)
    return String(date - ((new Date(date).getUTCDay() + 6) % 7) * DAY_MS)
  }

  // Every change of every clock of our times is at a quarter of an hour.
  function beginningOf(stretch: string, at: number): Date {
    let start = Math.floor(at / STEP_MS) * STEP_MS
    while (stretchOf(start - STEP_MS) === stretch) start -= STEP_MS
    return new Date(start)
  }

  /** The first instant of the stretch that an instant lies in. */
  return function startOf(at: Date): Date {
    const stretch = stretchOf(at.getTime())
    const start = starts.get(stretch) ?? beginningOf(stretch, at.getTime())
    starts.set(stretch, start)
    return start
  }
}
