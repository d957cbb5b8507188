import fc from 'fast-check'
import { expect, test } from 'vitest'
import { excessOf, isOneOperation } from '../../src/graphql/one-operation.ts'

const MANY = 1_000_000

const json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 6 }, fc.string(), tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
})).object

// An empty list or object counts as if it held one.
function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  const inner = Object.values(value).map(valuesIn)
  return (
    1 +
    Math.max(
      1,
      inner.reduce((sum, each) => sum + each, 0),
    )
  )
}

test('how deep JSON nests is seen in its text as in its values', () => {
  fc.assert(
    fc.property(json, fc.integer({ min: 0, max: 6 }), fc.boolean(), (body, max, isSpaced) => {
      const text = JSON.stringify(body, null, isSpaced ? 2 : 0)
      const excess = excessOf(text, { jsonDepthMax: max, jsonValuesMax: MANY })
      expect(excess).toBe(isOneOperation(body, max) ? null : 'levels')
    }),
  )
})

test('how many values JSON holds is seen in its text as in its values', () => {
  fc.assert(
    fc.property(json, fc.boolean(), (body, isSpaced) => {
      const text = JSON.stringify(body, null, isSpaced ? 2 : 0)
      const count = valuesIn(body)
      expect(excessOf(text, { jsonDepthMax: MANY, jsonValuesMax: count })).toBe(null)
      expect(excessOf(text, { jsonDepthMax: MANY, jsonValuesMax: count - 1 })).toBe('values')
    }),
  )
})

test('text that never ends, or escapes what would end it, nests nothing', () => {
  const limits = { jsonDepthMax: 1, jsonValuesMax: 2 }
  for (const text of ['{"a":"[[[[,,,,', '{"a":"\\"[[[[,,,,"}', '{"[[[[,,,,":1}', '"\\']) {
    expect(excessOf(text, limits)).toBe(null)
  }
  expect(excessOf('{"a":"\\\\"[[[["}', { ...limits, jsonValuesMax: MANY })).toBe('levels')
  expect(excessOf('{"a":"\\\\",,"}', limits)).toBe('values')
})
