import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace } from '../support/rows.ts'

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())
beforeAll(() => addWorkspace(graphql.db, 'one'))

const AUDITS = serverAudits({
  url: 'http://weir.test/graphql',
  fetchFn: (url: string, init: RequestInit = {}) =>
    graphql.fetch({ ...init, headers: { ...init.headers, ...graphql.key() } }, new URL(url).search),
})

test('every part of GraphQL over HTTP is audited', () => {
  expect(AUDITS.length).toBeGreaterThanOrEqual(60)
})

test.each(AUDITS.map(({ id, name, fn }) => [id, name, fn] as const))(
  'GraphQL over HTTP, %s: it %s',
  async (_id, _name, audit) => {
    const result = await audit()
    expect(result.status === 'ok' ? [] : [result.status, result.reason]).toEqual([])
  },
)
