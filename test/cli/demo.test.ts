import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTokenCipher } from '../../src/auth/tokens.ts'
import { type Demo, openDemo } from '../../src/cli/demo.ts'
import type { Terminal } from '../../src/cli/terminal.ts'
import { missingScopes } from '../../src/domain/catalog/catalog.ts'
import type { SyncStatus } from '../../src/domain/sync.ts'
import { accountPage, accountsByIds } from '../../src/store/accounts.ts'
import { apiKeysOf, revokeApiKey } from '../../src/store/api-keys.ts'
import {
  publicationCount,
  publicationsOfPosts,
  publicationTotals,
} from '../../src/store/publications.ts'
import { videoCount, videosByIds } from '../../src/store/videos.ts'
import { openTestStore, type TestStore } from '../support/database.ts'

const FOLDER = mkdtempSync(join(tmpdir(), 'weir-demo-'))
const VIDEOS_OWNER = '9f3a7b2e-1c4d-4e8f-a5b6-7d9e0f1a2b3c'

const terminal: Terminal = {
  ...{ environment: {}, input: (async function* () {})(), print: () => {}, report: () => {} },
  ...{ now: () => new Date(), newId: () => uuid(), random: () => 0.5 },
  untilStopped: async () => {},
  redraw: null,
}

let store: TestStore
let demo: Demo

async function open(isWanted = true): Promise<Demo | null> {
  const cipher = createTokenCipher(new Uint8Array(32))
  const opened = await openDemo(terminal, {
    ...{ dataDir: FOLDER, store, cipher, isWanted, staleAfterSeconds: 60 },
  })
  await opened?.simulator.close()
  return opened
}

beforeAll(async () => {
  store = await openTestStore()
  expect(await open(false)).toBeNull()
  const opened = await open()
  if (opened === null) throw new Error('An empty database did not become a demo.')
  demo = opened
})

afterAll(async () => {
  await store.close()
  rmSync(FOLDER, { recursive: true })
})

test('a demo holds the rows that documents print, under their ids', async () => {
  const ids = ['acc_8f2c1d', 'acc_4b9e07', 'sa_twitter_1', VIDEOS_OWNER]
  const accounts = await accountsByIds(store.db, demo.workspaceId, ids)
  expect(new Map(accounts.map(({ id, connectionStatus }) => [id, connectionStatus]))).toEqual(
    new Map([
      ['acc_8f2c1d', 'disconnected'],
      ['acc_4b9e07', 'disconnected'],
      ['sa_twitter_1', 'connected'],
      [VIDEOS_OWNER, 'disconnected'],
    ]),
  )
  const partial = accounts.find(({ id }) => id === 'acc_4b9e07')
  expect(partial).toMatchObject({
    ...{ syncStatus: 'partial', warnings: ['Facebook Page insight metrics unavailable.'] },
    native: { followers_count: 12_000, talking_about_count: 84, page_video_views: 3200 },
    staleAfter: new Date('2026-06-29T15:00:00Z'),
  })
  const posts = await publicationsOfPosts(store.db, demo.workspaceId, ['post_2a7f93'])
  expect(posts).toMatchObject([
    {
      platform: 'instagram',
      native: { views: 1240, reach: 980, likes: 84, comments: 6, shares: 12 },
    },
  ])
})

test('the videos of a document add up to its totals', async () => {
  const filter = { accountId: VIDEOS_OWNER }
  const { values, publications } = await publicationTotals(store.db, demo.workspaceId, filter)
  expect(values).toMatchObject({ views: 580_000, likes: 42_000, comments: 3200 })
  expect(values).toMatchObject({ shares: 8500, bookmarks: 4100 })
  expect([publications, await videoCount(store.db, demo.workspaceId, filter)]).toEqual([15, 15])
  const [video] = await videosByIds(store.db, demo.workspaceId, ['va_001'])
  expect(video).toMatchObject({
    videoId: 'vid_abc123',
    publication: { durationSeconds: 45, metrics: { views: 145_000, bookmarks: 890 } },
  })
})

test('a demo is large enough to look at', async () => {
  expect(await publicationCount(store.db, demo.workspaceId, {})).toBeGreaterThanOrEqual(300)
  expect(await videoCount(store.db, demo.workspaceId, {})).toBeGreaterThanOrEqual(60)
})

test('a demo shows what goes wrong: lost access, a lacking scope, and content that is gone', async () => {
  const { db } = store
  const page = { limit: 100, after: null, before: null, backwards: false }
  const filter = { connection: 'requires_reconnect' } as const
  const { rows } = await accountPage(db, demo.workspaceId, filter, page)
  expect(rows.map(({ row }) => row)).toMatchObject([
    { syncStatus: 'requires_reconnect', errorMessage: expect.stringContaining('refused') },
  ])
  const [partial] = await accountsByIds(db, demo.workspaceId, ['acc_osskartea_youtube'])
  expect(missingScopes('youtube', partial?.scopes ?? null)).toHaveLength(1)
  const count = (accountId: string, syncStatus: SyncStatus) =>
    publicationCount(db, demo.workspaceId, { accountId, syncStatus })
  expect(await count('acc_osskartea_youtube', 'partial')).toBeGreaterThan(40)
  expect(await count('acc_osskartea_linkedin', 'requires_reconnect')).toBeGreaterThan(40)
  expect([2, 3]).toContain(await count('acc_osskartea_tiktok', 'failed'))
})

test('a demo that is opened again keeps its rows and its key, which only its owner can read', async () => {
  const before = await publicationCount(store.db, demo.workspaceId, {})
  expect(await open(false)).toMatchObject({ key: demo.key })
  expect(await publicationCount(store.db, demo.workspaceId, {})).toBe(before)
  expect(statSync(join(FOLDER, 'demo.json')).mode & 0o777).toBe(0o600)
})

test('a demo whose key was revoked gets a new one', async () => {
  const [key] = await apiKeysOf(store.db, demo.workspaceId)
  await revokeApiKey(store.db, demo.workspaceId, key?.id ?? '', new Date())
  const opened = await open()
  expect(opened?.key).toMatch(/^demo_\w{43}$/)
  expect(opened?.key).not.toBe(demo.key)
})

test('a database with a workspace of somebody’s does not become a demo', async () => {
  rmSync(join(FOLDER, 'demo.json'))
  expect(await open()).toBeNull()
})
