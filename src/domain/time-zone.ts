import { AppError } from './errors.ts'

/**
 * The name of an IANA time zone as databases know it, whatever its case. Throws `BAD_USER_INPUT` for
 * names that are of none, and for bare offsets, which say nothing of daylight saving.
 */
export function checkTimeZone(name: string): string {
  const known = zoneNamed(name)
  if (known === null || /^[+-]/.test(known)) {
    const message =
      '`timeZone` takes the name of an IANA time zone, such as "Europe/Berlin" or "UTC", not' +
      ` ${JSON.stringify(name.slice(0, SHOWN_CHARACTERS_MAX))}.`
    throw new AppError('BAD_USER_INPUT', message, 'timeZone')
  }
  // Short names stand for whole zones here, and for fixed offsets in a database.
  return name.includes('/') ? name : known
}

const SHOWN_CHARACTERS_MAX = 60

function zoneNamed(name: string): string | null {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
