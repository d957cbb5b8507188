import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from '../../src/connectors/json-text.ts'

test('integers past 2^53 - 1 become the strings of their digits, all others stay numbers', () => {
  expect(parseJson('{"id":7123456789012345678,"count":3412345678,"zero":0}')).toEqual({
    id: '7123456789012345678',
    count: 3_412_345_678,
    zero: 0,
  })
  expect(parseJson('[9007199254740991,9007199254740992,-9007199254740993]')).toEqual([
    9_007_199_254_740_991,
    '9007199254740992',
    '-9007199254740993',
  ])
  expect(parseJson('12345678901234567890')).toBe('12345678901234567890')
})

test('long ids in texts and long fractions are left as they are', () => {
  expect(parseJson('{"id":"7123456789012345678","rate":0.1234567890123456}')).toEqual({
    id: '7123456789012345678',
    rate: 0.1234567890123456,
  })
})

test('what is not JSON is undefined', () => {
  for (const text of ['', '<html></html>', '{"a":', 'null,', '{}{}']) {
    expect(parseJson(text)).toBeUndefined()
  }
})

test('escapes that no database takes are replaced, and whole emojis are kept', () => {
  expect(parseJson('{"a\\u0000b":"x\\u0000y","half":"\\ud83d","pair":"\\ud83d\\ude00"}')).toEqual({
    'a\ufffdb': 'x\ufffdy',
    half: '\ufffd',
    pair: '😀',
  })
  expect(parseJson('"\\\\u0000 is written so"')).toBe('\\u0000 is written so')
})

test('every well-formed JSON value comes through unchanged', () => {
  const isOrdinary = (text: string) => !/\\u(0000|d[89a-f])|\d{16}/i.test(text)
  const clean = fc.jsonValue().filter((value) => isOrdinary(JSON.stringify(value)))
  fc.assert(
    fc.property(clean, (value) => {
      const text = JSON.stringify(value)
      expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)))
    }),
  )
})

test('every integer keeps all of its digits', () => {
  fc.assert(
    fc.property(fc.bigInt(), (integer) => {
      expect(String(parseJson(`{"n":${integer}}`)?.['n' as keyof object])).toBe(String(integer))
    }),
  )
})
