import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { upsertConnection } from '../../src/store/connections.ts'
import { insertSnapshots, type NewSnapshot } from '../../src/store/snapshots.ts'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace, connection, later } from '../support/rows.ts'

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())

const HOUR_MS = 3_600_000
const at = (hoursAgo: number) => later(-hoursAgo * HOUR_MS).toISOString()
const IDS = Array.from({ length: 25 }, (_, number) => `a${number}`)

// Followers by account and the hours ago at which they were read.
const READINGS: Record<string, Record<number, number | null>> = {
  a0: { 249: 800, 241: 1000, 100: 1100, 1: 1500 },
  a1: { 241: 1000, 1: 750 },
  a2: { 241: 0, 1: 10 },
  a3: { 241: null, 1: 10 },
  a4: { 241: 7 },
  a5: { 1: 7 },
  a6: { 300: 7, 1: 8 },
}

beforeAll(async () => {
  const { db } = graphql
  for (const workspace of ['one', 'two']) await addWorkspace(db, workspace)
  for (const id of IDS) {
    await upsertConnection(db, 'one', connection({ id, platformAccountId: id }))
  }
  await upsertConnection(db, 'two', connection({ id: 'a0', platformAccountId: 'a0' }))
  const snapshots = Object.entries(READINGS).flatMap(([subjectId, readings]) =>
    Object.entries(readings).map(
      ([hoursAgo, followers]): NewSnapshot => ({
        ...{ subject: 'account', subjectId, metrics: null, catalogVersion: 1 },
        capturedAt: later(-Number(hoursAgo) * HOUR_MS),
        native: followers === null ? {} : { followers_count: followers },
      }),
    ),
  )
  await insertSnapshots(db, 'one', snapshots)
})

beforeEach(() => {
  graphql.statements.length = 0
})

const FIELDS = `gained percent perDay
  from { at audience { followers } } to { at audience { followers } }`
const WINDOW = `(from: "${at(240)}", to: "${at(0)}")`

async function change(id: string, args = WINDOW, sender = {}) {
  const query = `{ account(id: "${id}") { audienceChange${args} { ${FIELDS} } } }`
  const { data, errors } = await graphql.query<Found, object>(query, {}, sender)
  return { errors, change: data?.account?.audienceChange }
}

interface Found {
  account: { audienceChange: object } | null
}

const point = (hoursAgo: number, followers: number | null) => ({
  at: at(hoursAgo),
  audience: { followers },
})
const unknown = { gained: null, percent: null, perDay: null }

test('a change is from the last reading at the beginning to the last one at the end', async () => {
  const ends = { from: point(241, 1000), to: point(1, 1500) }
  expect((await change('a0')).change).toEqual({ gained: 500, percent: 50, perDay: 50, ...ends })
  const before = await change('a0', `(from: "${at(249)}", to: "${at(60)}")`)
  const [from, to] = [point(249, 800), point(100, 1100)]
  const perDay = (300 * 24) / 149
  expect(before.change).toEqual({ gained: 300, percent: 37.5, perDay, from, to })
})

test.each([
  ['losses are negative', 'a1', { gained: -250, percent: -25, perDay: -25 }],
  ['there is no percentage of none', 'a2', { gained: 10, percent: null, perDay: 1 }],
  ['what was not reported is unknown', 'a3', { ...unknown, from: point(241, null) }],
  ['a reading of more than two days ago says nothing', 'a6', { ...unknown, from: null }],
  ['nothing before the first reading', 'a5', { ...unknown, from: null, to: point(1, 7) }],
  ['nothing after the last reading', 'a4', { ...unknown, from: point(241, 7), to: null }],
  ['nothing of an account without readings', 'a7', { ...unknown, from: null, to: null }],
])('%s', async (_, id, expected) => {
  expect((await change(id)).change).toMatchObject(expected)
})

test('one reading at both ends tells of no change', async () => {
  const { change: found } = await change('a0', `(from: "${at(0.5)}")`)
  expect(found).toEqual({ ...unknown, from: point(1, 1500), to: point(1, 1500) })
})

test('changes of 25 accounts over two windows are one statement beside the list', async () => {
  const query = `{ accounts(first: 25) { nodes {
    audienceChange${WINDOW} { gained }
    lately: audienceChange(from: "${at(99)}") { gained }
  } } }`
  const { data, errors } = await graphql.query<Lists, object>(query)
  expect(errors).toEqual([])
  expect(data.accounts.nodes.slice(0, 2)).toEqual([
    { audienceChange: { gained: 500 }, lately: { gained: 400 } },
    { audienceChange: { gained: -250 }, lately: { gained: null } },
  ])
  expect(graphql.statements.filter((sql) => sql.includes('snapshot'))).toHaveLength(1)
  expect(graphql.statements).toHaveLength(2)
})

interface Lists {
  accounts: { nodes: object[] }
}

test('another workspace sees nothing of it', async () => {
  const { change: found } = await change('a0', WINDOW, { workspace: 'two' })
  expect(found).toEqual({ ...unknown, from: null, to: null })
})

test.each([
  [`(from: "${at(1)}", to: "${at(2)}")`, '`from` lies after `to`.'],
  [`(from: "${at(-1)}")`, '`from` lies after `to`, which is now when left out.'],
])('a window is refused that ends before it begins: %s', async (args, message) => {
  const { errors } = await change('a0', args)
  expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT', field: 'from' } }])
  expect(graphql.statements.filter((sql) => sql.includes('snapshot'))).toEqual([])
})

test.each(['2026-03-01T00:00:00', '2026-03-01', 'yesterday', '0000-01-01T00:00:00Z'])(
  'an instant is refused that says not when it is: %s',
  async (from) => {
    const { errors } = await change('a0', `(from: "${from}")`)
    expect(errors).toHaveLength(1)
    expect(graphql.statements).toEqual([])
  },
)
