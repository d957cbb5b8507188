import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isNested, isOneOperation } from '../../src/graphql/one-operation.ts'

test('how deep JSON nests is seen in its text as in its values', () => {
  const json = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 6 }, fc.string(), tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
  })).object
  fc.assert(
    fc.property(json, fc.integer({ min: 0, max: 6 }), fc.boolean(), (body, max, isSpaced) => {
      const text = JSON.stringify(body, null, isSpaced ? 2 : 0)
      expect(isNested(text, max)).toBe(!isOneOperation(body, max))
    }),
  )
})

test('text that never ends, or escapes what would end it, nests nothing', () => {
  for (const text of ['{"a":"[[[[', '{"a":"\\"[[[["}', '{"[[[[":1}', '"\\']) {
    expect(isNested(text, 1)).toBe(false)
  }
  expect(isNested('{"a":"\\\\"[[[["}', 1)).toBe(true)
})
