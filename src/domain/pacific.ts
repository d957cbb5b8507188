// Making a formatter takes far longer than using one.
const FORMAT = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
})

/**
 * The midnight that began the US-Pacific day of a moment, moved by some days. Days on which the
 * clocks change have 23 or 25 hours, and count as one.
 */
export function pacificMidnight(at: Date, days = 0): Date {
  const { year, month, day } = pacificParts(at)
  const summer = new Date(Date.UTC(year, month - 1, day + days, 7))
  // Midnight is 07:00 UTC in summer and 08:00 UTC in winter; clocks change later in the night.
  const isSummer = pacificParts(summer).hour === 0
  return isSummer ? summer : new Date(summer.getTime() + 3_600_000)
}

/** The US-Pacific day of a moment, `YYYY-MM-DD`. */
export function pacificDay(at: Date): string {
  const { year, month, day } = pacificParts(at)
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
}

function pacificParts(at: Date): { year: number; month: number; day: number; hour: number } {
  const parts = new Map(FORMAT.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour') }
}
