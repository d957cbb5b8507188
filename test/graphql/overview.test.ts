import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { openGraphql, type TestGraphql } from '../support/graphql.ts'
import { addAccounts, addWorkspace, metrics, outcome, publication } from '../support/rows.ts'

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())

const at = (text: string) => new Date(text)
const ROWS = [
  // The week before.
  { id: 'a', publishedAt: at('2026-03-20T10:00Z'), known: { views: 100, engagement: 10 } },
  // Sunday, 29 March 2026: Berlin's clocks go from 2 to 3.
  { id: 'b', publishedAt: at('2026-03-28T23:30Z'), known: { views: 150, engagement: 30 } },
  { id: 'c', publishedAt: at('2026-03-29T01:30Z'), known: { likes: 5, videoViewers: 3 } },
  // Monday in Berlin, and still Sunday in UTC.
  { id: 'd', publishedAt: at('2026-03-29T22:30Z'), known: { views: 50, videoViewers: 4 } },
]

async function fill({ db }: Pick<TestGraphql, 'db'>, workspace: string): Promise<void> {
  await addWorkspace(db, workspace)
  await addAccounts(db, workspace, ['second'])
  await insertPublications(
    db,
    workspace,
    ROWS.map(({ id, publishedAt }) =>
      publication({ id, publishedAt, accountId: id === 'd' ? 'second' : 'account' }),
    ),
  )
  await storePublicationOutcomes(
    db,
    workspace,
    ROWS.map(({ id, known }) => outcome({ id, metrics: metrics(known) })),
  )
}

beforeAll(() => fill(graphql, 'one'))

const WEEK = '{ publishedFrom: "2026-03-23T00:00:00Z", publishedTo: "2026-03-29T23:59:59.999Z" }'

async function overview(args: string, fields: string, workspace = 'one') {
  graphql.statements.length = 0
  const query = `{ overview${args} { ${fields} } }`
  const { data, errors } = await graphql.query<{ overview: object }, object>(
    query,
    {},
    { workspace },
  )
  return { overview: data?.overview, errors }
}

test('totals, change and the window before are one statement', async () => {
  const fields = `
    engagementRate
    totals { publications values { views likes clicks videoViewers } coverage { views likes } }
    change { views engagement likes clicks videoViewers }
    groups { platform totals { publications } engagementRate }
    previous {
      engagementRate totals { publications values { views } } groups { totals { publications } }
      previous { totals { publications } } change { views }
    }`
  const found = await overview(`(filter: ${WEEK}, groupBy: [PLATFORM])`, fields)
  expect(found).toEqual({ overview: expect.anything(), errors: [] })
  expect(found.overview).toEqual({
    engagementRate: 20,
    totals: {
      ...{ publications: 3, values: { views: 200, likes: 5, clicks: null, videoViewers: null } },
      coverage: { views: 2, likes: 1 },
    },
    change: { views: 1, engagement: 2, likes: null, clicks: null, videoViewers: null },
    groups: [{ platform: 'X', totals: { publications: 3 }, engagementRate: 20 }],
    previous: {
      ...{ engagementRate: 10, totals: { publications: 1, values: { views: 100 } } },
      ...{ groups: [{ totals: { publications: 1 } }], change: { views: null } },
      previous: { totals: { publications: 0 } },
    },
  })
  expect(graphql.statements).toHaveLength(1)
})

test('days, weekdays and hours are those of the clock that was asked for', async () => {
  const fields = 'groups { bucket weekday hour totals { publications } }'
  const days = await overview('(groupBy: [DAY], timeZone: "Europe/Berlin")', fields)
  const starts = ['2026-03-19T23:00', '2026-03-28T23:00', '2026-03-29T22:00']
  expect(days.overview).toEqual({
    groups: starts.map((start, index) => ({
      ...{ bucket: `${start}:00.000Z`, weekday: null, hour: null },
      totals: { publications: [1, 2, 1][index] },
    })),
  })
  const times = await overview(
    '(groupBy: [WEEKDAY, HOUR_OF_DAY], timeZone: "europe/berlin")',
    'groups { bucket weekday hour }',
  )
  const places = [
    [1, 0],
    [5, 11],
    [7, 0],
    [7, 3],
  ]
  expect(times.overview).toEqual({
    groups: places.map(([weekday, hour]) => ({ bucket: null, weekday, hour })),
  })
})

test('accounts of groups are one statement more, however many there are', async () => {
  const fields = 'groups { account { localId } platform totals { values { views } } }'
  const found = await overview('(groupBy: [ACCOUNT])', fields)
  expect(found.overview).toEqual({
    groups: [
      { account: { localId: 'account' }, platform: null, totals: { values: { views: 250 } } },
      { account: { localId: 'second' }, platform: null, totals: { values: { views: 50 } } },
    ],
  })
  expect(graphql.statements).toHaveLength(2)
})

test('without both ends of a window nothing is before it, and without groupBy is no group', async () => {
  const args = '(filter: { publishedFrom: "2026-03-23T00:00:00Z" })'
  const fields =
    'totals { publications } previous { engagementRate } change { views } groups { hour }'
  const found = await overview(args, fields)
  expect(found.overview).toEqual({
    ...{ totals: { publications: 3 }, previous: null, change: null, groups: [] },
  })
})

test('only what is selected is computed', async () => {
  const dates = await overview(`(filter: ${WEEK}, groupBy: [DAY])`, '__typename')
  expect(dates.overview).toEqual({ __typename: 'Overview' })
  expect(graphql.statements).toEqual([])
  await overview(`(filter: ${WEEK}, groupBy: [DAY])`, 'totals { publications }')
  expect(graphql.statements.join()).not.toMatch(/date_trunc|width_bucket/)
})

test('nothing of another workspace is in an overview', async () => {
  await addWorkspace(graphql.db, 'two')
  const fields = 'engagementRate totals { publications values { views } } groups { hour }'
  const none = { engagementRate: null, totals: { publications: 0, values: { views: null } } }
  for (const args of ['(groupBy: [DAY])', '(filter: { accountId: "second" }, groupBy: [DAY])']) {
    const found = await overview(args, fields, 'two')
    expect(found.overview).toEqual({ ...none, groups: [] })
  }
})

describe('refused is', () => {
  test.each([
    ['timeZone', '(timeZone: "Mars/Olympus")', /Mars\/Olympus/],
    ['timeZone', '(timeZone: "+02:00")', /\+02:00/],
    ['timeZone', '(timeZone: "")', /IANA/],
    ['groupBy', '(groupBy: [DAY, DAY])', /twice/],
    ['groupBy', '(groupBy: [DAY, PLATFORM, WEEK])', /2 dimensions at most, not 3/],
  ])('a wrong %s: %s', async (field, args, message) => {
    const { errors } = await overview(args, 'totals { publications }')
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }])
    expect(errors[0]?.message).toMatch(message)
    expect(graphql.statements).toEqual([])
  })

  test('what has more groups than are allowed, those of earlier windows included', async () => {
    await using small = await openGraphql({ limits: { overviewGroupsMax: 3 } })
    await fill(small, 'one')
    const ask = (fields: string) =>
      small.query(`{ overview(filter: ${WEEK}, groupBy: [HOUR_OF_DAY]) { ${fields} } }`)
    expect((await ask('groups { hour }')).errors).toEqual([])
    const { errors } = await ask('groups { hour } previous { groups { hour } }')
    expect(errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', field: 'groupBy' } })
    expect(errors[0]?.message).toMatch(/more than 3 groups/)
  })
})
