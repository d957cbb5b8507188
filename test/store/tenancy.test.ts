import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  accountCount,
  accountOnPlatform,
  accountPage,
  accountPayloads,
  accountsByIds,
  lockedAccounts,
} from '../../src/store/accounts.ts'
import { revokeApiKey, touchApiKey } from '../../src/store/api-keys.ts'
import { budgetsOfAccount, budgetsOfWorkspace, storeBudgets } from '../../src/store/budgets.ts'
import { changesAfter, recordChanges } from '../../src/store/changes.ts'
import type { Db } from '../../src/store/connect.ts'
import {
  claimTokenRenewal,
  disconnect,
  releaseTokenRenewal,
  sealedTokens,
  storeAccountOutcome,
  storeTokens,
  upsertConnection,
} from '../../src/store/connections.ts'
import { importAccounts, importPublications } from '../../src/store/import-rows.ts'
import { importSnapshots } from '../../src/store/import-snapshots.ts'
import { videosAt } from '../../src/store/numbered-pages.ts'
import { type OverviewRequest, publicationOverview } from '../../src/store/overview.ts'
import { insertPosts, postCount, postPage, postsByIds } from '../../src/store/posts.ts'
import {
  attachPublications,
  insertPublications,
  storePublicationOutcomes,
} from '../../src/store/publication-writes.ts'
import {
  hasStalePublication,
  publicationCount,
  publicationPage,
  publicationPayloads,
  publicationsByIds,
  publicationsByPlatformPostIds,
  publicationsOfAccount,
  publicationsOfPosts,
  publicationTotals,
  unreadPublications,
} from '../../src/store/publications.ts'
import { startRefresh } from '../../src/store/refresh-runs.ts'
import { recentRefreshes } from '../../src/store/refresh-steps.ts'
import {
  activeRefresh,
  finishRefresh,
  insertRefresh,
  refreshesByIds,
  requeueRefresh,
  widenRefresh,
} from '../../src/store/refreshes.ts'
import { insertSnapshots } from '../../src/store/snapshots.ts'
import { videoSummariesOfAccounts } from '../../src/store/video-summaries.ts'
import {
  insertVideos,
  videoCount,
  videoPage,
  videosByIds,
  videosOfPublications,
} from '../../src/store/videos.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import {
  AT,
  addWorkspace,
  connection,
  FIRST_PAGE,
  later,
  metrics,
  outcome,
  publication,
} from '../support/rows.ts'

const ORDER = { field: 'views', direction: 'asc' } as const
const PAGE = { ...FIRST_PAGE, order: ORDER }
const VIDEOS = { accountId: 'account', order: ORDER, offset: 0, limit: 10 }
const OVERVIEW: OverviewRequest = {
  ...{ filter: {}, groupBy: ['account', 'day'], timeZone: 'UTC', groupsMax: 100 },
  ...{ totalsOf: [0], groupsOf: [0] },
}
const SNAPSHOT = { subject: 'publication', subjectId: 'id', capturedAt: AT } as const
const NUMBERS = { native: { n: 1 }, metrics: metrics({ likes: 1 }), catalogVersion: 1 }
const FINE = { syncStatus: 'synced', errorMessage: null, missing: {} } as const
const STATE = { ...FINE, warnings: [] as string[] }
const ACCOUNT_OUTCOME = { ...STATE, lastUpdatedAt: AT, staleAfter: AT, payload: 1, ...NUMBERS }
const BUDGET = { platform: 'x', now: AT } as const
const USE = { accountId: 'account', calls: 1, budget: null }
const RECENT = { accountId: 'account', endedSince: AT, limit: 10 }
const PROGRESS = { updated: 1, failed: 1, upstreamCalls: 1, errorMessage: null }

/** Everything that a read by this id can find in a workspace. */
const READS: Record<string, (db: Db, ws: string) => Promise<unknown>> = {
  accountsByIds: (db, ws) => accountsByIds(db, ws, ['account']),
  accountOnPlatform: (db, ws) => accountOnPlatform(db, ws, 'x', connection().platformAccountId),
  accountPage: async (db, ws) => (await accountPage(db, ws, {}, FIRST_PAGE)).rows,
  accountCount: (db, ws) => accountCount(db, ws, {}),
  accountPayloads: (db, ws) => accountPayloads(db, ws, ['account']),
  sealedTokens: (db, ws) => sealedTokens(db, ws, 'account'),
  postsByIds: (db, ws) => postsByIds(db, ws, ['id']),
  postPage: async (db, ws) => (await postPage(db, ws, { platform: 'x' }, FIRST_PAGE)).rows,
  postCount: (db, ws) => postCount(db, ws, { platform: 'x' }),
  publicationsByIds: (db, ws) => publicationsByIds(db, ws, ['id']),
  publicationsByPlatformPostIds: (db, ws) =>
    publicationsByPlatformPostIds(db, ws, ['on-platform-id']),
  publicationsOfPosts: (db, ws) => publicationsOfPosts(db, ws, ['id']),
  publicationsOfAccount: (db, ws) => publicationsOfAccount(db, ws, 'account', 10),
  unreadPublications: (db, ws) => unreadPublications(db, ws, 'account', 10),
  publicationPage: async (db, ws) => (await publicationPage(db, ws, {}, PAGE)).rows,
  publicationCount: (db, ws) => publicationCount(db, ws, {}),
  publicationTotals: async (db, ws) => (await publicationTotals(db, ws, {})).publications,
  publicationOverview: async (db, ws) =>
    [...(await publicationOverview(db, ws, OVERVIEW)).groups.values()].flat(),
  publicationPayloads: (db, ws) => publicationPayloads(db, ws, ['id']),
  hasStalePublication: (db, ws) => hasStalePublication(db, ws, 'account', later(9999)),
  videosByIds: (db, ws) => videosByIds(db, ws, ['id']),
  videosOfPublications: (db, ws) => videosOfPublications(db, ws, ['id']),
  videoPage: async (db, ws) => (await videoPage(db, ws, {}, PAGE)).rows,
  videoCount: (db, ws) => videoCount(db, ws, {}),
  videosAt: (db, ws) => videosAt(db, ws, VIDEOS),
  videoSummariesOfAccounts: async (db, ws) =>
    (await videoSummariesOfAccounts(db, ws, ['account'])).get('account'),
  refreshesByIds: (db, ws) => refreshesByIds(db, ws, ['id']),
  lockedAccounts: (db, ws) => lockedAccounts(db, ws, ['account']),
  budgetsOfAccount: (db, ws) => budgetsOfAccount(db, ws, { id: 'account', platform: 'x' }, AT),
  budgetsOfWorkspace: (db, ws) => budgetsOfWorkspace(db, ws, 10),
  activeRefresh: (db, ws) => activeRefresh(db, ws, 'account'),
  recentRefreshes: async (db, ws) => (await recentRefreshes(db, ws, RECENT)).refreshes,
  changesAfter: (db, ws) => changesAfter(db, ws, null, 10),
}

/** Every write of a workspace's rows. Each is harmless where there are none. */
const WRITES: ((db: Db, ws: string) => Promise<unknown>)[] = [
  (db, ws) => storeTokens(db, ws, 'account', { ...TOKENS, scopes: ['changed'] }),
  (db, ws) => claimTokenRenewal(db, ws, 'account', { now: AT, until: later(1) }),
  (db, ws) => storeAccountOutcome(db, ws, 'account', { ...ACCOUNT_OUTCOME, ...CONNECTION }),
  (db, ws) => upsertConnection(db, ws, connection({ handle: 'changed' })),
  (db, ws) => disconnect(db, ws, 'account'),
  (db, ws) => insertPosts(db, ws, [{ id: 'other', text: 'changed', createdAt: AT }]),
  (db, ws) => attachPublications(db, ws, 'other', ['loose']),
  (db, ws) => insertPublications(db, ws, [publication({ id: 'other' })]),
  (db, ws) => storePublicationOutcomes(db, ws, [outcome({ id: 'id', warnings: ['changed'] })]),
  (db, ws) => insertVideos(db, ws, [{ id: 'v', videoId: 'v', publicationId: 'loose' }]),
  (db, ws) => insertSnapshots(db, ws, [{ ...SNAPSHOT, ...NUMBERS, capturedAt: later(1) }]),
  (db, ws) => widenRefresh(db, ws, 'id', { publicationIds: ['changed'], origin: 'live' }),
  (db, ws) => startRefresh(db, ws, 'id', later(1)),
  (db, ws) => requeueRefresh(db, ws, 'id', { ...PROGRESS, publicationIds: null }),
  (db, ws) => finishRefresh(db, ws, 'id', { ...PROGRESS, status: 'failed', finishedAt: AT }),
  (db, ws) => storeBudgets(db, ws, BUDGET, [{ ...USE, calls: 5 }]),
  (db, ws) => revokeApiKey(db, ws, 'id', AT),
  (db, ws) => touchApiKey(db, ws, 'id', AT),
  (db, ws) =>
    recordChanges(db, ws, AT, { changes: [{ subject: 'account', subjectId: 'changed' }] }),
  (db, ws) => importPublications(db, ws, [publication({ id: 'id' })], { replace: true }),
  (db, ws) =>
    importAccounts(
      db,
      ws,
      [{ ...connection({ handle: 'imported' }), connectionStatus: 'connected' }],
      { replace: true },
    ),
  (db, ws) =>
    importSnapshots(
      db,
      ws,
      [
        {
          ...SNAPSHOT,
          ...NUMBERS,
          ...STATE,
          capturedAt: later(2),
          staleAfter: AT,
          payload: 2,
          dueAt: AT,
        },
      ],
      { replace: true },
    ),
  (db, ws) => releaseTokenRenewal(db, ws, 'account'),
]

const TOKENS = { accessToken: 'changed', refreshToken: 'changed', expiresAt: AT }
const CONNECTION = { profile: null, connectionStatus: 'requires_reconnect' } as const

async function fill(db: Db, ws: string): Promise<void> {
  await addWorkspace(db, ws)
  await storeAccountOutcome(db, ws, 'account', {
    ...ACCOUNT_OUTCOME,
    ...{ profile: null, connectionStatus: null },
  })
  await insertPosts(db, ws, [{ id: 'id', text: ws, createdAt: AT }])
  await insertPublications(db, ws, [
    publication({ id: 'id', postId: 'id', text: ws }),
    publication({ id: 'loose' }),
  ])
  await storePublicationOutcomes(db, ws, [outcome({ id: 'id', ...NUMBERS, payload: ws })])
  await insertVideos(db, ws, [{ id: 'id', videoId: ws, publicationId: 'id' }])
  await insertSnapshots(db, ws, [{ ...SNAPSHOT, ...NUMBERS }])
  await storeBudgets(db, ws, BUDGET, [USE])
  const wish = { id: 'id', accountId: 'account', origin: 'request' } as const
  await insertRefresh(db, ws, { ...wish, publicationIds: [], requestedAt: AT, chargedAt: AT })
  await recordChanges(db, ws, AT, { changes: [{ subject: 'account', subjectId: 'account' }] })
}

async function everythingOf(db: Db, ws: string): Promise<Record<string, unknown>> {
  const tables = ['workspace', 'account', 'post', 'publication', 'video', 'snapshot', 'refresh']
  const found: Record<string, unknown> = {}
  for (const table of [...tables, 'api_key', 'idempotency', 'change', 'upstream_budget']) {
    const { rows } = await sql`select to_jsonb(t) as row from ${sql.table(table)} as t
      where workspace_id = ${ws} order by 1`.execute(db)
    found[table] = rows
  }
  return found
}

describeStores('tenancy', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
    await fill(store.db, 'ours')
    await fill(store.db, 'theirs')
  })
  afterAll(() => store.close())

  test.each(Object.entries(READS))('%s finds only its own workspace’s rows', async (_, read) => {
    const nothing = await read(store.db, 'none')
    const [ours, theirs] = [await read(store.db, 'ours'), await read(store.db, 'theirs')]
    expect(ours).not.toEqual(nothing)
    const spelled = (value: unknown) => JSON.stringify(value).replaceAll('theirs', 'ours')
    expect(spelled(theirs)).toEqual(spelled(ours))
    expect(JSON.stringify(ours)).not.toContain('theirs')
  })

  test('whatever one workspace writes, the same ids of another stay as they are', async () => {
    const before = await everythingOf(store.db, 'theirs')
    const ours = await everythingOf(store.db, 'ours')
    for (const write of WRITES) await write(store.db, 'ours')
    expect(await everythingOf(store.db, 'theirs')).toEqual(before)
    expect(await everythingOf(store.db, 'ours')).not.toEqual(ours)
  })
})
