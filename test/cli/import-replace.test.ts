import { beforeEach, expect, test } from 'vitest'
import { accountTokenContext } from '../../src/domain/secrets.ts'
import { accountPayloads, accountsByIds } from '../../src/store/accounts.ts'
import { sealedTokens } from '../../src/store/connections.ts'
import { postsByIds } from '../../src/store/posts.ts'
import { publicationsByIds } from '../../src/store/publications.ts'
import { videosByIds } from '../../src/store/videos.ts'
import { workspaceById } from '../../src/store/workspaces.ts'
import { openTestStore, type TestStore } from '../support/database.ts'
import { CIPHER, importInto } from '../support/importing.ts'

const of = { workspace_id: 'w' }
const WORKSPACE = { type: 'workspace', id: 'w', name: 'W', refresh_monthly_quota: 100 }
const ACCOUNT_ID = { type: 'account', ...of, id: 'acc', platform: 'x', platform_account_id: '1' }
const ACCOUNT = {
  ...ACCOUNT_ID,
  ...{ handle: '@a', display_name: 'A', avatar_url: 'https://a.test/a.png' },
  ...{ access_token: 'access-1', refresh_token: 'refresh-1', scopes: ['tweet.read'] },
  ...{ token_expires_at: '2026-07-01T00:00:00Z', connected_at: '2026-06-01T00:00:00Z' },
}
const POST_ID = { type: 'post', ...of, id: 'post' }
const POST = { ...POST_ID, text: 'Hello', created_at: '2026-06-02T00:00:00Z' }
const PUBLICATION_ID = {
  ...{ type: 'publication', ...of, id: 'pub', account_id: 'acc', platform_post_id: '11' },
}
const PUBLICATION = {
  ...{ ...PUBLICATION_ID, post_id: 'post', url: 'https://a.test/11', text: 'Hello' },
  ...{ content_type: 'video', thumbnail_url: 'https://a.test/11.png', duration_seconds: 1.5 },
  ...{ created_at: '2026-06-03T00:00:00Z', published_at: '2026-06-02T00:00:00Z' },
}
const VIDEO_ID = { type: 'video', ...of, id: 'va', publication_id: 'pub' }
const VIDEO = { ...VIDEO_ID, video_id: 'vid' }
const SNAPSHOT_ID = {
  ...{ type: 'snapshot', ...of, account_id: 'acc', captured_at: '2026-06-29T09:00:00Z' },
  metrics: { followers_count: 5 },
}
const SNAPSHOT = {
  ...{ ...SNAPSHOT_ID, payload: { a: 1 }, warnings: ['Incomplete.'], sync_status: 'partial' },
  ...{ error_message: 'Late.', stale_after: '2026-06-29T10:00:00Z' },
}

let store: TestStore

beforeEach(async () => {
  store = await openTestStore()
  await importInto(store.db, [WORKSPACE, ACCOUNT, POST, PUBLICATION, VIDEO, SNAPSHOT])
  return () => store.close()
})

const replace = (...records: object[]) => importInto(store.db, records, { replace: true })

async function stored() {
  const { db } = store
  return {
    workspace: { ...(await workspaceById(db, 'w')), dataVersion: null },
    account: await accountsByIds(db, 'w', ['acc']),
    tokens: await sealedTokens(db, 'w', 'acc'),
    payload: await accountPayloads(db, 'w', ['acc']),
    post: await postsByIds(db, 'w', ['post']),
    publication: await publicationsByIds(db, 'w', ['pub']),
    video: await videosByIds(db, 'w', ['va']),
  }
}

test('what a record leaves out stays as it is stored', async () => {
  const before = await stored()
  const { counts } = await replace(
    ...[{ type: 'workspace', id: 'w', name: 'W' }, ACCOUNT_ID, POST_ID, PUBLICATION_ID, VIDEO_ID],
    SNAPSHOT_ID,
  )
  expect(await stored()).toEqual(before)
  for (const type of ['workspace', 'account', 'post', 'publication', 'video', 'snapshot'] as const)
    expect(counts?.[type]).toEqual({ stored: 0, replaced: 1, skipped: 0 })
})

test('what a record gives overwrites what is stored, and null clears it', async () => {
  await replace(
    { type: 'workspace', id: 'w', name: 'New', refresh_monthly_quota: null },
    { ...ACCOUNT_ID, handle: '@b', display_name: null, scopes: null, refresh_token: null },
    { ...POST_ID, text: null },
    { ...PUBLICATION_ID, post_id: null, text: 'New', duration_seconds: null, content_type: null },
    { ...VIDEO_ID, video_id: null },
    { ...SNAPSHOT_ID, payload: null, warnings: null, sync_status: null, error_message: null },
  )
  const { workspace, account, tokens, payload, post, publication, video } = await stored()
  expect(workspace).toMatchObject({ name: 'New', refreshMonthlyQuota: null })
  expect(account).toMatchObject([
    {
      ...{ handle: '@b', displayName: null, avatarUrl: 'https://a.test/a.png', scopes: null },
      ...{ connectionStatus: 'connected', tokenExpiresAt: new Date('2026-07-01T00:00:00Z') },
      ...{ syncStatus: 'synced', warnings: [], errorMessage: null },
      staleAfter: new Date('2026-06-29T10:00:00Z'),
    },
  ])
  expect(tokens).toMatchObject({ accessToken: expect.any(String), refreshToken: null })
  expect(payload.get('acc') ?? null).toBeNull()
  expect(post).toMatchObject([{ text: null, createdAt: new Date('2026-06-02T00:00:00Z') }])
  expect(publication).toMatchObject([
    { postId: null, text: 'New', durationSeconds: null, url: 'https://a.test/11' },
  ])
  expect(publication[0]?.contentType).toBe('video')
  expect(video).toMatchObject([{ videoId: '11' }])
})

test('a token connects, and no token disconnects', async () => {
  const status = async () => (await accountsByIds(store.db, 'w', ['acc']))[0]?.connectionStatus
  await replace({ ...ACCOUNT_ID, access_token: null })
  expect([await status(), await sealedTokens(store.db, 'w', 'acc')]).toEqual(['disconnected', null])
  await replace({ ...ACCOUNT_ID, handle: '@b' })
  expect(await status()).toBe('disconnected')
  await replace({ ...SNAPSHOT_ID, sync_status: 'requires_reconnect', error_message: 'Withdrawn.' })
  await replace({ ...ACCOUNT_ID, access_token: 'access-2' })
  const [account] = await accountsByIds(store.db, 'w', ['acc'])
  expect(account).toMatchObject({
    ...{ connectionStatus: 'connected', syncStatus: 'pending', errorMessage: null },
  })
  const tokens = await sealedTokens(store.db, 'w', 'acc')
  const context = accountTokenContext('w', 'acc')
  expect(CIPHER.open(tokens?.accessToken ?? '', context)).toBe('access-2')
})

test('records of one row in one file add up', async () => {
  const { counts } = await replace(
    { ...ACCOUNT_ID, id: 'new', platform_account_id: '2', handle: '@n', access_token: 'token' },
    { ...ACCOUNT_ID, id: 'new', platform_account_id: '2', display_name: 'N' },
    { ...ACCOUNT_ID, id: 'new', platform_account_id: '2', handle: null },
  )
  expect(counts?.account).toEqual({ stored: 1, replaced: 2, skipped: 0 })
  const [account] = await accountsByIds(store.db, 'w', ['new'])
  expect(account).toMatchObject({
    ...{ handle: null, displayName: 'N', connectionStatus: 'connected' },
  })
})

test('a newer snapshot is a state of its own', async () => {
  await replace({ ...SNAPSHOT_ID, captured_at: '2026-06-29T11:00:00Z' })
  const [account] = await accountsByIds(store.db, 'w', ['acc'])
  expect(account).toMatchObject({
    ...{ syncStatus: 'synced', warnings: [], errorMessage: null },
    staleAfter: new Date('2026-06-29T17:00:00Z'),
  })
})

test('whatever is written moves the data of its workspace on, and what is skipped does not', async () => {
  await using store = await openTestStore()
  const { db } = store
  const version = async () => (await workspaceById(db, 'w'))?.dataVersion ?? 0
  const workspace = { type: 'workspace', id: 'w', name: 'W' }
  const post = { type: 'post', workspace_id: 'w', id: 'p', text: 'T' }
  await importInto(db, [workspace])
  const before = await version()
  await importInto(db, [workspace, post])
  const posted = await version()
  expect(posted).toBeGreaterThan(before)
  await importInto(db, [workspace, post])
  expect(await version()).toBe(posted)
  await importInto(db, [{ ...workspace, name: 'V' }], { replace: true })
  expect(await version()).toBeGreaterThan(posted)
})
