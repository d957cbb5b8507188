import { expect, test } from 'vitest'
import type { Refresh } from '../../src/domain/refresh.ts'
import type { RefreshDependencies } from '../../src/refresh/dependencies.ts'
import { fulfilOnce } from '../../src/refresh/repeats.ts'
import { requestAccountRefresh, requestPostRefresh } from '../../src/refresh/requests.ts'
import { openStore, type Store } from '../../src/store/connect.ts'
import { openTestStore, type TestStore } from '../support/database.ts'
import { numbersOf } from './fake-platform.ts'
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

/** Stores as several processes have them, each with connections of its own. */
async function openStores(
  store: TestStore,
  count: number,
): Promise<AsyncDisposable & { all: Store[] }> {
  const url = { databaseUrl: store.databaseUrl, dataDir: null, poolMax: 6 }
  const others = await Promise.all(Array.from({ length: count - 1 }, () => openStore(url)))
  const close = () => Promise.all(others.map((other) => other.close()))
  return { all: [store, ...others], [Symbol.asyncDispose]: async () => void (await close()) }
}

/** Asks for every account at once, each time in another of the stores. */
function askAll(deps: RefreshDependencies, stores: Store[], accountIds: string[]) {
  return Promise.all(
    accountIds.map(async (accountId, each) => {
      const db = stores[each % stores.length]?.db ?? deps.db
      const wish = { accountId, idempotencyKey: null }
      return requestAccountRefresh({ ...deps, db }, WORKSPACE, wish)
    }),
  )
}

const newRefreshes = async ({ db }: Store) =>
  (await db.selectFrom('refresh').select('id').where('origin', '=', 'request').execute()).length

test('two hundred wishes for one account at once are one refresh, one job and one unit', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 6 })
  await using weir = await openRefreshing(store)
  await using stores = await openStores(store, 4)
  await allow(store, { refreshCooldownHours: 48, refreshMonthlyQuota: 5 })
  const account = await connectIdle(weir)
  weir.queued.length = 0
  const ids = Array.from({ length: 200 }, () => account.id)
  const answers = await askAll(weir.deps, stores.all, ids)
  const got = answers.map((answer) => (answer.kind === 'queued' ? answer.refresh.id : answer.kind))
  expect(new Set(got).size).toBe(1)
  expect(weir.queued.map(({ refreshId }) => refreshId)).toEqual([got[0]])
  expect(await usage(store)).toEqual({ [MONTH]: 1 })
})

test('of fifty accounts wished for at once with a quota of five, five are refreshed', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 6 })
  await using weir = await openRefreshing(store)
  await using stores = await openStores(store, 4)
  await allow(store, { refreshCooldownHours: 48, refreshMonthlyQuota: 5 })
  const ids = Array.from({ length: 50 }, (_, index) => `acc_${index}`)
  for (const id of ids) await connectIdle(weir, id)
  weir.queued.length = 0
  const answers = await askAll(weir.deps, stores.all, ids)
  expect(answers.filter(({ kind }) => kind === 'queued')).toHaveLength(5)
  expect(answers.filter(({ kind }) => kind === 'quota_exceeded')).toHaveLength(45)
  expect([await newRefreshes(store), weir.queued.length]).toEqual([5, 5])
  expect(await usage(store)).toEqual({ [MONTH]: 5 })
})

/** Records a post of all these accounts, and reads it until it is stale again. */
async function recordPost(weir: Refreshing, accountIds: string[]): Promise<void> {
  const unsaid = { localId: null, url: null, text: null, contentType: null }
  const publications = accountIds.map((accountId) => ({
    ...{ ...unsaid, accountId, platformPostId: `p-${accountId}` },
    ...{ createdAt: null, publishedAt: null },
  }))
  weir.platform.publications = Object.fromEntries(accountIds.map((id) => [`p-${id}`, numbersOf(1)]))
  await weir.commands.recordPost(WORKSPACE, { localId: 'post', text: null, publications })
  await Promise.all(weir.queued.splice(0).map(({ refreshId }) => weir.run({ id: refreshId })))
  weir.advance(7 * HOUR)
}

test('wishes for posts and accounts while refreshes end lose no unit and take none too many', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 6 })
  await using weir = await openRefreshing(store)
  await using stores = await openStores(store, 4)
  await allow(store, { refreshCooldownHours: 48, refreshMonthlyQuota: 3 })
  const ids = ['a', 'b', 'c', 'd']
  for (const id of ids) await connectIdle(weir, id)
  weir.queued.length = 0
  await recordPost(weir, ids)
  const post = { postId: 'post', accountId: null, idempotencyKey: null }
  const askPost = ({ db }: Store) => requestPostRefresh({ ...weir.deps, db }, WORKSPACE, post)
  const [answers] = await Promise.all([
    askAll(weir.deps, stores.all, [...ids, ...ids]),
    ...stores.all.map(askPost),
  ])
  expect(answers.filter(({ kind }) => kind === 'quota_exceeded')).not.toHaveLength(0)
  expect(await newRefreshes(store)).toBe((await usage(store))[MONTH])
  // None of them may be tried any more, so each gives its unit back while others ask for it.
  const runs = weir.queued.map(({ refreshId }) => weir.run({ id: refreshId }, 99))
  await Promise.all([...runs, askAll(weir.deps, stores.all, ids), ...stores.all.map(askPost)])
  const refreshes = store.db.selectFrom('refresh').select('id')
  const charged = await refreshes.where('charged_at', 'is not', null).execute()
  expect(charged.length).toBeLessThanOrEqual(3)
  expect(await usage(store)).toEqual({ [MONTH]: charged.length })
})

test('a wish that comes too late for its key’s first one gets that one’s refresh', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 6 })
  await using weir = await openRefreshing(store)
  await allow(store, { refreshCooldownHours: 48, refreshMonthlyQuota: 5 })
  const account = await connectIdle(weir)
  const wish = { accountId: account.id, idempotencyKey: 'k' }
  const first = Promise.withResolvers<Refresh>()
  const late = await fulfilOnce<Refresh | null>(weir.deps, {
    ...{ workspaceId: WORKSPACE, operation: `refresh account ${account.id}`, key: 'k' },
    // It has looked for an earlier answer in vain. Now another is given, worked off and over.
    async fulfil() {
      const answer = await weir.commands.requestAccountRefresh(WORKSPACE, wish)
      if (answer.kind !== 'queued') throw new Error(answer.kind)
      first.resolve(await weir.run(answer.refresh))
      return { answer: null, refreshes: [] }
    },
    repeat: async (_, [refresh = null]) => refresh,
  })
  expect(late).toEqual(await first.promise)
})
