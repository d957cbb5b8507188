import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CursorOrder, decodeCursor, encodeCursor } from '../../src/domain/cursor.ts'
import { AppError } from '../../src/domain/errors.ts'

const BY_VIEWS: CursorOrder = { name: 'publications.views.desc', value: 'number' }
const BY_CREATION: CursorOrder = { name: 'publications.createdAt.desc', value: 'instant' }

const ids = fc.string({ minLength: 1, unit: 'grapheme' }).filter((id) => !id.includes('\0'))

test('a cursor names its place again, whatever the id and the value are', () => {
  const counts = fc.option(
    fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  )
  fc.assert(
    fc.property(ids, counts, (id, value) => {
      const text = encodeCursor(BY_VIEWS, { value, id })
      expect(text).toMatch(/^[\w-]+$/)
      expect(decodeCursor(BY_VIEWS, text, 'after')).toEqual({ value: value === 0 ? 0 : value, id })
    }),
  )
  const [min, max] = [new Date('0001-01-01T00:00:00Z'), new Date('9999-12-31T23:59:59Z')]
  const instants = fc.date({ min, max, noInvalidDate: true })
  fc.assert(
    fc.property(ids, instants, (id, at) => {
      const place = { value: at.toISOString(), id }
      expect(decodeCursor(BY_CREATION, encodeCursor(BY_CREATION, place), 'after')).toEqual(place)
    }),
  )
})

test('whatever is no cursor is refused, naming the argument', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json()), (text) => {
      expect(() => decodeCursor(BY_VIEWS, text, 'before')).toThrow(AppError)
    }),
  )
  expect(() => decodeCursor(BY_VIEWS, 'x', 'before')).toThrow('`before` is not a cursor.')
})

const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')

test.each([
  [BY_VIEWS, encodeCursor(BY_CREATION, { value: null, id: 'a' })],
  [BY_VIEWS, forged(BY_VIEWS.name, '12', 'a')],
  [BY_VIEWS, forged(BY_VIEWS.name, true, 'a')],
  [BY_VIEWS, forged(BY_VIEWS.name, 12, '')],
  [BY_VIEWS, forged(BY_VIEWS.name, 12, 'a\0')],
  [BY_VIEWS, forged(BY_VIEWS.name, 12, 7)],
  [BY_CREATION, forged(BY_CREATION.name, 12, 'a')],
  [BY_CREATION, forged(BY_CREATION.name, 'yesterday', 'a')],
  [BY_CREATION, forged(BY_CREATION.name, '2026-01-01', 'a')],
  [BY_CREATION, forged(BY_CREATION.name, '0000-01-01T00:00:00.000Z', 'a')],
  [BY_CREATION, forged(BY_CREATION.name, '-000001-01-01T00:00:00.000Z', 'a')],
  [BY_CREATION, forged(BY_CREATION.name, '+010000-01-01T00:00:00.000Z', 'a')],
])('a cursor of another order or with another kind of value is refused (%#)', (order, text) => {
  const refused = { code: 'BAD_USER_INPUT', field: 'after' }
  expect(() => decodeCursor(order, text, 'after')).toThrow(expect.objectContaining(refused))
})
