import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  accountCount,
  accountOnPlatform,
  accountPage,
  accountPayloads,
  accountsByIds,
  lockedAccounts,
} from '../../src/store/accounts.ts'
import { budgetsOfAccount, budgetsOfWorkspace, storeBudgets } from '../../src/store/budgets.ts'
import { changesAfter } from '../../src/store/changes.ts'
import type { Db } from '../../src/store/connect.ts'
import { videosAt } from '../../src/store/numbered-pages.ts'
import { publicationOverview } from '../../src/store/overview.ts'
import { insertPosts, postCount, postPage, postsByIds } from '../../src/store/posts.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
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
import { recentRefreshes } from '../../src/store/refresh-steps.ts'
import { failedRefreshes, refreshesByIds } from '../../src/store/refreshes.ts'
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
  addPublications,
  addWorkspace,
  FIRST_PAGE,
  outcome,
  publication,
} from '../support/rows.ts'

const ORDER = { field: 'views', direction: 'desc' } as const
const AFTER = { value: 3, id: 'p9' }
const PUBLICATIONS = { subject: 'publication' } as const
const ids = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`)

type Call = (db: Db, ids: string[]) => Promise<unknown>

const READS: Record<string, Call> = {
  accountsByIds: (db, keys) => accountsByIds(db, 'w', keys),
  accountOnPlatform: (db) => accountOnPlatform(db, 'w', 'x', '1'),
  accountPage: (db, { length }) => accountPage(db, 'w', {}, { ...FIRST_PAGE, limit: length }),
  lockedAccounts: (db, keys) => lockedAccounts(db, 'w', keys),
  accountCount: (db) => accountCount(db, 'w', {}),
  accountPayloads: (db, keys) => accountPayloads(db, 'w', keys),
  postsByIds: (db, keys) => postsByIds(db, 'w', keys),
  postPage: (db, { length }) =>
    postPage(db, 'w', { platform: 'x' }, { ...FIRST_PAGE, limit: length }),
  postCount: (db) => postCount(db, 'w', { platform: 'x' }),
  publicationsByIds: (db, keys) => publicationsByIds(db, 'w', keys),
  publicationsByPlatformPostIds: (db, keys) => publicationsByPlatformPostIds(db, 'w', keys),
  publicationsOfPosts: (db, keys) => publicationsOfPosts(db, 'w', keys),
  publicationsOfAccount: (db) => publicationsOfAccount(db, 'w', 'account', 100),
  unreadPublications: (db) => unreadPublications(db, 'w', 'account', 100),
  hasStalePublication: (db) => hasStalePublication(db, 'w', 'account', AT),
  publicationPage: (db, { length }) =>
    publicationPage(db, 'w', {}, { ...FIRST_PAGE, after: AFTER, limit: length, order: ORDER }),
  publicationCount: (db) => publicationCount(db, 'w', {}),
  publicationTotals: (db) => publicationTotals(db, 'w', {}),
  publicationOverview: (db) =>
    publicationOverview(db, 'w', {
      ...{ filter: {}, groupBy: ['day', 'account'], timeZone: 'UTC', groupsMax: 100 },
      ...{ totalsOf: [0], groupsOf: [0] },
    }),
  publicationPayloads: (db, keys) => publicationPayloads(db, 'w', keys),
  videosByIds: (db, keys) => videosByIds(db, 'w', keys),
  videosOfPublications: (db, keys) => videosOfPublications(db, 'w', keys),
  videoPage: (db, { length }) =>
    videoPage(db, 'w', {}, { ...FIRST_PAGE, limit: length, order: ORDER }),
  videosAt: (db, { length }) =>
    videosAt(db, 'w', { accountId: 'account', order: ORDER, offset: 0, limit: length }),
  videoSummariesOfAccounts: (db, keys) => videoSummariesOfAccounts(db, 'w', keys),
  videoCount: (db) => videoCount(db, 'w', {}),
  budgetsOfAccount: (db) => budgetsOfAccount(db, 'w', { id: 'account', platform: 'x' }, AT),
  budgetsOfWorkspace: (db, { length }) => budgetsOfWorkspace(db, 'w', length),
  refreshesByIds: (db, keys) => refreshesByIds(db, 'w', keys),
  failedRefreshes: (db, keys) => failedRefreshes(db, 'w', keys, AT),
  recentRefreshes: (db, { length }) =>
    recentRefreshes(db, 'w', { accountId: null, endedSince: AT, limit: length }),
  changesAfter: (db, { length }) =>
    changesAfter(db, 'w', { version: 1, subject: 'account', subjectId: 'a' }, length),
}

const WRITES: Record<string, Call> = {
  insertPosts: (db, keys) =>
    insertPosts(
      db,
      'w',
      keys.map((id) => ({ id, text: null, createdAt: AT })),
    ),
  insertPublications: (db, keys) =>
    insertPublications(
      db,
      'w',
      keys.map((id) => publication({ id: `new-${id}` })),
    ),
  storeBudgets: (db, keys) =>
    storeBudgets(
      db,
      'w',
      { platform: 'x', now: AT },
      keys.map((accountId) => ({ accountId, calls: 1, budget: null })),
    ),
  insertVideos: (db, keys) =>
    insertVideos(
      db,
      'w',
      keys.map((id) => ({ id, videoId: id, publicationId: id })),
    ),
  storePublicationOutcomes: (db, keys) =>
    storePublicationOutcomes(
      db,
      'w',
      keys.map((id) => outcome({ id })),
    ),
}

describeStores('statements', (open) => {
  let store: TestStore
  const sent: string[] = []

  beforeAll(async () => {
    store = await open({ onStatement: (sql) => sent.push(sql) })
    await addWorkspace(store.db, 'w')
    await addPublications(store.db, 'w', ids(50))
  })
  afterAll(() => store.close())

  async function statementsOf(call: Call, count: number): Promise<string[]> {
    sent.length = 0
    await call(store.db, ids(count))
    return [...sent]
  }

  test.each(Object.entries(READS))('%s is one statement for 50 rows as for 1', async (_, call) => {
    const [one, fifty] = [await statementsOf(call, 1), await statementsOf(call, 50)]
    expect([one.length, fifty.length]).toEqual([1, 1])
    expect(fifty).toEqual(one)
  })

  test.each(Object.entries(WRITES))('%s is one statement for 50 rows as for 1', async (_, call) => {
    const [one, fifty] = [await statementsOf(call, 1), await statementsOf(call, 50)]
    expect([one.length, fifty.length]).toEqual([1, 1])
    expect(fifty).toEqual(one)
    expect(await statementsOf(call, 0)).toEqual([])
  })

  test('snapshots cost one statement more, which looks for their months', async () => {
    const numbers = { native: {}, metrics: null, catalogVersion: 1, capturedAt: AT }
    const keep: Call = (db, keys) =>
      insertSnapshots(
        db,
        'w',
        keys.map((subjectId) => ({ ...PUBLICATIONS, subjectId, ...numbers })),
      )
    await keep(store.db, ids(1))
    expect(await statementsOf(keep, 50)).toHaveLength(2)
  })

  test('no list and no look-up reads payloads, nor tokens', async () => {
    for (const [name, call] of Object.entries(READS)) {
      const [statement] = await statementsOf(call, 1)
      if (!name.endsWith('Payloads')) expect(statement).not.toMatch(/payload/)
      expect(statement).not.toMatch(/token_sealed|select \* from "(account|publication)"/)
    }
  })
})
