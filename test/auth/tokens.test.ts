import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createTokenCipher, keyIdOf } from '../../src/auth/tokens.ts'
import { holdSameToken } from '../../src/domain/secrets.ts'

const KEY = randomBytes(32)
const OLDER = randomBytes(32)

test('a sealed token opens again, whatever characters it holds', () => {
  const cipher = createTokenCipher(KEY)
  for (const token of ['plain', '', 'päß🌊', 'x'.repeat(10_000)]) {
    expect(cipher.open(cipher.seal(token, 'row 1'), 'row 1')).toBe(token)
  }
})

test('the sealed text shows neither the token nor that two tokens are the same', () => {
  const cipher = createTokenCipher(KEY)
  const [first, second] = [cipher.seal('secret-token', 'row'), cipher.seal('secret-token', 'row')]
  expect(first).not.toContain('secret-token')
  expect(first).not.toBe(second)
})

test('a token sealed for one row does not open for another', () => {
  const cipher = createTokenCipher(KEY)
  expect(() => cipher.open(cipher.seal('token', 'row 1'), 'row 2')).toThrow()
})

test('a changed or shortened text does not open', () => {
  const cipher = createTokenCipher(KEY)
  const sealed = cipher.seal('token', 'row')
  const changed = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA')
  expect(() => cipher.open(changed, 'row')).toThrow()
  expect(() => cipher.open(sealed.slice(0, 20), 'row')).toThrow()
  expect(() => cipher.open('', 'row')).toThrow()
})

test('another key does not open it, and the error says that the key is another', () => {
  const sealed = createTokenCipher(KEY).seal('token', 'row')
  expect(() => createTokenCipher(randomBytes(32)).open(sealed, 'row')).toThrow(/another secret key/)
})

test('a key that is not 32 bytes long is refused', () => {
  expect(() => createTokenCipher(randomBytes(31))).toThrow('32 bytes')
})

test('what was sealed under an older key opens still, and the newer key seals', () => {
  const older = createTokenCipher(OLDER)
  const both = createTokenCipher(KEY, [OLDER])
  expect(both.open(older.seal('token', 'row'), 'row')).toBe('token')
  const sealed = both.seal('token', 'row')
  expect(createTokenCipher(KEY).open(sealed, 'row')).toBe('token')
  expect(() => older.open(sealed, 'row')).toThrow(/another secret key/)
})

test('a text that was sealed under one key is not taken for another key’s', () => {
  const both = createTokenCipher(KEY, [OLDER])
  const body = createTokenCipher(OLDER).seal('token', 'row').split('.')[2]
  expect(() => both.open(`${both.seals[0]}.${body}`, 'row')).toThrow()
})

test('texts are known by the key that they take, which the key’s name does not tell', () => {
  const both = createTokenCipher(KEY, [OLDER, KEY])
  expect(both.seals).toEqual([KEY, OLDER].map((key) => `v1.${keyIdOf(key)}`))
  expect(both.seal('token', 'row').startsWith(`${both.seals[0]}.`)).toBe(true)
  expect(KEY.toString('hex')).not.toContain(keyIdOf(KEY))
})

test('a text sealed anew holds the same token; one for another row, or of another, does not', () => {
  const older = createTokenCipher(OLDER)
  const both = createTokenCipher(KEY, [OLDER])
  const [old, anew] = [older.seal('token', 'row'), both.seal('token', 'row')]
  expect(holdSameToken(both, 'row', old, anew)).toBe(true)
  expect(holdSameToken(older, 'row', old, anew)).toBe(false)
  expect(holdSameToken(both, 'row', old, both.seal('other', 'row'))).toBe(false)
  expect(holdSameToken(both, 'row', old, both.seal('token', 'row 2'))).toBe(false)
  expect([holdSameToken(both, 'row', null, null), holdSameToken(both, 'row', null, old)]).toEqual([
    true,
    false,
  ])
})
