const MINUTE_MS = 60_000
// Clocks change at quarters of an hour.
const QUARTER_MS = 15 * MINUTE_MS
const KNOWN_MAX = 10_000

/**
 * How instants print on the clock of an IANA time zone: RFC 3339 with milliseconds and the zone's
 * offset at that instant, `Z` where it is none.
 */
export function createInstantText(timeZone: string): (at: Date) => string {
  const offsetAt = createOffsets(timeZone)
  return (at) => {
    const minutes = offsetAt(at)
    const clock = new Date(at.getTime() + minutes * MINUTE_MS).toISOString().slice(0, -1)
    return `${clock}${offsetText(minutes)}`
  }
}

// To ask for an offset takes longer than everything else in a row together.
function createOffsets(timeZone: string): (at: Date) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  const known = new Map<number, number>()
  return (at) => {
    const quarter = Math.floor(at.getTime() / QUARTER_MS)
    const before = known.get(quarter)
    if (before !== undefined) return before
    if (known.size >= KNOWN_MAX) known.clear()
    const parts = format.formatToParts(quarter * QUARTER_MS)
    const minutes = minutesOf(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '')
    known.set(quarter, minutes)
    return minutes
  }
}

// Before there were zones, offsets had seconds, which RFC 3339 does not.
function minutesOf(text: string): number {
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(text) ?? []
  if (sign === undefined) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

function offsetText(minutes: number): string {
  if (minutes === 0) return 'Z'
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? '-' : '+'}${padded(hours)}:${padded(rest)}`
}

function padded(count: number): string {
  return String(count).padStart(2, '0')
}
