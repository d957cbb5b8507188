import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace } from '../support/rows.ts'

const open = await openGraphql()
const closed = await openGraphql({ introspection: 'off' })
afterAll(async () => {
  await open[Symbol.asyncDispose]()
  await closed[Symbol.asyncDispose]()
})
beforeAll(async () => {
  for (const { db } of [open, closed]) await addWorkspace(db, 'one')
})

test.each([
  getIntrospectionQuery(),
  '{ __schema { queryType { name } } }',
  '{ __type(name: "Post") { name } }',
  '{ ...A } fragment A on Query { a: __type(name: "Post") { name } }',
])('the schema tells of itself, or does not: %s', async (query) => {
  expect((await open.query(query)).errors).toEqual([])
  const { data, errors } = await closed.query(query)
  expect(data).toBeUndefined()
  expect(errors[0]?.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' })
  expect(errors[0]?.message).toMatch(/introspection has been disabled/)
})

test('an answer names its types either way', async () => {
  const { data } = await closed.query('{ __typename workspace { __typename } }')
  expect(data).toEqual({ __typename: 'Query', workspace: { __typename: 'Workspace' } })
})

const MISSPELLED = [
  ['{ acounts { totalCount } }', {}],
  ['{ accounts(frist: 1) { totalCount } }', {}],
  ['{ ... on Acount { id } }', {}],
  ['query ($p: Platform) { accounts(platform: $p) { totalCount } }', { p: 'TIKTOC' }],
  ['query ($f: VideoFilter) { videos(filter: $f) { totalCount } }', { f: { platfrom: 'X' } }],
] as const

test.each(MISSPELLED)('what %s could have meant is told, or is not', async (query, variables) => {
  const told = (await open.query(query, variables)).errors.map(({ message }) => message).join()
  expect(told).toContain('Did you mean')
  const kept = (await closed.query(query, variables)).errors.map(({ message }) => message).join()
  expect(kept).not.toContain('Did you mean')
  expect(kept.length).toBeGreaterThan(0)
})

test('a message repeats no more than a piece of what it is about', async () => {
  const long = 'a'.repeat(10_000)
  const { errors } = await open.query(`{ workspace { ${long} } }`)
  expect(errors[0]?.message.length).toBeLessThan(1100)
})
