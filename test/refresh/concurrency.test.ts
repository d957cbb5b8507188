import { v7 } from 'uuid'
import { expect, test, vi } from 'vitest'
import { REFRESH_LIMITS } from '../../src/refresh/dependencies.ts'
import { requestAccountRefresh } from '../../src/refresh/requests.ts'
import { openStore } from '../../src/store/connect.ts'
import { openTestStore } from '../support/database.ts'
import { numbersOf } from './fake-platform.ts'
import { openRefreshing, type Refreshing, START, WORKSPACE } from './refreshing.ts'

test('fifty wishes at once, over several connections, are one refresh and one job', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 10 })
  await using weir = await openRefreshing(store)
  const { account, refresh: first } = await weir.connect()
  await weir.run(first)
  weir.advance(7 * 3600)
  weir.queued.length = 0
  const others = await openStore({ databaseUrl: store.databaseUrl, dataDir: null, poolMax: 10 })
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, each) => {
      const deps = { ...weir.deps, db: each % 2 === 0 ? store.db : others.db }
      const wish = { accountId: account.id, idempotencyKey: each % 3 === 0 ? 'key' : null }
      return requestAccountRefresh(deps, WORKSPACE, wish)
    }),
  )
  await others.close()
  const ids = answers.map((answer) => (answer.kind === 'queued' ? answer.refresh.id : answer.kind))
  expect(new Set(ids).size).toBe(1)
  const rows = await store.db.selectFrom('refresh').select(['id', 'status']).execute()
  expect(rows).toHaveLength(2)
  expect(weir.queued.map(({ refreshId }) => refreshId)).toEqual([ids[0]])
})

test('two runs of one refresh at once store what they read once', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await using weir = await openRefreshing(store)
  weir.platform.pages = [{ items: [{ id: 'p1', numbers: numbersOf(1) }] }]
  const { account, refresh } = await weir.connect()
  const { promise: both, resolve } = Promise.withResolvers<void>()
  weir.platform.before = async () => {
    if (weir.platform.calls.filter((call) => call === 'list').length === 2) resolve()
    await both
  }
  const [one] = await Promise.all([weir.run(refresh), weir.run(refresh, 2)])
  expect(one).toMatchObject({ status: 'succeeded', updated: 2 })
  expect(await weir.snapshots()).toHaveLength(2)
  expect(Object.keys(await weir.publications(account.id))).toEqual(['p1'])
})

test('two runs at once renew an account’s tokens once', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await using weir = await openRefreshing(store)
  const expiresAt = new Date(START.getTime() + 7200_000)
  weir.platform.tokens = {
    accessToken: 'access-2',
    refreshToken: 'refresh-2',
    expiresAt,
    scopes: null,
  }
  const { refresh } = await weir.connect()
  weir.platform.acceptedToken = 'access-2'
  const lists = () => weir.platform.calls.filter((call) => call === 'list').length
  weir.platform.before = (call) => {
    if (call === 'list') return vi.waitFor(() => expect(lists()).toBeGreaterThan(1))
  }
  const [one] = await Promise.all([weir.run(refresh), weir.run(refresh, 2)])
  expect(one.status).toBe('succeeded')
  expect(weir.platform.calls.filter((call) => call === 'tokens')).toHaveLength(1)
})

/** Records content of an account as a post of its own. */
function record(weir: Refreshing, accountId: string, platformPostId: string) {
  const unsaid = { localId: null, url: null, text: null, contentType: null }
  const when = { createdAt: null, publishedAt: null }
  const publications = [{ ...unsaid, ...when, accountId, platformPostId }]
  return weir.commands.recordPost(WORKSPACE, { localId: null, text: null, publications })
}

test('whoever wishes, records or reconnects while a run reads, joins its refresh', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 10 })
  await using weir = await openRefreshing(store, { newId: v7 })
  weir.platform.pages = [{ items: ['a', 'b', 'c'].map((id) => ({ id, numbers: numbersOf(1) })) }]
  weir.platform.publications = { d: numbersOf(1) }
  const { account, refresh } = await weir.connect()
  const reading = Promise.withResolvers<void>()
  const answered = Promise.withResolvers<void>()
  weir.platform.before = () => {
    reading.resolve()
    return answered.promise
  }
  const run = weir.run(refresh)
  await reading.promise
  const [records, connections, wishes] = await Promise.all([
    Promise.all(['a', 'b', 'c', 'd'].map((id) => record(weir, account.id, id))),
    Promise.all([1, 2].map(() => weir.connect({ accessToken: 'access-3', localId: null }))),
    Promise.all([1, 2].map(() => weir.request(account))),
  ])
  answered.resolve()
  expect(records.map(({ kind }) => kind)).toEqual(Array(4).fill('recorded'))
  const joined = [...connections.map((each) => each.refresh), ...wishes].map(({ id }) => id)
  expect(joined).toEqual(Array(4).fill(refresh.id))
  // Its tokens are no longer the account's: what it read is not stored, and read again.
  expect(await run).toMatchObject({ id: refresh.id, status: 'queued', updated: 0 })
  expect(await weir.run(refresh)).toMatchObject({ status: 'succeeded', updated: 5, failed: 0 })
  expect(Object.keys(await weir.publications(account.id)).sort()).toEqual(['a', 'b', 'c', 'd'])
})

test('wishes, refreshes and reconnections of one account at once all come through', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 10 })
  // The run may end before a wish comes: with numbers that are never fresh, that one is queued too.
  const limits = { ...REFRESH_LIMITS, staleAfterSeconds: 0 }
  await using weir = await openRefreshing(store, { newId: v7, limits })
  weir.platform.pages = [{ items: ['a', 'b', 'c'].map((id) => ({ id, numbers: numbersOf(1) })) }]
  const { account, refresh } = await weir.connect()
  const outcomes = await Promise.all([
    weir.run(refresh),
    ...['a', 'b', 'c', 'd'].map((id) => record(weir, account.id, id)),
    weir.connect({ localId: null }),
    weir.connect({ localId: null }),
    ...['a', 'b'].map(() => weir.request(account)),
  ])
  expect(outcomes).toHaveLength(9)
  expect(Object.keys(await weir.publications(account.id)).sort()).toEqual(['a', 'b', 'c', 'd'])
})
