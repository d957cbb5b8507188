import { expect, test } from 'vitest'
import { openTestStore, type TestStore } from '../support/database.ts'
import { failureOf, numbersOf } from './fake-platform.ts'
import {
  allow,
  connectIdle,
  openRefreshing,
  type Refreshing,
  usage,
  WORKSPACE,
} from './refreshing.ts'

const HOUR = 3600
const MONTH = '2026-03-01'

/** Refreshing with a stale post of the accounts a, b and c, which have stale numbers as well. */
async function withPost(store: TestStore, quota: number): Promise<Refreshing> {
  const weir = await openRefreshing(store)
  await allow(store, { refreshCooldownHours: 48, refreshMonthlyQuota: quota })
  const accountIds = ['a', 'b', 'c']
  for (const id of accountIds) await connectIdle(weir, id)
  const unsaid = { localId: null, url: null, text: null, contentType: null }
  const publications = accountIds.map((accountId) => ({
    ...{ ...unsaid, accountId, platformPostId: `p-${accountId}` },
    ...{ createdAt: null, publishedAt: null },
  }))
  weir.platform.publications = Object.fromEntries(accountIds.map((id) => [`p-${id}`, numbersOf(1)]))
  await weir.commands.recordPost(WORKSPACE, { localId: 'post', text: null, publications })
  await runAll(weir)
  weir.advance(7 * HOUR)
  return weir
}

async function runAll(weir: Refreshing): Promise<void> {
  for (const { refreshId } of weir.queued.splice(0)) await weir.run({ id: refreshId })
}

const refreshesOf = ({ db }: TestStore) =>
  db.selectFrom('refresh').selectAll().orderBy('id').execute()

const askPost = (weir: Refreshing, accountId: string | null = null) => {
  const wish = { postId: 'post', accountId, idempotencyKey: null }
  return weir.commands.requestPostRefresh(WORKSPACE, wish)
}

async function refreshedAccounts(weir: Refreshing): Promise<string[]> {
  const answer = await askPost(weir)
  if (answer.kind !== 'queued') throw new Error(answer.kind)
  return answer.refreshes.map((refresh) => refresh.accountId)
}

test('a post takes a unit for each account, and joins what is active for nothing', async () => {
  await using store = await openTestStore()
  await using weir = await withPost(store, 3)
  const active = await weir.request({ id: 'b' })
  const answer = await askPost(weir)
  expect(answer).toMatchObject({
    kind: 'queued',
    refreshes: [{ accountId: 'a' }, { id: active.id, publicationIds: null }, { accountId: 'c' }],
  })
  expect(await refreshedAccounts(weir)).toEqual(['a', 'b', 'c'])
  expect(await usage(store)).toEqual({ [MONTH]: 3 })
  await runAll(weir)
  expect(await usage(store)).toEqual({ [MONTH]: 3 })
})

test('a post that takes more units than are left takes none, and changes no refresh', async () => {
  await using store = await openTestStore()
  await using weir = await withPost(store, 2)
  await askPost(weir, 'a')
  const before = await refreshesOf(store)
  expect(await askPost(weir)).toMatchObject({
    kind: 'quota_exceeded',
    monthlyQuota: { limit: 2, used: 1 },
  })
  expect(await refreshesOf(store)).toEqual(before)
  expect((await askPost(weir, 'c')).kind).toBe('queued')
  expect(await usage(store)).toEqual({ [MONTH]: 2 })
})

test('accounts on which a post is fresh are left out', async () => {
  await using store = await openTestStore()
  await using weir = await withPost(store, 5)
  await askPost(weir, 'b')
  await runAll(weir)
  expect(await refreshedAccounts(weir)).toEqual(['a', 'c'])
  await runAll(weir)
  expect(await refreshedAccounts(weir)).toEqual([])
  expect(await usage(store)).toEqual({ [MONTH]: 3 })
})

test('accounts that cool down are left out, and the first to end counts when all do', async () => {
  await using store = await openTestStore()
  await using weir = await withPost(store, 5)
  await askPost(weir, 'a')
  await runAll(weir)
  weir.advance(7 * HOUR)
  const second = weir.deps.now()
  expect(await refreshedAccounts(weir)).toEqual(['b', 'c'])
  await runAll(weir)
  weir.advance(7 * HOUR)
  const nextRefreshAt = new Date(second.getTime() + 41 * HOUR * 1000)
  const cooling = { kind: 'cooldown', nextRefreshAt, hoursRemaining: 34 }
  expect(await askPost(weir)).toEqual(cooling)
  expect(await askPost(weir, 'b')).toMatchObject({ kind: 'cooldown', hoursRemaining: 41 })
  expect(await usage(store)).toEqual({ [MONTH]: 3 })
})

test('a unit comes back for each account of a post that could not be read', async () => {
  await using store = await openTestStore()
  await using weir = await withPost(store, 5)
  weir.platform.publications = { 'p-a': numbersOf(2), 'p-b': failureOf('unsupported') }
  expect(await refreshedAccounts(weir)).toEqual(['a', 'b', 'c'])
  await runAll(weir)
  expect(await usage(store)).toEqual({ [MONTH]: 1 })
  weir.advance(7 * HOUR)
  expect(await refreshedAccounts(weir)).toEqual(['b', 'c'])
})
