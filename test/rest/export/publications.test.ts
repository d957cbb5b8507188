import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONTENT_TYPES } from '../../../src/domain/content.ts'
import { METRIC_FIELDS } from '../../../src/domain/metric.ts'
import type { PublicationFilter } from '../../../src/domain/publication.ts'
import { upsertConnection } from '../../../src/store/connections.ts'
import { insertPosts } from '../../../src/store/posts.ts'
import {
  insertPublications,
  type NewPublication,
  storePublicationOutcomes,
} from '../../../src/store/publication-writes.ts'
import { type Gateway, startGateway, WORKSPACE } from '../../support/gateway.ts'
import { AT, connection, later, metrics, outcome, publication } from '../../support/rows.ts'
import { csvRecords, ndjsonRecords } from './exporting.ts'

const ROWS = 60
const PLATFORMS = ['x', 'tiktok'] as const
const STATUSES = ['synced', 'failed', 'partial'] as const
const TEXTS = [null, 'plain', 'a, "b"\r\nc', '=SUM(A1)', 'ünïcode ⚡']

const rows = Array.from({ length: ROWS }, (_, index): NewPublication => {
  const platform = PLATFORMS[index % 2] ?? 'x'
  return publication({
    ...{ id: `p${index}`, platform, accountId: `on_${platform}` },
    postId: index % 5 === 0 ? 'post' : null,
    url: index % 4 === 0 ? null : `https://x.test/${index}`,
    text: TEXTS[index % TEXTS.length] ?? null,
    contentType: CONTENT_TYPES[index % 3] ?? 'other',
    durationSeconds: index % 3 === 0 ? 1.5 : null,
    createdAt: later(Math.floor(index / 2) * 3_600_000),
    publishedAt: index % 7 === 0 ? null : later((ROWS - index) * 3_600_000),
  })
})

// The graph tells of the videos' alone.
const DURATIONS = new Map(rows.map(({ id, durationSeconds }) => [id, durationSeconds]))

const outcomes = rows.slice(0, -5).map(({ id }, index) =>
  outcome({
    id,
    syncStatus: STATUSES[index % 3] ?? 'synced',
    warnings: index % 4 === 0 ? ['One.', 'Two.'] : [],
    errorMessage: index % 3 === 1 ? 'It was away.' : null,
    native: { like_count: index },
    metrics: metrics({
      likes: index % 2 === 0 ? index : null,
      views: index % 5 === 0 ? 0 : 2 ** 53 - 1 - index,
      videoWatchTimeMs: index % 3 === 0 ? index * 1000 : null,
      engagement: index % 6 === 0 ? null : index,
    }),
  }),
)

const QUERY = `query ($filter: PublicationFilter) {
  publications(first: 100, filter: $filter, orderBy: { field: CREATED_AT, direction: ASC }) { nodes {
    localId platform platformPostId url text contentType createdAt publishedAt
    account { localId handle } post { localId } engagementRate
    normalized { ${METRIC_FIELDS.join(' ')} }
    freshness { status warnings errorMessage lastUpdatedAt staleAfter }
  } }
}`

interface Node {
  [field: string]: unknown
  account: { localId: string; handle: string | null }
  post: { localId: string } | null
  normalized: Record<string, number | null>
  freshness: Record<string, unknown> & { warnings: string[] }
}

const lower = (word: unknown) => String(word).toLowerCase()
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${lower(letter)}`)

/** What the graph says of a publication, as an export has it. */
function exported({ account, post, normalized, freshness, ...node }: Node) {
  const numbers = Object.entries(normalized).map(([name, value]) => [snake(name), value])
  return {
    ...{ id: node['localId'], post_id: post?.localId ?? null },
    ...{ account_id: account.localId, account_handle: account.handle },
    ...{ platform: lower(node['platform']), platform_post_id: node['platformPostId'] },
    ...{ url: node['url'], text: node['text'], content_type: lower(node['contentType']) },
    ...{ duration_seconds: DURATIONS.get(String(node['localId'])), created_at: node['createdAt'] },
    published_at: node['publishedAt'],
    ...(Object.fromEntries(numbers) as Record<string, number | null>),
    engagement_rate_percent: node['engagementRate'],
    ...{ sync_status: lower(freshness['status']), warnings: freshness.warnings },
    ...{ error_message: freshness['errorMessage'], last_updated_at: freshness['lastUpdatedAt'] },
    stale_after: freshness['staleAfter'],
  }
}

/** The same as a spreadsheet has it. */
function cells(record: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(record).map(([name, value]) => {
    const text = Array.isArray(value) ? value.join('\n') : String(value ?? '')
    return [name, /^[=@]/.test(text) ? `'${text}` : text]
  })
  return Object.fromEntries(entries)
}

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway({
    isWorker: false,
    environment: { WEIR_RATE_EXPORT_PER_MINUTE: '1000' },
  })
  for (const platform of PLATFORMS) {
    const handle = platform === 'x' ? '@=x' : null
    const given = { id: `on_${platform}`, platform, platformAccountId: platform, handle }
    await upsertConnection(gateway.db, WORKSPACE, connection(given))
  }
  await insertPosts(gateway.db, WORKSPACE, [{ id: 'post', text: null, createdAt: AT }])
  await insertPublications(gateway.db, WORKSPACE, rows)
  await storePublicationOutcomes(gateway.db, WORKSPACE, outcomes)
})
afterAll(() => gateway[Symbol.asyncDispose]())

async function fromGraph(filter: PublicationFilter) {
  const upper = (word?: string | null) => word?.toUpperCase()
  const { platform, contentType, syncStatus, ...others } = filter
  const words = {
    ...{ platform: upper(platform), contentType: upper(contentType) },
    syncStatus: upper(syncStatus),
  }
  const answer = await gateway.query<{ publications: { nodes: Node[] } }>(QUERY, {
    filter: { ...others, ...words },
  })
  expect(answer.errors).toBeUndefined()
  return answer.data.publications.nodes.map(exported)
}

async function read(filter: PublicationFilter, format: string): Promise<string> {
  const search = new URLSearchParams({ format })
  for (const [name, value] of Object.entries(filter)) {
    search.set(name, value instanceof Date ? value.toISOString() : String(value))
  }
  const response = await gateway.rest(`/export/publications?${search}`)
  expect(response.status).toBe(200)
  return response.text()
}

const instants = fc.nat({ max: ROWS + 10 }).map((hours) => later(hours * 3_600_000))
const filters: fc.Arbitrary<PublicationFilter> = fc.record(
  {
    ...{ postId: fc.constantFrom('post', 'none'), accountId: fc.constantFrom('on_x', 'none') },
    ...{ platform: fc.constantFrom(...PLATFORMS), from: instants, to: instants },
    ...{ publishedFrom: instants, publishedTo: instants },
    ...{ contentType: fc.constantFrom(...CONTENT_TYPES), syncStatus: fc.constantFrom(...STATUSES) },
  },
  { requiredKeys: [] },
)

describe('an export of publications', () => {
  test('is what the graph says of all of them, in either format', async () => {
    const expected = await fromGraph({})
    expect(expected).toHaveLength(ROWS)
    const csv = csvRecords(await read({}, 'csv'))
    expect(csv).toEqual(expected.map(cells))
    const [first] = csv
    expect(Object.keys(first ?? {})).toEqual(Object.keys(expected[0] ?? {}))
    const natives = new Map(outcomes.map(({ id, native }) => [id, native]))
    const full = expected.map((each) => ({ ...each, native: natives.get(String(each.id)) ?? {} }))
    expect(ndjsonRecords(await read({}, 'ndjson'))).toEqual(full)
  })

  test('is what the graph says for the same filter', async () => {
    const property = fc.asyncProperty(filters, async (filter) => {
      const expected = await fromGraph(filter)
      expect(csvRecords(await read(filter, 'csv'))).toEqual(expected.map(cells))
    })
    await fc.assert(property, { numRuns: 40 })
  })
})
