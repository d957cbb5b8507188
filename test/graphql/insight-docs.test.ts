import { readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { upsertConnection } from '../../src/store/connections.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { insertSnapshots } from '../../src/store/snapshots.ts'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace, connection, metrics, outcome, publication } from '../support/rows.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const schema = buildSchema(read('schema.graphql'))
const page = read('docs/insight.md')
const blocks = [...page.matchAll(/^```graphql\n([^`]+)```$/gm)]

test.each(blocks.map(([, text = '']) => text))('the documented query is one: %s', (text) => {
  expect(validate(schema, parse(text))).toEqual([])
})

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())
beforeAll(() => addWorkspace(graphql.db, 'one'))

/** Of a section, the query and the answer that it shows. */
function example(title: string) {
  const section = page.split(/^(?=## )/m).find((each) => each.startsWith(`## ${title}\n`)) ?? ''
  const [, query = ''] = /^```graphql\n([^`]+)```$/m.exec(section) ?? []
  const [, answer = ''] = /^```json\n([^`]+)```$/m.exec(section) ?? []
  return { query, answer: JSON.parse(answer) as object }
}

test('the growth of an audience is as documented', async () => {
  const id = 'acc_tarnandtide_instagram'
  const given = connection({ id, platform: 'instagram', platformAccountId: 'tarnandtide' })
  await upsertConnection(graphql.db, 'one', given)
  const followers = {
    '2026-11-01T21:20Z': 12_499_400,
    '2026-11-01T22:20Z': 12_500_000,
    '2026-11-01T23:20Z': 12_500_600,
    '2026-11-05T10:00Z': 12_560_000,
    '2026-11-08T22:20Z': 12_605_000,
    '2026-11-08T23:20Z': 12_605_600,
  }
  const snapshots = Object.entries(followers).map(([at, count]) => ({
    ...({ subject: 'account', subjectId: id, metrics: null, catalogVersion: 1 } as const),
    ...{ capturedAt: new Date(at), native: { follower_count: count } },
  }))
  await insertSnapshots(graphql.db, 'one', snapshots)
  const { query, answer } = example('Growth of an audience')
  const { data } = await graphql.query(query)
  expect({ data }).toEqual(answer)
})

test('the decay of a post is as documented', async () => {
  graphql.clock.now = new Date('2026-11-20T12:00Z')
  const publishedAt = new Date('2026-11-09T08:00Z')
  await insertPublications(graphql.db, 'one', [publication({ id: 'p', publishedAt })])
  const present = outcome({ id: 'p', metrics: metrics({ views: 120_000 }) })
  await storePublicationOutcomes(graphql.db, 'one', [present])
  const views = {
    '2026-11-09T08:57Z': 9600,
    '2026-11-09T13:51Z': 43_200,
    '2026-11-10T07:40Z': 90_000,
    '2026-11-10T08:40Z': 90_900,
    '2026-11-12T04:10Z': 108_000,
    '2026-11-15T22:30Z': 116_400,
    '2026-11-16T22:30Z': 117_000,
  }
  const snapshots = Object.entries(views).map(([at, count]) => ({
    ...({ subject: 'publication', subjectId: 'p', native: {}, catalogVersion: 1 } as const),
    ...{ capturedAt: new Date(at), metrics: metrics({ views: count }) },
  }))
  await insertSnapshots(graphql.db, 'one', snapshots)
  const { query, answer } = example('Decay of a post')
  const { data } = await graphql.query(query)
  expect({ data }).toEqual(answer)
})
