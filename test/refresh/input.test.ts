import { expect, test } from 'vitest'
import { invalidLocalId, invalidText } from '../../src/refresh/input.ts'

test.each([
  ['', 'accessToken is empty.'],
  [' ', 'accessToken is empty.'],
  ['a ', 'accessToken begins or ends with a blank.'],
  ['a\0b', 'accessToken holds a zero character.'],
  ['abcde', 'accessToken has more than 4 characters.'],
])('a text that is wrong is named by its field: %j', (text, message) => {
  const field = 'accessToken'
  expect(invalidText(field, text, 4)).toEqual({ kind: 'invalid', field, message })
})

test('a text that is right, or not given, is not wrong', () => {
  expect([invalidText('handle', 'abcd', 4), invalidText('handle', null, 4)]).toEqual([null, null])
})

test('an id that cannot be kept is named by its field', () => {
  expect(invalidLocalId('publications.0.localId', 'a/b')).toEqual({
    kind: 'invalid',
    field: 'publications.0.localId',
    message: expect.stringMatching(/^publications\.0\.localId takes 1 to 128 letters, digits /),
  })
  expect([invalidLocalId('localId', 'acc_8f2c1d'), invalidLocalId('localId', null)]).toEqual([
    ...[null, null],
  ])
})
