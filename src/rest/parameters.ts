import { z } from '@hono/zod-openapi'

const GIVEN_TWICE = 'must be given once'
const INSTANT =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+ -]\d\d(?::?\d\d)?)?)?$/i
const ZONED = /t\d\d:\d\d:.*(z|[+ -]\d\d:\d\d)$/i

/** A text, as a query or a path has it. */
export function text(description: string) {
  return z.string({ error: GIVEN_TWICE }).openapi({ description })
}

/** One of some words; any other is refused, in whatever case. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
  description: string,
) {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` }).openapi({ description })
}

/** A whole number within a range; `fallback` where it is left out. */
export function wholeNumber([min, max]: [number, number], fallback: number, description: string) {
  const error = `must be a whole number from ${min} to ${max}`
  return z
    .string({ error: GIVEN_TWICE })
    .regex(/^-?\d{1,15}$/, { error })
    .transform(Number)
    .pipe(z.int().min(min, { error }).max(max, { error }))
    .default(fallback)
    .openapi({ type: 'integer', minimum: min, maximum: max, default: fallback, description })
}

/** A boolean, written true, false, 1 or 0; false where it is left out. */
export function flag(description: string) {
  return z
    .enum(['true', 'false', '1', '0'], { error: 'must be true, false, 1 or 0' })
    .default('false')
    .transform((word) => word === 'true' || word === '1')
    .openapi({ type: 'boolean', default: false, description })
}

/**
 * An ISO 8601 date with or without a time, UTC unless it says otherwise. What it leaves open is
 * filled up to the start of the day, the minute or the second that it names, or to the end of it.
 */
export function isoDate(end: 'first' | 'last', description: string) {
  return z
    .string({ error: GIVEN_TWICE })
    .transform((given, context) => {
      const instant = instantIn(given, end)
      if (instant === null)
        context.addIssue({ code: 'custom', message: 'must be an ISO 8601 date' })
      return instant ?? z.NEVER
    })
    .optional()
    .openapi({ type: 'string', description })
}

/** An instant of RFC 3339, with its time and its zone. */
export function instant(description: string) {
  return z
    .string({ error: GIVEN_TWICE })
    .transform((given, context) => {
      const at = ZONED.test(given) ? instantIn(given, 'first') : null
      if (at === null) {
        const message = 'must be an instant of RFC 3339, such as 2026-01-31T09:30:00Z'
        context.addIssue({ code: 'custom', message })
      }
      return at ?? z.NEVER
    })
    .openapi({ type: 'string', format: 'date-time', description })
}

/** The instant that a text names; null: it names none. */
function instantIn(text: string, end: 'first' | 'last'): Date | null {
  const [, day, minute, second, fraction, zone] = INSTANT.exec(text) ?? []
  if (day === undefined) return null
  const [minutes, seconds, more] = end === 'first' ? ['00:00', '00', '000'] : ['23:59', '59', '999']
  const ms = (fraction ?? more).slice(0, 3).padEnd(3, '0')
  const time = `${minute ?? minutes}:${second ?? seconds}.${ms}`
  const at = new Date(`${day}T${time}${offsetOf(zone ?? 'Z')}`)
  return isCalendarDay(day) && isStorable(at) ? at : null
}

// A 30th of February would be taken for a day in March.
function isCalendarDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

// A zone can lead out of the years that have four digits.
function isStorable(at: Date): boolean {
  const year = at.getUTCFullYear()
  return year >= 1 && year <= 9999
}

// A plus that nobody escaped is a space in a query.
function offsetOf(zone: string): string {
  if (/^z$/i.test(zone)) return 'Z'
  const [, hours, minutes] = /^.(\d\d):?(\d\d)?$/.exec(zone) ?? []
  return `${zone.startsWith('-') ? '-' : '+'}${hours}:${minutes ?? '00'}`
}
