import { expect, test } from 'vitest'
import { accountTokenContext } from '../../src/domain/secrets.ts'
import { runRefresh } from '../../src/refresh/engine.ts'
import { budgetsOfWorkspace } from '../../src/store/budgets.ts'
import { sealedTokens } from '../../src/store/connections.ts'
import { openTestStore, type TestStore } from '../support/database.ts'
import { failureOf, numbersOf } from './fake-platform.ts'
import { openRefreshing, type Refreshing, START, WORKSPACE } from './refreshing.ts'

const SOON = new Date(START.getTime() + 60_000)
const NEW_TOKENS = {
  accessToken: 'access-2',
  refreshToken: 'refresh-2',
  expiresAt: null,
  scopes: null,
}

async function accessToken(store: TestStore, { deps }: Refreshing): Promise<string | null> {
  const sealed = await sealedTokens(store.db, WORKSPACE, 'acc_1')
  return sealed && deps.cipher.open(sealed.accessToken, accountTokenContext(WORKSPACE, 'acc_1'))
}

function post(platformPostId: string) {
  const unsaid = { localId: null, url: null, text: null, contentType: null }
  const when = { createdAt: null, publishedAt: null }
  const publications = [{ ...unsaid, ...when, accountId: 'acc_1', platformPostId }]
  return { localId: null, text: null, publications }
}

test('content recorded while its account is refreshed is read by that very refresh', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.publications = { old: numbersOf(7) }
  weir.platform.before = async (call) => {
    if (call === 'account') await weir.commands.recordPost(WORKSPACE, post('old'))
  }
  const { account, refresh } = await weir.connect()
  const ended = await weir.run(refresh)
  expect(weir.platform.calls).toEqual(['list', 'account', 'read old'])
  expect(ended).toMatchObject({ status: 'succeeded', updated: 2 })
  expect(await weir.publications(account.id)).toMatchObject({ old: { metrics: { views: 7 } } })
})

test('an account with more content than one refresh looks up has none of it twice', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.deps.limits = { ...weir.deps.limits, publicationsMax: 1 }
  weir.platform.pages = [{ items: ['a', 'b', 'c'].map((id) => ({ id, numbers: numbersOf(1) })) }]
  const { account, refresh } = await weir.connect()
  await weir.run(refresh)
  weir.advance(7 * 3600)
  weir.platform.pages = [{ items: ['a', 'b', 'c'].map((id) => ({ id, numbers: numbersOf(2) })) }]
  expect(await weir.run(await weir.request(account))).toMatchObject({ updated: 4, failed: 0 })
  const rows = Object.values(await weir.publications(account.id))
  expect(rows.map(({ metrics }) => metrics.views)).toEqual([2, 2, 2])
  expect(await weir.snapshots()).toHaveLength(7)
})

test('a wish that joins a refresh that waits for its platform gets numbers newer than stale', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account, refresh } = await weir.connect()
  weir.advance(1)
  const retryAt = new Date(START.getTime() + 8 * 3600_000)
  weir.platform.listingFailure = failureOf('rate_limited', { retryAt })
  expect((await weir.run(refresh)).status).toBe('queued')
  weir.advance(7 * 3600)
  expect((await weir.request(account)).id).toBe(refresh.id)
  weir.advance(3599)
  weir.platform.listingFailure = null
  expect((await weir.run(refresh)).status).toBe('succeeded')
  expect((await weir.account(account.id)).lastUpdatedAt).toEqual(retryAt)
})

test('an account connected again in mid-refresh is read with its new tokens and scopes', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account, refresh } = await weir.connect({ scopes: ['user.info.basic'] })
  weir.platform.before = async (call) => {
    if (call === 'account') await weir.connect({ accessToken: 'access-3', localId: null })
  }
  expect(await weir.run(refresh)).toMatchObject({ status: 'queued', upstreamCalls: 2, updated: 0 })
  expect(weir.queued.at(-1)).toMatchObject({ refreshId: refresh.id, attempt: 1, startAfter: null })
  weir.platform.before = () => {}
  expect(await weir.run(refresh)).toMatchObject({ status: 'succeeded', upstreamCalls: 4 })
  expect(await weir.account(account.id)).toMatchObject({ syncStatus: 'synced', warnings: [] })
})

test('new tokens that a run found in mid-refresh are judged by what they were granted', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account, refresh } = await weir.connect({ scopes: ['user.info.basic'] })
  weir.platform.acceptedToken = 'access-3'
  weir.platform.account = { follower_count: 120 }
  weir.platform.before = async (call) => {
    if (call !== 'list' || weir.platform.calls.length > 1) return
    weir.advance(1)
    await weir.connect({ accessToken: 'access-3', localId: null })
  }
  await weir.run(refresh)
  const { warnings } = await weir.account(account.id)
  expect(warnings).toEqual([expect.stringContaining('The platform did not report')])
})

test('an account disconnected in mid-refresh gets no more numbers, and the refresh fails', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account, refresh } = await weir.connect()
  weir.platform.before = async (call) => {
    if (call === 'account') await weir.commands.disconnectAccount(WORKSPACE, account.id)
  }
  const ended = await weir.run(refresh)
  expect(ended).toMatchObject({ status: 'failed', upstreamCalls: 2 })
  expect(ended.errorMessage).toBe('The account was disconnected.')
  expect((await weir.account(account.id)).lastUpdatedAt).toBeNull()
})

test('tokens that a platform gives too late do not come back to a disconnected account', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.tokens = NEW_TOKENS
  const { account, refresh } = await weir.connect({ tokenExpiresAt: SOON })
  weir.platform.before = async (call) => {
    if (call === 'tokens') await weir.commands.disconnectAccount(WORKSPACE, account.id)
  }
  expect((await weir.run(refresh)).status).toBe('failed')
  expect(await accessToken(store, weir)).toBeNull()
})

test('tokens that somebody connects with are not replaced by those of the old ones', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.tokens = NEW_TOKENS
  const { refresh } = await weir.connect({ tokenExpiresAt: SOON })
  weir.platform.before = async (call) => {
    if (call === 'tokens') await weir.connect({ accessToken: 'access-3', localId: null })
  }
  weir.platform.acceptedToken = 'access-3'
  expect((await weir.run(refresh)).status).toBe('succeeded')
  expect(await accessToken(store, weir)).toBe('access-3')
})

test('a run whose refresh another worker took over stores nothing but what its calls cost', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.pages = [{ items: [{ id: 'p1', numbers: numbersOf(1) }] }]
  const claim = new AbortController()
  weir.platform.before = (call) => {
    if (call === 'account') claim.abort()
  }
  const { refresh } = await weir.connect()
  await runRefresh({ ...weir.deps, claim: claim.signal }, WORKSPACE, refresh.id, 1)
  expect(await weir.snapshots()).toEqual([])
  const budgets = await budgetsOfWorkspace(store.db, WORKSPACE, 10)
  expect(budgets.map(({ calls }) => calls)).toEqual([2, 2])
  weir.platform.before = () => {}
  expect(await weir.run(refresh, 2)).toMatchObject({ status: 'succeeded', updated: 2 })
})
