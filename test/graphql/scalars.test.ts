import { afterAll, beforeAll, expect, test } from 'vitest'
import { COUNT, toUrl } from '../../src/graphql/scalars.ts'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace } from '../support/rows.ts'

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())
beforeAll(() => addWorkspace(graphql.db, 'one'))

const QUERY = 'query ($from: DateTime) { publications(filter: { from: $from }) { totalCount } }'

test.each([
  '2026-01-31T09:30:00Z',
  '2026-01-31T09:30:00.123456+05:30',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
])('%s is an instant', async (from) => {
  expect((await graphql.query(QUERY, { from })).errors).toEqual([])
})

test.each([
  'yesterday',
  '2026-01-31',
  '2026-02-30T00:00:00Z',
  '2026-01-31T09:30:00',
  '2026-01-31T09:30:00|05:30',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59-12:00',
  1_700_000_000,
])('%j is none, in a variable and in the text', async (from) => {
  const answer = await graphql.query(QUERY, { from })
  expect(answer).toMatchObject({
    status: 200,
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  })
  const text = QUERY.replace('($from: DateTime)', '').replace('$from', JSON.stringify(from))
  expect(await graphql.query(text.replace('query', ''))).toMatchObject({
    status: 200,
    errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  })
})

test('counts are exact integers or nothing', () => {
  for (const count of [0, -3, 3_412_345_678, Number.MAX_SAFE_INTEGER]) {
    expect(COUNT.serialize(count)).toBe(count)
  }
  for (const other of [1.5, 2 ** 53, Number.NaN, '12', true]) {
    expect(() => COUNT.serialize(other)).toThrow('Count takes integers')
  }
})

test('an address is passed on as it is spelled, or not at all', () => {
  for (const text of ['https://x.com', 'HTTP://host/a b?c=ü#d', 'https://host/%zz']) {
    expect(toUrl(text)).toBe(text)
  }
  for (const text of ['', '/path', 'x.com', 'javascript:alert(1)', 'http://', 'https://[', null]) {
    expect(toUrl(text)).toBeNull()
  }
})
