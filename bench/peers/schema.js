import { readFileSync } from 'node:fs'
import { metricFields } from '../../src/domain/catalog/catalog.ts'
import { encodeCursor } from '../../src/domain/cursor.ts'
import { reportedValue } from '../../src/domain/native.ts'
import { PLATFORM_LABELS, PLATFORMS } from '../../src/domain/platform.ts'
import { entriesFor, newestPublications } from './publications.js'

const ORDER = { name: 'publications.createdAt.desc', value: 'instant' }

/** Weir's own schema. */
export const typeDefs = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8')

/** Resolvers for what the dashboard asks, over the rows as they are read. */
export const resolvers = {
  Query: { publications: readPublications },
  Publication: {
    id: ({ id }) => Buffer.from(`Publication:${id}`).toString('base64'),
    localId: ({ id }) => id,
    platform: ({ platform }) => platform.toUpperCase(),
    platformPostId: (row) => row.platform_post_id,
    account: ({ account_id: id }, _args, { accounts }) => accounts.load(id),
    metrics: ({ platform, native }) => ({ __typename: memberName(platform), native }),
    normalized: (row) => row,
    freshness: (row) => row,
    async entries(row, _args, { accounts, now }) {
      const { scopes } = await accounts.load(row.account_id)
      return entriesFor(row, scopes, now)
    },
  },
  Account: { localId: ({ id }) => id },
  Freshness: {
    status: (row) => row.sync_status.toUpperCase(),
    isStale: (row, _args, { now }) => row.stale_after === null || row.stale_after <= now,
    lastUpdatedAt: (row) => row.last_updated_at,
  },
  ...Object.fromEntries(PLATFORMS.map((platform) => [memberName(platform), membersOf(platform)])),
}

async function readPublications(_root, { first }, { pool }) {
  const rows = await newestPublications(pool, first)
  const nodes = rows.slice(0, first)
  const last = nodes.at(-1)
  const endCursor =
    last && encodeCursor(ORDER, { value: last.created_at.toISOString(), id: last.id })
  return { nodes, pageInfo: { hasNextPage: rows.length > first, endCursor } }
}

function memberName(platform) {
  return `${PLATFORM_LABELS[platform]}PostMetrics`
}

function membersOf(platform) {
  const resolverOf = (metrics) => {
    return ({ native }) => {
      const values = metrics.map((metric) => reportedValue(metric, native))
      return values.find((value) => value !== null) ?? null
    }
  }
  const fields = metricFields(platform, 'post')
  return Object.fromEntries(fields.map(({ field, metrics }) => [field, resolverOf(metrics)]))
}
