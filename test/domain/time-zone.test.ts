import { expect, test } from 'vitest'
import { checkTimeZone } from '../../src/domain/time-zone.ts'

test.each(['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Etc/GMT+5', 'America/Argentina/Salta'])(
  '%s is a time zone',
  (name) => {
    expect(checkTimeZone(name)).toBe(name)
  },
)

test('a short name is that of the zone behind it, which has daylight saving', () => {
  expect(checkTimeZone('utc')).toBe('UTC')
  expect(checkTimeZone('CET')).toMatch(/^Europe\//)
})

test.each(['', ' ', 'Berlin', 'Mars/Olympus', '+02:00', '-05', 'Z', "UTC'; --", 'Europe/Berlin\0'])(
  '%j is refused by name',
  (name) => {
    expect(() => checkTimeZone(name)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', field: 'timeZone' }),
    )
  },
)
