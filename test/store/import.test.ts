import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountsByIds } from '../../src/store/accounts.ts'
import { sealedTokens } from '../../src/store/connections.ts'
import {
  type ImportedAccount,
  type ImportResult,
  importAccounts,
  importPosts,
  importPublications,
  importVideos,
  importWorkspaces,
} from '../../src/store/import-rows.ts'
import { type ImportedSnapshot, importSnapshots } from '../../src/store/import-snapshots.ts'
import { postsByIds } from '../../src/store/posts.ts'
import { publicationPayloads, publicationsByIds } from '../../src/store/publications.ts'
import { videosByIds } from '../../src/store/videos.ts'
import { workspaceById } from '../../src/store/workspaces.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import {
  AT,
  addPublications,
  addWorkspace,
  connection,
  later,
  metrics,
  publication,
} from '../support/rows.ts'

const SKIP = { replace: false }
const REPLACE = { replace: true }
const LAST_YEAR = new Date('2025-02-03T04:05:06.007Z')

function account(given: Partial<ImportedAccount> = {}): ImportedAccount {
  return { ...connection(), connectionStatus: 'connected', ...given }
}

function snapshot(given: Partial<ImportedSnapshot> = {}): ImportedSnapshot {
  return {
    ...{ subject: 'publication', subjectId: 'p', capturedAt: AT, catalogVersion: 1 },
    ...{ native: { like_count: 1 }, metrics: metrics({ likes: 1 }), payload: { a: 1 } },
    ...{ syncStatus: 'synced', warnings: [], errorMessage: null, staleAfter: null, missing: {} },
    dueAt: AT,
    ...given,
  }
}

describeStores('import', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
    const names = ['accounts', 'rows', 'clashes', 'snapshots', 'states']
    for (const name of names) await addWorkspace(store.db, name)
  })
  afterAll(() => store.close())

  test('a workspace that exists stays as it is unless it is to be replaced', async () => {
    const limits = { refreshCooldownHours: 12, refreshMonthlyQuota: null }
    const workspace = { id: 'w', name: 'W', ...limits, createdAt: AT }
    const imports = (name: string, mode: typeof SKIP) =>
      importWorkspaces(
        store.db,
        [
          { ...workspace, name },
          { ...workspace, id: 'v' },
        ],
        mode,
      )
    expect(await imports('W', SKIP)).toMatchObject({ stored: 2, skipped: 0 })
    expect(await imports('Other', SKIP)).toMatchObject({ stored: 0, skipped: 2 })
    expect((await workspaceById(store.db, 'w'))?.name).toBe('W')
    expect(await imports('Other', REPLACE)).toMatchObject({ stored: 0, replaced: 2 })
    expect((await workspaceById(store.db, 'w'))?.name).toBe('Other')
    expect(await importWorkspaces(store.db, [], SKIP)).toMatchObject({ stored: 0 })
  })

  test('an account that exists keeps its rotated tokens unless it is to be replaced', async () => {
    const given = account({ accessToken: 'from the file', handle: 'file' })
    const tokens = () => sealedTokens(store.db, 'accounts', 'account')
    const skipped = await importAccounts(store.db, 'accounts', [given], SKIP)
    expect(skipped).toEqual({ stored: 0, replaced: 0, skipped: 1, clashes: [] })
    expect(await tokens()).toMatchObject({ accessToken: 'sealed access' })
    const replaced = await importAccounts(store.db, 'accounts', [given], REPLACE)
    expect(replaced).toEqual({ stored: 0, replaced: 1, skipped: 0, clashes: [] })
    expect(await tokens()).toMatchObject({ accessToken: 'from the file' })
    const bare = { accessToken: null, connectionStatus: 'disconnected' } as const
    const other = account({ id: 'bare', platformAccountId: '2', ...bare })
    await importAccounts(store.db, 'accounts', [other], SKIP)
    const [found] = await accountsByIds(store.db, 'accounts', ['bare'])
    expect(found).toMatchObject({ connectionStatus: 'disconnected', syncStatus: 'pending' })
  })

  test('posts, publications and videos keep their ids, and a second import changes nothing', async () => {
    const importAll = async (text: string, mode: typeof SKIP) => [
      await importPosts(store.db, 'rows', [{ id: 'po', text, createdAt: AT }], mode),
      await importPublications(
        store.db,
        'rows',
        [publication({ id: 'p', postId: 'po', text })],
        mode,
      ),
      await importVideos(store.db, 'rows', [{ id: 'v', videoId: text, publicationId: 'p' }], mode),
    ]
    const texts = async () => [
      (await postsByIds(store.db, 'rows', ['po']))[0]?.text,
      (await publicationsByIds(store.db, 'rows', ['p']))[0]?.text,
      (await videosByIds(store.db, 'rows', ['v']))[0]?.videoId,
    ]
    const each = (counted: Partial<ImportResult>) =>
      Array.from({ length: 3 }, () => ({
        ...{ stored: 0, replaced: 0, skipped: 0, clashes: [] },
        ...counted,
      }))
    expect(await importAll('one', SKIP)).toEqual(each({ stored: 1 }))
    expect(await importAll('two', SKIP)).toEqual(each({ skipped: 1 }))
    expect(await texts()).toEqual(['one', 'one', 'one'])
    expect(await importAll('two', REPLACE)).toEqual(each({ replaced: 1 }))
    expect(await texts()).toEqual(['two', 'two', 'two'])
  })

  test.each([SKIP, REPLACE])('a row in another row’s place is named, with %o', async (mode) => {
    await addPublications(store.db, 'clashes', ['a', 'b'])
    await importVideos(store.db, 'clashes', [{ id: 'v', videoId: 'v', publicationId: 'a' }], mode)
    const clash = { stored: 0, replaced: 0, skipped: 0, clashes: ['other'] }
    const inPlace = { id: 'other', platformPostId: 'on-platform-a' }
    expect([
      await importAccounts(store.db, 'clashes', [account({ id: 'other' })], mode),
      await importPublications(store.db, 'clashes', [publication(inPlace)], mode),
      await importVideos(
        store.db,
        'clashes',
        [{ id: 'other', videoId: 'other', publicationId: 'a' }],
        mode,
      ),
    ]).toEqual([clash, clash, clash])
  })

  test('snapshots of any month are kept once, and the newest becomes the latest state', async () => {
    await addPublications(store.db, 'snapshots', ['p'])
    const newest = snapshot({ native: { like_count: 9 }, metrics: metrics({ likes: 9 }) })
    const all = [snapshot({ capturedAt: LAST_YEAR }), newest, snapshot({ capturedAt: later(-1) })]
    const own = snapshot({ subject: 'account', subjectId: 'account', metrics: null })
    const rows = [...all, own]
    const first = await importSnapshots(store.db, 'snapshots', rows, SKIP)
    expect(first).toEqual({ stored: 4, replaced: 0, skipped: 0 })
    const again = await importSnapshots(store.db, 'snapshots', rows, SKIP)
    expect(again).toEqual({ stored: 0, replaced: 0, skipped: 4 })
    const [found] = await publicationsByIds(store.db, 'snapshots', ['p'])
    expect(found).toMatchObject({ native: newest.native, metrics: newest.metrics })
    expect(found).toMatchObject({ syncStatus: 'synced', lastUpdatedAt: AT })
    expect(await publicationPayloads(store.db, 'snapshots', ['p'])).toEqual(
      new Map([['p', { a: 1 }]]),
    )
    const [itself] = await accountsByIds(store.db, 'snapshots', ['account'])
    expect(itself).toMatchObject({ native: own.native, lastUpdatedAt: AT })
  })

  test('a later state stays, and one of the same time stays unless it is to be replaced', async () => {
    await addPublications(store.db, 'states', ['p'])
    const likes = async () => (await publicationsByIds(store.db, 'states', ['p']))[0]?.metrics.likes
    const importLikes = (count: number, capturedAt: Date, mode: typeof SKIP) => {
      const numbers = { native: { like_count: count }, metrics: metrics({ likes: count }) }
      return importSnapshots(store.db, 'states', [snapshot({ ...numbers, capturedAt })], mode)
    }
    await importLikes(5, AT, SKIP)
    await importLikes(4, LAST_YEAR, REPLACE)
    await importLikes(6, AT, SKIP)
    expect(await likes()).toBe(5)
    await importLikes(7, AT, REPLACE)
    expect(await likes()).toBe(7)
    await importLikes(8, later(1), SKIP)
    expect(await likes()).toBe(8)
    const { rows } = await sql`select likes from snapshot
      where workspace_id = 'states' order by captured_at`.execute(store.db)
    expect(rows).toEqual([{ likes: 4 }, { likes: 7 }, { likes: 8 }])
  })
})
