import { expect, test } from 'vitest'
import { retryAfter, secondsAfter, validDate } from '../../src/connectors/failures.ts'
import { NOW } from './support.ts'

test.each([0, 1_795_169_700_000, Date.UTC(9999, 11, 31)])('%d ms is a time', (milliseconds) => {
  expect(validDate(milliseconds)).toEqual(new Date(milliseconds))
})

test.each([Number.NaN, 1e300, 8.64e15, Date.UTC(10_000, 0), -8.64e15, Date.UTC(-1, 0)])(
  '%d ms is no time that can be stored, so it is none',
  (milliseconds) => {
    expect(validDate(milliseconds)).toBeNull()
  },
)

test('waiting for ever is no time either', () => {
  expect(secondsAfter(NOW, 1e12)).toBeNull()
  expect(retryAfter({ headers: { 'retry-after': '9'.repeat(12) } }, NOW)).toBeNull()
})
