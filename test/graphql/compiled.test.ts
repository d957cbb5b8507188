import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { recordChanges } from '../../src/store/changes.ts'
import { upsertConnection } from '../../src/store/connections.ts'
import { insertPosts } from '../../src/store/posts.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { insertRefresh } from '../../src/store/refreshes.ts'
import { insertSnapshots } from '../../src/store/snapshots.ts'
import { insertVideos } from '../../src/store/videos.ts'
import { openGraphql } from '../support/graphql.ts'
import { randomOperation } from '../support/random-operations.ts'
import {
  AT,
  addWorkspace,
  connection,
  later,
  metrics,
  outcome,
  publication,
} from '../support/rows.ts'

const OPERATIONS = 200
const SEED = 20_260_629
const UNLIMITED = 1e9

const limits = {
  ...{ costMax: UNLIMITED, costPerMinute: UNLIMITED, tokensMax: UNLIMITED, depthMax: UNLIMITED },
  ...{ breadthMax: UNLIMITED, rootFieldsMax: UNLIMITED, aliasesMax: UNLIMITED },
}
const both = await Promise.all([
  openGraphql({ limits, compiler: 'on' }),
  openGraphql({ limits, compiler: 'off' }),
])
const [compiled, interpreted] = both
afterAll(() => Promise.all(both.map((each) => each[Symbol.asyncDispose]())))

const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64')
const HOUR_MS = 3_600_000

async function fill({ db }: typeof compiled): Promise<void> {
  await addWorkspace(db, 'one')
  await upsertConnection(
    db,
    'one',
    connection({ id: 'second', platform: 'youtube', platformAccountId: '2', scopes: null }),
  )
  await insertPosts(db, 'one', [{ id: 'post', text: 'words', createdAt: AT }])
  const rows = ['p0', 'p1', 'p2'].map((id) => publication({ id, postId: 'post', publishedAt: AT }))
  const video = publication({
    id: 'p3',
    accountId: 'second',
    platform: 'youtube',
    contentType: 'video',
  })
  await insertPublications(db, 'one', [...rows, video])
  await insertVideos(db, 'one', [{ id: 'video', videoId: 'v', publicationId: 'p3' }])
  await storePublicationOutcomes(db, 'one', [
    outcome({ id: 'p0', metrics: metrics({ views: 7, likes: 2 }), native: { like_count: 2 } }),
    outcome({ id: 'p3', metrics: metrics({ views: 0 }), native: { viewCount: 0 }, payload: null }),
  ])
  const reading = { metrics: metrics({ views: 3 }), native: {}, catalogVersion: 1 }
  await insertSnapshots(db, 'one', [
    { ...reading, subject: 'publication', subjectId: 'p0', capturedAt: later(-HOUR_MS) },
    { ...reading, subject: 'account', subjectId: 'account', capturedAt: later(-2 * HOUR_MS) },
  ])
  const about = { accountId: 'account', origin: 'request', publicationIds: null } as const
  await insertRefresh(db, 'one', { id: 'refresh', ...about, requestedAt: AT, chargedAt: null })
  await recordChanges(db, 'one', AT, { changes: [{ subject: 'publication', subjectId: 'p0' }] })
}
beforeAll(async () => {
  for (const each of both) await fill(each)
})

const VALUES = {
  ID: [
    ...['account', 'second', 'post', 'p0', 'p3', 'video', 'refresh', 'none', '', 'a\0b'],
    ...[globalId('Account', 'account'), globalId('Publication', 'p0'), globalId('Video', 'video')],
    ...[globalId('Post', 'post'), globalId('Workspace', 'one'), globalId('Post', 'none')],
  ],
  Int: [1, 2, 3, 100, 0],
  first: [1, 2, 5, 100, null, 0],
  last: [null, null, 2],
  after: [null, null, null, 'no cursor'],
  before: [null],
  timeZone: ['UTC', 'Europe/Berlin', null],
  String: ['UTC', 'Europe/Berlin', 'views', 'like_count', 'no cursor', '', 'é"\\\n'],
  Boolean: [true, false],
  DateTime: [later(-HOUR_MS).toISOString(), AT.toISOString(), later(HOUR_MS).toISOString()],
}

const SENDERS = [{}, {}, {}, {}, {}, { scopes: [] }]

interface Operation {
  query: string
  variables?: object
  operationName?: string
}

interface Answered {
  status: number
  data?: object | null
  errors?: object[]
}

async function answersTo(operation: Operation, sender = {}): Promise<[Answered, Answered]> {
  const ask = async (endpoint: typeof compiled): Promise<Answered> => {
    const headers = { 'content-type': 'application/json', ...endpoint.key(sender) }
    const init = { method: 'POST', headers, body: JSON.stringify(operation) }
    const response = await endpoint.fetch(init)
    return { status: response.status, ...(await response.json()) }
  }
  return Promise.all([ask(compiled), ask(interpreted)])
}

// Of what becomes null as a whole, the interpreter tells the first error, and compiled code all.
function compare([given, wanted]: [Answered, Answered]): void {
  expect(given.status).toBe(wanted.status)
  expect(JSON.stringify(given.data)).toBe(JSON.stringify(wanted.data))
  expect(given.errors === undefined).toBe(wanted.errors === undefined)
  expect(given.errors ?? []).toEqual(expect.arrayContaining(wanted.errors ?? []))
}

test('random operations are answered as the interpreter does, in the same order', async () => {
  const seen = { data: 0, errors: 0 }
  const property = fc.asyncProperty(fc.gen(), fc.constantFrom(...SENDERS), async (gen, sender) => {
    const operation = randomOperation(schema, VALUES, (count) => gen(fc.nat, count - 1))
    const answers = await answersTo(operation, sender)
    if (answers[1].data) seen.data += 1
    if (answers[1].errors) seen.errors += 1
    compare(answers)
  })
  await fc.assert(property, { numRuns: OPERATIONS, seed: SEED })
  expect(Math.min(seen.data, seen.errors)).toBeGreaterThan(OPERATIONS / 4)
  expect([...compiled.logged, ...interpreted.logged]).toEqual([])
}, 120_000)

const F = 'fragment F on Account { localId platform }'

test.each([
  [
    'a fragment that is used under a condition in one place only',
    `query ($on: Boolean!) { one: account(id: "account") { ...F @include(if: $on) }
      other: account(id: "account") { ...F } } ${F}`,
    { one: {}, other: { localId: 'account', platform: 'X' } },
  ],
  [
    'a fragment that is skipped and used',
    `{ account(id: "account") { ...F @skip(if: true) ...F } } ${F}`,
    { account: { localId: 'account', platform: 'X' } },
  ],
  [
    'a field that is asked for twice, once under a condition',
    `query ($on: Boolean = false) { account(id: "account") @include(if: $on) { ... { platform } }
      account(id: "account") { localId } }`,
    { account: { localId: 'account' } },
  ],
])('%s is there where it is wanted', async (_what, query, wanted) => {
  const variables = query.includes('$on: Boolean!') ? { on: false } : {}
  const answers = await answersTo({ query, variables })
  compare(answers)
  expect(answers[0]).toMatchObject({ data: wanted })
  expect(JSON.stringify(answers[0].data)).toBe(JSON.stringify(wanted))
})

test('an operation is answered by the values of its conditions, however many there are', async () => {
  const names = ['a', 'b', 'c', 'd']
  const fields = names.map((name) => `${name}: localId @include(if: $${name})`)
  const query = `query One(${names.map((name) => `$${name}: Boolean!`)}) {
    account(id: "account") { ${fields} } } query Other($a: Boolean!) { account(id: "none") { ...F }
    workspace { id @skip(if: $a) } } ${F}`
  for (let bits = 0; bits < 16; bits += 1) {
    const variables = Object.fromEntries(names.map((name, at) => [name, (bits & (1 << at)) > 0]))
    const [one, other] = [
      await answersTo({ query, variables, operationName: 'One' }),
      await answersTo({ query, variables: { a: variables['a'] }, operationName: 'Other' }),
    ]
    compare(one)
    compare(other)
    expect(Object.keys(one[0].data ?? {})).toEqual(['account'])
  }
})

test('mutations are done in their order, and only those that are wanted', async () => {
  const change = 'disconnectAccount(accountId: "none") { ... on NotFoundError { code } }'
  const query = `mutation ($no: Boolean!) { a: ${change} b: ${change.replace(' {', ' @include(if: $no) {')} }`
  const answers = await answersTo({ query, variables: { no: false } })
  compare(answers)
  expect(answers[0].data).toEqual({ a: { code: 'NOT_FOUND' } })
})
