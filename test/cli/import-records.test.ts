import { expect, test } from 'vitest'
import { accountTokenContext } from '../../src/domain/secrets.ts'
import { accountsByIds } from '../../src/store/accounts.ts'
import { sealedTokens } from '../../src/store/connections.ts'
import { publicationsByIds } from '../../src/store/publications.ts'
import { videosByIds } from '../../src/store/videos.ts'
import { workspaceById } from '../../src/store/workspaces.ts'
import { describeStores } from '../support/database.ts'
import { CIPHER, importInto } from '../support/importing.ts'

const of = { workspace_id: 'w' }
const WORKSPACE = { type: 'workspace', id: 'w', name: 'W' }
const ACCOUNT = {
  ...{ type: 'account', ...of, id: 'acc', platform: 'tiktok', platform_account_id: 'open-1' },
  ...{ handle: '@a', access_token: 'token-1', scopes: ['user.info.stats'] },
}
const POST = { type: 'post', ...of, id: 'post', text: 'Hello' }
const PUBLICATION = {
  ...{ type: 'publication', ...of, id: 'pub', post_id: 'post', account_id: 'acc' },
  ...{ platform_post_id: '7123456789012345678', content_type: 'video' },
}
const VIDEO = { type: 'video', ...of, id: 'va_001', publication_id: 'pub' }
const snapshot = (hour: number, views: number) => ({
  ...{ type: 'snapshot', ...of, publication_id: 'pub', metrics: { view_count: views } },
  captured_at: `2026-06-29T0${hour}:00:00Z`,
})
const FILE = [
  VIDEO,
  snapshot(9, 3_412_345_678),
  snapshot(8, 0),
  PUBLICATION,
  POST,
  ACCOUNT,
  WORKSPACE,
]

describeStores('an import', (open) => {
  test('stores records in whatever order, and the newest snapshot is the latest state', async () => {
    await using store = await open()
    const { counts, problems } = await importInto(store.db, FILE)
    expect(problems).toEqual([])
    expect(counts?.snapshot).toEqual({ stored: 2, replaced: 0, skipped: 0 })
    const [publication] = await publicationsByIds(store.db, 'w', ['pub'])
    expect(publication).toMatchObject({
      ...{ platform: 'tiktok', platformPostId: '7123456789012345678', syncStatus: 'synced' },
      native: { view_count: 3_412_345_678 },
      metrics: { views: 3_412_345_678, likes: null },
      lastUpdatedAt: new Date('2026-06-29T09:00:00Z'),
      staleAfter: new Date('2026-06-29T15:00:00Z'),
    })
    const [video] = await videosByIds(store.db, 'w', ['va_001'])
    expect(video).toMatchObject({ videoId: '7123456789012345678', publication: { id: 'pub' } })
  })

  test('seals tokens; an account without one is disconnected', async () => {
    await using store = await open()
    const bare = { ...ACCOUNT, id: 'bare', platform_account_id: '2', access_token: null }
    await importInto(store.db, [WORKSPACE, ACCOUNT, bare])
    const sealed = await sealedTokens(store.db, 'w', 'acc')
    expect(sealed?.accessToken).not.toContain('token-1')
    const context = accountTokenContext('w', 'acc')
    expect(CIPHER.open(sealed?.accessToken ?? '', context)).toBe('token-1')
    const [first, second] = await accountsByIds(store.db, 'w', ['acc', 'bare'])
    expect(new Set([first?.connectionStatus, second?.connectionStatus])).toEqual(
      new Set(['connected', 'disconnected']),
    )
  })

  test('of the same file again changes nothing, with ids or without', async () => {
    await using store = await open()
    const withoutIds = [
      { ...POST, id: undefined },
      { ...POST, id: undefined },
      { ...ACCOUNT, id: undefined, platform_account_id: 'open-2' },
      { ...PUBLICATION, id: undefined, platform_post_id: '2' },
    ]
    const first = await importInto(store.db, [...FILE, ...withoutIds])
    expect(first.counts?.post).toMatchObject({ stored: 3, skipped: 0 })
    const before = await workspaceById(store.db, 'w')
    const { counts, problems } = await importInto(store.db, [...FILE, ...withoutIds])
    expect(problems).toEqual([])
    expect(Object.values(counts ?? {}).filter((count) => count.stored > 0)).toEqual([])
    expect(counts?.account).toEqual({ stored: 0, replaced: 0, skipped: 2 })
    expect(await workspaceById(store.db, 'w')).toEqual(before)
  })

  test('keeps a later state and rotated tokens, unless it replaces', async () => {
    await using store = await open()
    await importInto(store.db, [...FILE, snapshot(7, 1)])
    const changed = [{ ...ACCOUNT, handle: '@b' }, { ...PUBLICATION, text: 'New' }, snapshot(6, 5)]
    await importInto(store.db, changed)
    const [account] = await accountsByIds(store.db, 'w', ['acc'])
    expect(account?.handle).toBe('@a')
    const views = async () => (await publicationsByIds(store.db, 'w', ['pub']))[0]?.metrics.views
    expect(await views()).toBe(3_412_345_678)
    const { counts } = await importInto(store.db, [...changed, snapshot(9, 12)], { replace: true })
    expect(counts?.account).toEqual({ stored: 0, replaced: 1, skipped: 0 })
    const [replaced] = await accountsByIds(store.db, 'w', ['acc'])
    expect(replaced?.handle).toBe('@b')
    expect(await views()).toBe(12)
  })
})
