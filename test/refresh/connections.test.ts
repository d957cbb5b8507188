import { describe, expect, test } from 'vitest'
import { accountTokenContext } from '../../src/domain/secrets.ts'
import { sealedTokens } from '../../src/store/connections.ts'
import { openTestStore } from '../support/database.ts'
import { failureOf } from './fake-platform.ts'
import { openRefreshing, START, WORKSPACE } from './refreshing.ts'

const INPUT = {
  platform: 'tiktok',
  platformAccountId: 'open-id-1',
  accessToken: 'secret-access',
  refreshToken: 'secret-refresh',
  tokenExpiresAt: new Date(START.getTime() + 3600_000),
  scopes: ['video.list'],
  handle: 'brand',
  localId: 'acc_1',
} as const

describe('connecting an account', () => {
  test('keeps the id that was given, seals the tokens and queues a first refresh', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    const answer = await weir.commands.connectAccount(WORKSPACE, { ...INPUT, scopes: ['a'] })
    expect(answer).toMatchObject({
      kind: 'connected',
      account: {
        id: 'acc_1',
        connectionStatus: 'connected',
        syncStatus: 'pending',
        handle: 'brand',
      },
    })
    const sealed = await sealedTokens(store.db, WORKSPACE, 'acc_1')
    expect(JSON.stringify(sealed)).not.toContain('secret')
    const context = accountTokenContext(WORKSPACE, 'acc_1')
    expect(weir.deps.cipher.open(sealed?.accessToken ?? '', context)).toBe('secret-access')
    expect(weir.deps.cipher.open(sealed?.refreshToken ?? '', context)).toBe('secret-refresh')
    expect(weir.queued).toMatchObject([{ accountId: 'acc_1', platform: 'tiktok', attempt: 1 }])
  })

  test('again brings new tokens to the same account and ends its need to reconnect', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    const { account, refresh } = await weir.connect()
    weir.platform.account = failureOf('unauthorized')
    weir.platform.listingFailure = failureOf('unauthorized')
    await weir.run(refresh)
    expect((await weir.account(account.id)).connectionStatus).toBe('requires_reconnect')
    const input = { ...INPUT, scopes: null, localId: null, accessToken: 'newer' }
    const answer = await weir.commands.connectAccount(WORKSPACE, input)
    expect(answer).toMatchObject({
      account: { id: account.id, connectionStatus: 'connected', syncStatus: 'pending' },
    })
    const sealed = await sealedTokens(store.db, WORKSPACE, account.id)
    const context = accountTokenContext(WORKSPACE, account.id)
    expect(weir.deps.cipher.open(sealed?.accessToken ?? '', context)).toBe('newer')
    expect(weir.queued).toHaveLength(2)
  })

  test.each([
    ['platformAccountId', { platformAccountId: '  ' }],
    ['accessToken', { accessToken: '' }],
    ['refreshToken', { refreshToken: '' }],
    ['localId', { localId: 'no spaces' }],
    ['localId', { localId: '' }],
    ['tokenExpiresAt', { tokenExpiresAt: START }],
  ])('names %s when that is wrong', async (field, wrong) => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    const input = { ...INPUT, scopes: null, ...wrong }
    const answer = await weir.commands.connectAccount(WORKSPACE, input)
    expect(answer).toMatchObject({ kind: 'invalid', field })
    expect(weir.queued).toEqual([])
  })

  test('refuses an id that another account has, and another id for an account that has one', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    await weir.connect()
    const other = { ...INPUT, scopes: null, platformAccountId: 'open-id-2' }
    expect(await weir.commands.connectAccount(WORKSPACE, other)).toMatchObject({ field: 'localId' })
    const same = { ...INPUT, scopes: null, localId: 'acc_2' }
    expect(await weir.commands.connectAccount(WORKSPACE, same)).toMatchObject({ field: 'localId' })
  })
})

test('disconnecting forgets the tokens and keeps the numbers', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account, refresh } = await weir.connect()
  await weir.run(refresh)
  const answer = await weir.commands.disconnectAccount(WORKSPACE, account.id)
  expect(answer).toMatchObject({
    kind: 'disconnected',
    account: { connectionStatus: 'disconnected', native: { follower_count: 120 } },
  })
  expect(await sealedTokens(store.db, WORKSPACE, account.id)).toBeNull()
  const nobody = await weir.commands.disconnectAccount(WORKSPACE, 'nobody')
  expect(nobody).toEqual({ kind: 'not_found' })
})
