import { AppError } from '../../domain/errors.ts'
import type { HistoryQuery, Interval as IntervalModel } from '../../domain/history.ts'
import { checkTimeZone } from '../../domain/time-zone.ts'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { enumOf } from '../enums.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const WINDOW_DAYS = 90

// The shortest that each can be.
const INTERVAL_MS: Record<IntervalModel, number> = {
  hour: HOUR_MS / 2,
  day: 23 * HOUR_MS,
  week: 7 * DAY_MS - HOUR_MS,
  month: 28 * DAY_MS - HOUR_MS,
}

// Numbers are read hourly at first, and ever more seldom: over weeks, less than twice a day.
const READING_MS = DAY_MS / 2

export const Interval = enumOf('Interval', 'How long the stretches of a history are.', {
  hour: null,
  day: 'A day of the calendar: 23 or 25 hours where clocks change.',
  week: 'From Monday on.',
  month: null,
})

/** What a history can be narrowed to. */
export interface HistoryArguments {
  from?: Date | null | undefined
  to?: Date | null | undefined
  interval?: IntervalModel | null | undefined
  timeZone?: string | null | undefined
}

export const historyArgs = builder.args((t) => ({
  from: t.field({
    type: 'DateTime',
    description: `The first instant that counts. Left out: ${WINDOW_DAYS} days before \`to\`.`,
  }),
  to: t.field({ type: 'DateTime', description: 'The last instant that counts. Left out: now.' }),
  interval: t.field({
    type: Interval,
    description: 'Of each one, the last reading. Left out: every reading.',
  }),
  timeZone: t.string({
    description:
      'Where hours, days, weeks and months begin: an IANA name such as `Europe/Berlin`. Left out:' +
      ' UTC.',
  }),
}))

/**
 * The part of a history that the arguments ask for. Throws `BAD_USER_INPUT`, naming the argument, for
 * a window that ends before it begins and for what is no time zone.
 */
export function toHistoryQuery(args: HistoryArguments, { time, limits }: Context): HistoryQuery {
  const end = args.to ?? time.recently()
  checkWindow(args, end)
  const { from, to } = windowOf(args, end)
  return {
    ...{ from, to, interval: args.interval ?? null },
    timeZone: checkTimeZone(args.timeZone ?? 'UTC'),
    // One more than fits tells that there are more.
    limit: limits.historyPointsMax + 1,
  }
}

/** Throws `BAD_USER_INPUT` for a window that ends before it begins: at `to`, or left out, now. */
export function checkWindow({ from, to }: Pick<HistoryArguments, 'from' | 'to'>, end: Date): void {
  if (!from || from <= end) return
  const message = `\`from\` lies after \`to\`${to ? '' : ', which is now when left out'}.`
  throw new AppError('BAD_USER_INPUT', message, 'from')
}

/** The points, when there are not too many; throws `BAD_USER_INPUT` otherwise. */
export function checkPoints<Point>(points: Point[], { limits }: Context): Point[] {
  const max = limits.historyPointsMax
  if (points.length <= max) return points
  const message =
    `This history has more than ${max} points, which is the most. Widen \`interval\`, or narrow` +
    ' the window from `from` to `to`.'
  throw new AppError('BAD_USER_INPUT', message, 'interval')
}

/** What a history costs: its points, and for each what is asked of it. */
export function historyCost(args: HistoryArguments, { clock, limits }: Context) {
  const { from, to } = windowOf(args, args.to ?? clock())
  const every = args.interval ? INTERVAL_MS[args.interval] : READING_MS
  const points = Math.ceil((to.getTime() - from.getTime()) / every) + 1
  const most = Math.min(Math.max(points, 1), limits.historyPointsMax)
  return { field: most, multiplier: most }
}

function windowOf({ from }: HistoryArguments, to: Date): Pick<HistoryQuery, 'from' | 'to'> {
  return { from: from ?? new Date(to.getTime() - WINDOW_DAYS * DAY_MS), to }
}
