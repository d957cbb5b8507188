import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { insertSnapshots } from '../../src/store/snapshots.ts'
import { insertVideos } from '../../src/store/videos.ts'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace, later, metrics, outcome, publication } from '../support/rows.ts'

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())

const HOUR_MS = 3_600_000
const PUBLISHED_HOURS_AGO = 100
const PUBLISHED = later(-PUBLISHED_HOURS_AGO * HOUR_MS)
const atAge = (hours: number) => new Date(PUBLISHED.getTime() + hours * HOUR_MS)
const IDS = Array.from({ length: 25 }, (_, number) => `p${number}`)

// Views by publication and the age in hours at which they were read.
const READINGS: Record<string, Record<number, number | null>> = {
  p0: { 0.5: 10, 0.75: 20, 1.5: 30, 6: 50, 20: 100, 24.5: 120, 72: 150, 99: 200 },
  p1: { 0.5: null, 6: 250 },
  p2: { 0.5: 0 },
  p3: { [-1]: 5, 20: 100, 24.5: 150 },
}
const PRESENT: Record<string, number | null> = { p0: 200, p1: 200, p2: 0, p3: null }

beforeAll(async () => {
  const { db } = graphql
  for (const workspace of ['one', 'two']) await addWorkspace(db, workspace)
  const rows = IDS.map((id) =>
    publication({ id, contentType: 'video', publishedAt: id === 'p24' ? null : PUBLISHED }),
  )
  await insertPublications(db, 'one', rows)
  await insertPublications(db, 'two', [publication({ id: 'p0', publishedAt: PUBLISHED })])
  await insertVideos(db, 'one', [{ id: 'video', videoId: 'video', publicationId: 'p0' }])
  const outcomes = Object.entries(PRESENT).map(([id, views]) =>
    outcome({ id, metrics: metrics({ views }) }),
  )
  await storePublicationOutcomes(db, 'one', outcomes)
  const snapshots = Object.entries({ ...READINGS, p24: { 1: 7 } }).flatMap(
    ([subjectId, readings]) =>
      Object.entries(readings).map(([hours, views]) => ({
        ...({ subject: 'publication', subjectId, native: {}, catalogVersion: 1 } as const),
        capturedAt: atAge(Number(hours)),
        metrics: metrics({ views }),
      })),
  )
  await insertSnapshots(db, 'one', snapshots)
})

beforeEach(() => {
  graphql.statements.length = 0
})

type Told = [hours: number, age: number | null, views: number | null, share: number | null]

const pointOf = ([hours, age, views, share]: Told) => ({
  ...{ hours, at: age === null ? null : atAge(age).toISOString(), views, share },
})
const nothing = [1, 6, 24, 72, 168, 720].map((hours) => pointOf([hours, null, null, null]))

async function decay(id: string, sender = {}) {
  const query = `{ publication(id: "${id}") { decay { hours at views share } } }`
  const { data, errors } = await graphql.query<Found, object>(query, {}, sender)
  expect(errors).toEqual([])
  return data.publication?.decay
}

interface Found {
  publication: { decay: object[] } | null
}

const P0: Told[] = [
  [1, 0.75, 20, 0.1],
  [6, 6, 50, 0.25],
  [24, 20, 100, 0.5],
  [72, 72, 150, 0.75],
  [168, null, null, null],
  [720, null, null, null],
]

test('a decay tells the share of its present views, and when each was read', async () => {
  expect(await decay('p0')).toEqual(P0.map(pointOf))
})

test('a share is more than 1 where views were taken back, and what was not told is unknown', async () => {
  const rows: Told[] = [
    [1, 0.5, null, null],
    [6, 6, 250, 1.25],
    [24, 6, 250, 1.25],
  ]
  expect(await decay('p1')).toEqual([...rows.map(pointOf), ...nothing.slice(3)])
})

test('there is no share of no views', async () => {
  const rows = [1, 6, 24].map((hours): Told => [hours, 0.5, 0, null])
  expect(await decay('p2')).toEqual([...rows.map(pointOf), ...nothing.slice(3)])
})

test('readings from before publishing, and of more than two days ago, tell nothing', async () => {
  const rows: Told[] = [
    [24, 20, 100, null],
    [72, 24.5, 150, null],
  ]
  expect(await decay('p3')).toEqual([
    ...nothing.slice(0, 2),
    ...rows.map(pointOf),
    ...nothing.slice(4),
  ])
})

test.each(['p4', 'p24'])(
  'nothing is known without readings, or without the time of publishing: %s',
  async (id) => {
    expect(await decay(id)).toEqual(nothing)
  },
)

test('another workspace sees nothing of it', async () => {
  expect(await decay('p0', { workspace: 'two' })).toEqual(nothing)
})

test('decays of 25 publications and of a video are one statement', async () => {
  const query = `{ publications(first: 25) { nodes {
    localId decay { hours at views share } video { decay { hours at views share } }
  } } }`
  const { data, errors } = await graphql.query<Lists, object>(query)
  expect(errors).toEqual([])
  const { nodes } = data.publications
  expect(nodes).toHaveLength(25)
  expect(nodes.find(({ localId }) => localId === 'p0')).toEqual({
    localId: 'p0',
    ...{ decay: P0.map(pointOf), video: { decay: P0.map(pointOf) } },
  })
  expect(graphql.statements.filter((sql) => sql.includes('snapshot'))).toHaveLength(1)
  expect(graphql.statements).toHaveLength(3)
})

interface Lists {
  publications: { nodes: { localId: string }[] }
}
