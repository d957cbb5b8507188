import { sql } from 'kysely'
import { NODE_TYPES, type NodeType } from '../../src/graphql/ids.ts'
import { recordChanges } from '../../src/store/changes.ts'
import type { Db } from '../../src/store/connect.ts'
import { storeAccountOutcome, upsertConnection } from '../../src/store/connections.ts'
import { insertPosts } from '../../src/store/posts.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { insertRefresh } from '../../src/store/refreshes.ts'
import { insertSnapshots } from '../../src/store/snapshots.ts'
import { insertVideos } from '../../src/store/videos.ts'
import { addWorkspace, type Gateway, NOW, startGateway, WORKSPACE } from '../support/gateway.ts'
import { connection, metrics, outcome, publication } from '../support/rows.ts'

/** The workspace that those who ask do not belong to. */
export const THEIRS = 'their-workspace'

/** What is in a workspace, by type: the first of each is the one that is asked for. */
export type Ids = Record<NodeType, string> & {
  platformAccountId: string
  platformPostId: string
  videoId: string
  idempotencyKey: string
}

/** The ids of everything in a workspace whose ids begin like this. */
export function idsOf(prefix: string, workspaceId: string): Ids {
  const plain = NODE_TYPES.map((type) => [type, `${prefix}-${type.toLowerCase()}`])
  const outside = ['platformAccountId', 'platformPostId', 'videoId', 'idempotencyKey']
  const others = outside.map((name) => [name, `${prefix}-${name.toLowerCase()}`])
  return { ...Object.fromEntries([...plain, ...others]), Workspace: workspaceId }
}

/** A gateway with two workspaces that hold the same, under ids of their own. */
export interface TwoWorkspaces extends AsyncDisposable {
  gateway: Gateway
  own: Ids
  theirs: Ids
  /** A key of theirs with every scope. */
  theirKey: string
  /** Every row of a workspace in every table, but for when keys were used. */
  rowsOf(workspaceId: string): Promise<string>
}

/** Opens the gateway. No worker takes its jobs. */
export async function openTwoWorkspaces(): Promise<TwoWorkspaces> {
  const environment = {
    WEIR_REST_REFRESH_BUDGET_MS: '0',
    WEIR_GRAPHQL_BREADTH_MAX: '5000',
    WEIR_GRAPHQL_ALIASES_MAX: '5000',
    WEIR_GRAPHQL_TOKENS_MAX: '20000',
    WEIR_GRAPHQL_COST_MAX: '1000000',
    WEIR_RATE_GRAPHQL_COST_PER_MINUTE: '1000000000',
    ...Object.fromEntries(
      ['DRAVO', 'UNIPOST', 'MOSAIC', 'TOKPORTAL', 'EXPORT'].map((name) => [
        `WEIR_RATE_${name}_PER_MINUTE`,
        '1000000',
      ]),
    ),
  }
  const gateway = await startGateway({ isWorker: false, cooldownHours: 0, environment })
  const own = idsOf('own', WORKSPACE)
  const theirs = idsOf('their', THEIRS)
  await addWorkspace(gateway.db, THEIRS, NOW, 0)
  await fill(gateway.db, own)
  await fill(gateway.db, theirs)
  const theirKey = await gateway.keyWith(
    ['analytics:read', 'analytics:refresh', 'workspace:manage'],
    THEIRS,
  )
  return {
    ...{ gateway, own, theirs, theirKey },
    rowsOf: (workspaceId) => rowsOf(gateway.db, workspaceId),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  }
}

async function fill(db: Db, ids: Ids): Promise<void> {
  const { Workspace: workspace, Account: accountId, Publication: id, Post: postId } = ids
  const { platformAccountId, platformPostId } = ids
  await upsertConnection(db, workspace, connection({ id: accountId, platformAccountId }))
  await insertPosts(db, workspace, [{ id: postId, text: `Text of ${postId}`, createdAt: NOW }])
  const shared = { accountId, contentType: 'video' as const, createdAt: NOW, publishedAt: NOW }
  await insertPublications(db, workspace, [
    publication({ ...shared, id, postId, platformPostId, text: `Text of ${id}` }),
    publication({ ...shared, id: `${id}-2`, platformPostId: `${platformPostId}-2` }),
  ])
  await insertVideos(db, workspace, [{ id: ids.Video, videoId: ids.videoId, publicationId: id }])
  const numbers = metrics({ likes: workspace.length, comments: 2, shares: 3 })
  const read = { lastUpdatedAt: NOW, staleAfter: new Date(NOW.getTime() + 86_400_000) }
  const native = { like_count: workspace.length }
  await storePublicationOutcomes(db, workspace, [
    outcome({ id, ...read, native, metrics: numbers }),
  ])
  const account = outcome({ id: accountId, ...read, native: { followers_count: 3 } })
  const unchanged = { profile: null, connectionStatus: null }
  await storeAccountOutcome(db, workspace, accountId, { ...account, ...unchanged })
  await insertSnapshots(db, workspace, [
    {
      subject: 'publication',
      subjectId: id,
      capturedAt: NOW,
      native,
      metrics: numbers,
      catalogVersion: 1,
    },
    {
      subject: 'account',
      subjectId: accountId,
      capturedAt: NOW,
      native: { followers_count: 3 },
      metrics: null,
      catalogVersion: 1,
    },
  ])
  await insertRefresh(db, workspace, {
    ...{ id: ids.Refresh, accountId, origin: 'request', publicationIds: null },
    ...{ requestedAt: NOW, chargedAt: null },
  })
  const changes = [{ subject: 'account' as const, subjectId: accountId }]
  await recordChanges(db, workspace, NOW, {
    changes: [...changes, { subject: 'publication', subjectId: id }],
  })
}

async function rowsOf(db: Db, workspaceId: string): Promise<string> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'workspace_id'
      and table_name not like 'snapshot\\_%'
    order by 1`.execute(db)
  const dumps = tables.map(async ({ name }) => {
    const { rows } = await sql<{ row: string }>`
      select (to_jsonb(one) - 'last_used_at')::text as row from ${sql.table(name)} as one
      where workspace_id = ${workspaceId} order by 1`.execute(db)
    return [name, ...rows.map(({ row }) => row)].join('\n')
  })
  const { rows: jobs } = await sql<{ row: string }>`
    select data::text as row from weir_jobs.job where data ->> 'workspaceId' = ${workspaceId}
    order by 1`.execute(db)
  return [...(await Promise.all(dumps)), 'jobs', ...jobs.map(({ row }) => row)].join('\n')
}
