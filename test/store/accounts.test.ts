import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  accountCount,
  accountOnPlatform,
  accountPage,
  accountPayloads,
  accountsByIds,
  lockedAccounts,
} from '../../src/store/accounts.ts'
import { openStore } from '../../src/store/connect.ts'
import {
  claimTokenRenewal,
  disconnect,
  releaseTokenRenewal,
  sealedTokens,
  storeAccountOutcome,
  storeTokens,
  upsertConnection,
} from '../../src/store/connections.ts'
import { describeStores, openTestStore, type TestStore } from '../support/database.ts'
import { AT, addWorkspace, connection, FIRST_PAGE, later } from '../support/rows.ts'

const READING = {
  syncStatus: 'synced',
  warnings: [],
  errorMessage: null,
  lastUpdatedAt: AT,
  staleAfter: later(1),
  missing: {},
  native: { followers_count: 3_412_345_678 },
  payload: { data: {} },
  catalogVersion: 1,
  profile: null,
  connectionStatus: null,
} as const

describeStores('accounts', (open) => {
  let store: TestStore
  const one = async (ws: string) => (await accountsByIds(store.db, ws, ['account']))[0]

  beforeAll(async () => {
    store = await open()
    const names = ['new', 'again', 'gone', 'tokens', 'reading', 'lists', 'lease']
    for (const name of names) await addWorkspace(store.db, name)
  })
  afterAll(() => store.close())

  test('a connected account is pending, and shows nothing of its tokens', async () => {
    const { accessToken, refreshToken, ...shown } = connection()
    const account = await one('new')
    expect(account).toEqual({
      ...shown,
      workspaceId: 'new',
      connectionStatus: 'connected',
      syncStatus: 'pending',
      warnings: [],
      errorMessage: null,
      lastUpdatedAt: null,
      staleAfter: null,
      dueAt: shown.connectedAt,
      missing: {},
      native: {},
    })
    expect(await accountOnPlatform(store.db, 'new', 'x', '2244994945')).toEqual(account)
    expect(await accountOnPlatform(store.db, 'new', 'tiktok', '2244994945')).toBeNull()
    expect(await sealedTokens(store.db, 'new', 'account')).toEqual({
      accessToken,
      refreshToken,
      expiresAt: null,
    })
  })

  test('connecting an account again keeps its id, its numbers and what is left out', async () => {
    const lost = { ...READING, syncStatus: 'requires_reconnect', errorMessage: 'Expired.' } as const
    await storeAccountOutcome(store.db, 'again', 'account', {
      ...lost,
      connectionStatus: 'requires_reconnect',
    })
    expect(await one('again')).toMatchObject({ connectionStatus: 'requires_reconnect' })
    const again = connection({ id: 'other', handle: null, scopes: null, connectedAt: later(5) })
    expect(await upsertConnection(store.db, 'again', again)).toMatchObject({
      id: 'account',
      handle: 'weir',
      scopes: null,
      connectedAt: later(5),
      connectionStatus: 'connected',
      syncStatus: 'pending',
      errorMessage: null,
      native: READING.native,
    })
  })

  test('a disconnected account keeps its row and loses its tokens', async () => {
    expect(await disconnect(store.db, 'gone', 'account')).toMatchObject({
      connectionStatus: 'disconnected',
      handle: 'weir',
    })
    expect(await sealedTokens(store.db, 'gone', 'account')).toBeNull()
    expect(await disconnect(store.db, 'gone', 'none')).toBeNull()
    expect(await sealedTokens(store.db, 'gone', 'none')).toBeNull()
  })

  test('new tokens replace the old, but for a refresh token and scopes that did not come', async () => {
    const kept = { accessToken: 'b', refreshToken: null, expiresAt: AT, scopes: null }
    await storeTokens(store.db, 'tokens', 'account', kept)
    const tokens = await sealedTokens(store.db, 'tokens', 'account')
    expect(tokens).toEqual({ accessToken: 'b', refreshToken: 'sealed refresh', expiresAt: AT })
    expect(await one('tokens')).toMatchObject({ scopes: ['tweet.read'], tokenExpiresAt: AT })
    const all = { accessToken: 'c', refreshToken: 'd', expiresAt: null, scopes: ['e'] }
    await storeTokens(store.db, 'tokens', 'account', all)
    const { scopes, ...replaced } = all
    const late = { ...kept, replaces: 'b' }
    expect(await storeTokens(store.db, 'tokens', 'account', late)).toBe(false)
    expect(await sealedTokens(store.db, 'tokens', 'account')).toEqual(replaced)
    expect(await one('tokens')).toMatchObject({ scopes, tokenExpiresAt: null })
  })

  test('a reading moves numbers and profile, and a failure afterwards keeps both', async () => {
    const profile = { handle: 'renamed', displayName: 'Weir', avatarUrl: null }
    await storeAccountOutcome(store.db, 'reading', 'account', { ...READING, profile })
    const failure = { ...READING, syncStatus: 'failed', errorMessage: 'Down.' } as const
    const nothing = { native: null, payload: null, missing: null, lastUpdatedAt: null }
    await storeAccountOutcome(store.db, 'reading', 'account', { ...failure, ...nothing })
    expect(await one('reading')).toMatchObject({
      ...{ handle: 'renamed', displayName: 'Weir', connectionStatus: 'connected' },
      ...{ syncStatus: 'failed', errorMessage: 'Down.', lastUpdatedAt: AT },
      native: READING.native,
    })
    const payloads = await accountPayloads(store.db, 'reading', ['account', 'none'])
    expect(payloads).toEqual(new Map([['account', READING.payload]]))
  })

  test('lists are in the order of connection, narrowed by platform and status', async () => {
    const more = { platform: 'tiktok', connectedAt: later(-1) } as const
    await upsertConnection(store.db, 'lists', connection({ id: 'b', ...more }))
    await upsertConnection(
      store.db,
      'lists',
      connection({ id: 'a', ...more, platformAccountId: '2' }),
    )
    await disconnect(store.db, 'lists', 'a')
    const matches = async (filter: Parameters<typeof accountPage>[2]) => {
      const { rows } = await accountPage(store.db, 'lists', filter, FIRST_PAGE)
      expect(await accountCount(store.db, 'lists', filter)).toBe(rows.length)
      return rows.map((entry) => entry.row.id)
    }
    expect(await matches({})).toEqual(['a', 'b', 'account'])
    expect(await matches({ platform: 'tiktok' })).toEqual(['a', 'b'])
    expect(await matches({ connection: 'connected', platform: null })).toEqual(['b', 'account'])
  })

  test('one process renews tokens at a time, and one that died is passed over', async () => {
    const claim = (now: Date) =>
      claimTokenRenewal(store.db, 'lease', 'account', { now, until: new Date(+now + 10) })
    expect(await claim(later(0))).toBe(true)
    expect(await claim(later(9))).toBe(false)
    expect(await claim(later(10))).toBe(true)
    await releaseTokenRenewal(store.db, 'lease', 'account')
    expect(await claim(later(11))).toBe(true)
  })
})

test('tokens read with a lock are read by nobody else before they are stored', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await addWorkspace(store.db, 'w')
  const other = await openStore({ databaseUrl: store.databaseUrl, dataDir: null, poolMax: 4 })
  const renew = (db: typeof store.db) =>
    db.transaction().execute(async (transaction) => {
      await lockedAccounts(transaction, 'w', ['account'])
      const tokens = await sealedTokens(transaction, 'w', 'account')
      const accessToken = `${tokens?.accessToken}+`
      const unchanged = { refreshToken: null, expiresAt: null, scopes: null }
      await storeTokens(transaction, 'w', 'account', { accessToken, ...unchanged })
    })
  await Promise.all([store.db, other.db, store.db, other.db].map(renew))
  const tokens = await sealedTokens(store.db, 'w', 'account')
  expect(tokens?.accessToken).toBe('sealed access++++')
  await other.close()
})
