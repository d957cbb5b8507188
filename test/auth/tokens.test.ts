import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createTokenCipher } from '../../src/auth/tokens.ts'

const KEY = randomBytes(32)

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
