import { expect, test } from 'vitest'
import type { ConnectAccountInput } from '../../src/refresh/connections.ts'
import { openTestStore } from '../support/database.ts'
import { failureOf } from './fake-platform.ts'
import { openRefreshing, type Refreshing, START } from './refreshing.ts'

const DAY_SECONDS = 86_400
const inDays = (days: number) => new Date(START.getTime() + days * DAY_SECONDS * 1000)

/** The account's row after its first refresh. */
async function refreshed(weir: Refreshing, more: Partial<ConnectAccountInput>) {
  const { account, refresh } = await weir.connect(more)
  await weir.run(refresh)
  return weir.account(account.id)
}

test('an access that ends soon, and that nobody can renew, is warned of and costs no number', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const row = await refreshed(weir, { refreshToken: null, tokenExpiresAt: inDays(14) })
  expect(row).toMatchObject({
    syncStatus: 'synced',
    warnings: [
      'The access ends on 2026-03-15 (UTC) and cannot be renewed: connect the account again by then.',
    ],
  })
})

test.each<[string, Partial<ConnectAccountInput>]>([
  ['ends in more than two weeks', { refreshToken: null, tokenExpiresAt: inDays(14.1) }],
  ['does not end', { refreshToken: null, tokenExpiresAt: null }],
  ['can be renewed', { refreshToken: 'refresh-1', tokenExpiresAt: inDays(1) }],
])('nobody is warned of an access that %s', async (_name, more) => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  expect(await refreshed(weir, more)).toMatchObject({ syncStatus: 'synced', warnings: [] })
})

test('nobody is warned where a platform renews the access token by itself', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  Object.assign(weir.platform.connector, { exchangeAheadSeconds: 60 })
  const row = await refreshed(weir, { refreshToken: null, tokenExpiresAt: inDays(1) })
  expect(row).toMatchObject({ syncStatus: 'synced', warnings: [] })
})

test('the warning stays as one while a row keeps its state, and ends with a new connection', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const ending = { refreshToken: null, tokenExpiresAt: inDays(3) }
  const account = await refreshed(weir, ending)
  const { readAccount } = weir.platform.connector
  const unread = failureOf('rate_limited', { retryAt: inDays(0.5) })
  weir.platform.connector.readAccount = async (...call) => ({
    ...(await readAccount(...call)),
    unread,
  })
  weir.advance(DAY_SECONDS / 3)
  expect(await weir.run(await weir.request(account))).toMatchObject({ status: 'queued' })
  expect((await weir.account(account.id)).warnings).toEqual(account.warnings)
  weir.platform.connector.readAccount = readAccount
  weir.advance(DAY_SECONDS / 3)
  const again = await refreshed(weir, { localId: null, tokenExpiresAt: inDays(60) })
  expect(again).toMatchObject({ id: account.id, syncStatus: 'synced', warnings: [] })
})
