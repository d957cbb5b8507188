import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRateLimit } from '../../src/domain/rate-limit.ts'

test('a bucket is full at first, and fills up evenly', () => {
  const limit = createRateLimit(60)
  const at = (ms: number) => new Date(1_000_000 + ms)
  for (let count = 0; count < 60; count += 1) expect(limit.take('a', 1, at(0)).isAllowed).toBe(true)
  expect(limit.take('a', 1, at(0))).toEqual({
    ...{ isAllowed: false, limit: 60, remaining: 0, retryAfterSeconds: 1 },
    resetsAt: at(60_000),
  })
  expect(limit.take('b', 1, at(0))).toMatchObject({ isAllowed: true, remaining: 59 })
  expect(limit.take('a', 1, at(999)).isAllowed).toBe(false)
  expect(limit.take('a', 1, at(1000))).toMatchObject({ isAllowed: true, retryAfterSeconds: 1 })
  expect(limit.take('a', 1, at(11_000))).toMatchObject({ remaining: 9, retryAfterSeconds: 0 })
  // A clock that was set back gives nothing, and takes nothing.
  expect(limit.take('a', 1, at(5000))).toMatchObject({ remaining: 8 })
})

test('what is larger takes more, and is refused whole when less is left', () => {
  const limit = createRateLimit(100)
  const now = new Date(1_000_000)
  expect(limit.take('a', 90, now)).toMatchObject({ isAllowed: true, remaining: 10 })
  expect(limit.take('a', 11, now)).toMatchObject({ isAllowed: false, remaining: 10 })
  expect(limit.take('a', 0, now)).toMatchObject({ isAllowed: true, remaining: 10 })
  expect(limit.take('a', 10, now)).toMatchObject({ isAllowed: true, remaining: 0 })
  expect(limit.take('a', 0, now)).toMatchObject({ isAllowed: true, retryAfterSeconds: 0 })
})

test('whoever waits as long as a refusal says is allowed', () => {
  const amount = fc.integer({ min: 1, max: 100_000 })
  fc.assert(
    fc.property(amount, fc.array(amount), (perMinute, amounts) => {
      const limit = createRateLimit(perMinute)
      let at = 1_000_000
      for (const each of amounts.map((amount) => Math.min(amount, perMinute))) {
        const { isAllowed, retryAfterSeconds } = limit.take('a', each, new Date(at))
        if (isAllowed) continue
        at += retryAfterSeconds * 1000
        expect(limit.take('a', each, new Date(at)).isAllowed).toBe(true)
      }
    }),
  )
})
