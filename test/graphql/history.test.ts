import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { upsertConnection } from '../../src/store/connections.ts'
import { insertPublications } from '../../src/store/publication-writes.ts'
import { insertSnapshots, type NewSnapshot } from '../../src/store/snapshots.ts'
import { insertVideos } from '../../src/store/videos.ts'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace, connection, later, metrics, publication } from '../support/rows.ts'

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const IDS = Array.from({ length: 25 }, (_, number) => `p${number}`)

function snapshot(given: Partial<NewSnapshot> & { hoursAgo: number }): NewSnapshot {
  const { hoursAgo, ...rest } = given
  const numbers = { native: {}, metrics: metrics({ views: hoursAgo }), catalogVersion: 1 }
  const capturedAt = later(-hoursAgo * HOUR_MS)
  return { ...numbers, subject: 'publication', subjectId: 'p0', capturedAt, ...rest }
}

beforeAll(async () => {
  const { db } = graphql
  for (const workspace of ['one', 'two']) await addWorkspace(db, workspace)
  await upsertConnection(db, 'one', connection({ id: 'second', platformAccountId: '2' }))
  await insertPublications(
    db,
    'one',
    IDS.map((id) => publication({ id, contentType: 'video' })),
  )
  await insertPublications(db, 'two', [publication({ id: 'p0' })])
  await insertVideos(db, 'one', [{ id: 'video', videoId: 'video', publicationId: 'p0' }])
  const account = { subject: 'account', subjectId: 'account', metrics: null } as const
  await insertSnapshots(db, 'one', [
    ...IDS.flatMap((subjectId) => [30, 26, 2].map((hoursAgo) => snapshot({ subjectId, hoursAgo }))),
    snapshot({ hoursAgo: 91 * 24 }),
    snapshot({ ...account, hoursAgo: 30, native: { followers_count: 5, tweet_count: 0 } }),
    snapshot({ ...account, hoursAgo: 2, native: { followers_count: 7, following_count: 1 } }),
  ])
})

beforeEach(() => {
  graphql.statements.length = 0
})

const midnight = (daysAgo: number) =>
  `${later(-daysAgo * DAY_MS)
    .toISOString()
    .slice(0, 10)}T00:00:00.000Z`
const at = (hoursAgo: number) => later(-hoursAgo * HOUR_MS).toISOString()

test('histories of 25 publications and of a video are one statement', async () => {
  const history = 'history(interval: DAY) { at normalized { views likes } }'
  const query = `{ publications(first: 25) { nodes { ${history} video { ${history} } } } }`
  const { data, errors } = await graphql.query<Found, object>(query)
  expect(errors).toEqual([])
  const expected = [
    { at: midnight(2), normalized: { views: 30, likes: null } },
    { at: midnight(1), normalized: { views: 26, likes: null } },
    { at: midnight(0), normalized: { views: 2, likes: null } },
  ]
  expect(data.publications.nodes).toHaveLength(25)
  for (const node of data.publications.nodes) expect(node.history).toEqual(expected)
  const videos = data.publications.nodes.flatMap(({ video }) => video ?? [])
  expect(videos).toEqual([{ history: expected }])
  expect(graphql.statements.filter((sql) => sql.includes('snapshot'))).toHaveLength(1)
})

interface Found {
  publications: { nodes: { history: object[]; video: { history: object[] } | null }[] }
}

test('histories of accounts are one statement, and what was unknown then stays null', async () => {
  const query = `{ accounts { nodes {
    localId history { at audience { followers following posts } }
  } } }`
  const { data } = await graphql.query(query)
  const [then, now] = [
    { at: at(30), audience: { followers: 5, following: null, posts: 0 } },
    { at: at(2), audience: { followers: 7, following: 1, posts: null } },
  ]
  expect(data).toEqual({
    accounts: {
      nodes: [
        { localId: 'account', history: [then, now] },
        { localId: 'second', history: [] },
      ],
    },
  })
  expect(graphql.statements).toHaveLength(2)
})

const readTimes = async (args: string, sender = {}, id = 'p0') => {
  const query = `{ publication(id: "${id}") { history${args} { at } } }`
  const { data, errors } = await graphql.query<Times, object>(query, {}, sender)
  return { errors, times: data?.publication?.history.map((point) => point.at) }
}

interface Times {
  publication: { history: { at: string }[] } | null
}

test('the window is of 90 days unless told otherwise, and both of its ends count', async () => {
  const window = (from: number | null, to: number | null) =>
    `(from: ${JSON.stringify(from && at(from))}, to: ${JSON.stringify(to && at(to))})`
  expect((await readTimes('')).times).toEqual([at(30), at(26), at(2)])
  expect((await readTimes(window(30, 26))).times).toEqual([at(30), at(26)])
  expect((await readTimes(window(91 * 24, null))).times).toHaveLength(4)
  expect((await readTimes(window(null, 24))).times).toEqual([at(91 * 24), at(30), at(26)])
  expect((await readTimes(window(20, 10))).times).toEqual([])
  expect((await readTimes(window(2, 2))).times).toEqual([at(2)])
})

test('days begin when they do in the time zone', async () => {
  const { times } = await readTimes('(interval: DAY, timeZone: "Asia/Kathmandu")')
  expect(times).toEqual(['2026-03-02T18:15:00.000Z', '2026-03-03T18:15:00.000Z'])
})

test('another workspace sees nothing of it', async () => {
  expect(await readTimes('', { workspace: 'two' })).toEqual({ errors: [], times: [] })
})

describe('a history is refused', () => {
  test.each([
    ['(timeZone: "Mars/Olympus")', 'timeZone', 'IANA time zone, such as "Europe/Berlin"'],
    ['(interval: DAY, timeZone: "+02:00")', 'timeZone', 'not "+02:00"'],
    [`(from: "${at(1)}", to: "${at(2)}")`, 'from', '`from` lies after `to`.'],
    [`(from: "${at(-1)}")`, 'from', '`from` lies after `to`, which is now when left out.'],
  ])('by its arguments: %s', async (args, field, message) => {
    const { errors } = await readTimes(args)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }])
    expect(errors[0]?.message).toContain(message)
    expect(graphql.statements.filter((sql) => sql.includes('snapshot'))).toEqual([])
  })

  test('when its points are more than fit, and not when they are as many', async () => {
    const all = 1000
    const many = Array.from({ length: all + 1 }, (_, n) =>
      snapshot({ subjectId: 'p1', hoursAgo: 100 + n }),
    )
    await addWorkspace(graphql.db, 'many')
    await insertPublications(graphql.db, 'many', [publication({ id: 'p1' })])
    await insertSnapshots(graphql.db, 'many', many)
    const hourly = (from: number) =>
      readTimes(`(interval: HOUR, from: "${at(from)}")`, { workspace: 'many' }, 'p1')
    expect((await hourly(99 + all)).times).toHaveLength(all)
    const { errors } = await hourly(100 + all)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'interval' } }])
    expect(errors[0]?.message).toBe(
      'This history has more than 1000 points, which is the most. Widen `interval`, or narrow the' +
        ' window from `from` to `to`.',
    )
  })

  test('before anything is read when a list could have too many points', async () => {
    const query = (args: string) =>
      graphql.query(
        `{ publications(first: 25) { nodes { history${args} { at normalized { views } } } } }`,
      )
    expect((await query('')).errors).toEqual([])
    expect((await query('(interval: WEEK)')).errors).toEqual([])
    graphql.statements.length = 0
    const { errors } = await query('(interval: HOUR)')
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }])
    expect(errors[0]?.message).toContain('could answer with 50026 objects')
    expect(graphql.statements).toEqual([])
  })
})
