import { describe, expect, test } from 'vitest'
import type { FailureKind } from '../../src/domain/connector.ts'
import type { Refresh } from '../../src/domain/refresh.ts'
import type { ConnectionStatus, SyncStatus } from '../../src/domain/sync.ts'
import { openTestStore } from '../support/database.ts'
import { ACCOUNT_NUMBERS, failureOf, numbersOf, readingOf } from './fake-platform.ts'
import { openRefreshing, type Refreshing, WORKSPACE } from './refreshing.ts'

/** An account with one publication, both read seven hours ago. */
async function readBefore(weir: Refreshing): Promise<{ id: string; publicationId: string }> {
  weir.platform.pages = [{ items: [{ id: 'p1', numbers: numbersOf(7) }] }]
  const { account, refresh } = await weir.connect()
  await weir.run(refresh)
  weir.advance(7 * 3600)
  weir.platform.pages = []
  weir.platform.publications = { p1: numbersOf(8) }
  weir.platform.calls = []
  const { p1 } = await weir.publications(account.id)
  return { id: account.id, publicationId: p1?.id ?? '' }
}

interface Row {
  kind: FailureKind
  attempt: number
  account: SyncStatus
  connection: ConnectionStatus
  publication: SyncStatus
  refresh: Refresh['status']
}

const EVERYTHING_FAILS: Row[] = [
  ['unauthorized', 1, 'requires_reconnect', 'requires_reconnect', 'requires_reconnect', 'failed'],
  ['missing_scope', 1, 'partial', 'connected', 'partial', 'failed'],
  ['rate_limited', 1, 'synced', 'connected', 'synced', 'queued'],
  ['gone', 1, 'failed', 'connected', 'failed', 'failed'],
  ['unsupported', 1, 'failed', 'connected', 'failed', 'failed'],
  ['unavailable', 1, 'synced', 'connected', 'synced', 'queued'],
  ['unavailable', 3, 'failed', 'connected', 'failed', 'failed'],
  ['malformed', 1, 'synced', 'connected', 'synced', 'queued'],
  ['malformed', 3, 'failed', 'connected', 'failed', 'failed'],
  ['misconfigured', 1, 'failed', 'connected', 'failed', 'failed'],
].map(([kind, attempt, account, connection, publication, refresh]) => {
  return { kind, attempt, account, connection, publication, refresh } as Row
})

describe('a platform that fails at everything', () => {
  test.each(EVERYTHING_FAILS)(
    'as $kind, attempt $attempt: the account is $account, the publication $publication, the refresh $refresh',
    async (row) => {
      await using store = await openTestStore()
      await using weir = await openRefreshing(store)
      const { id } = await readBefore(weir)
      const failure = failureOf(row.kind)
      weir.platform.account = failure
      weir.platform.listingFailure = failure
      weir.platform.publicationsFailure = failure
      const ended = await weir.run(await weir.request({ id }), row.attempt)
      const account = await weir.account(id)
      const { p1 } = await weir.publications(id)
      expect(ended.status).toBe(row.refresh)
      expect([account.syncStatus, account.connectionStatus]).toEqual([row.account, row.connection])
      expect(p1?.syncStatus).toBe(row.publication)
      const failed = row.account === 'failed' || row.account === 'requires_reconnect'
      expect(account.errorMessage).toBe(failed ? failure.message : null)
      expect(p1?.errorMessage).toBe(failed ? failure.message : null)
      expect(account.native).toEqual(ACCOUNT_NUMBERS)
      expect([p1?.native, p1?.metrics.views]).toEqual([numbersOf(7), 7])
      expect(await weir.snapshots()).toHaveLength(2)
    },
  )
})

describe('one part that fails takes no other down', () => {
  test('the account’s numbers', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    const { id } = await readBefore(weir)
    weir.platform.account = failureOf('misconfigured')
    const ended = await weir.run(await weir.request({ id }))
    expect(ended).toMatchObject({ status: 'partial', updated: 1, failed: 1 })
    expect(ended.errorMessage).toBe('It is misconfigured.')
    expect((await weir.account(id)).syncStatus).toBe('failed')
    expect((await weir.publications(id))['p1']?.metrics.views).toBe(8)
  })

  test('one publication of a batch', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    const { id } = await readBefore(weir)
    weir.platform.pages = [{ items: [{ id: 'p2', numbers: null }] }]
    weir.platform.publications = { p1: failureOf('gone'), p2: numbersOf(2) }
    const ended = await weir.run(await weir.request({ id }))
    expect(ended).toMatchObject({ status: 'partial', updated: 2, failed: 1 })
    const { p1, p2 } = await weir.publications(id)
    expect(p1).toMatchObject({ syncStatus: 'failed', errorMessage: 'It is gone.' })
    expect(p1?.metrics.views).toBe(7)
    expect(p2).toMatchObject({ syncStatus: 'synced', native: numbersOf(2) })
  })

  test('the listing, and then the account is not fresh', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    const { id } = await readBefore(weir)
    weir.platform.listingFailure = failureOf('misconfigured')
    const ended = await weir.run(await weir.request({ id }))
    expect(ended).toMatchObject({ status: 'partial', updated: 2, failed: 0 })
    expect(await weir.account(id)).toMatchObject({
      syncStatus: 'partial',
      warnings: ['Its content could not be listed: It is misconfigured.'],
    })
    expect((await weir.request({ id })).status).toBe('queued')
  })
})

test('what was read before a limit is stored, and the rest waits until the named time', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { id, publicationId } = await readBefore(weir)
  const retryAt = new Date(weir.deps.now().getTime() + 600_000)
  weir.platform.publications = { p1: failureOf('rate_limited', { retryAt }) }
  const request = await weir.request({ id })
  const waiting = await weir.run(request)
  expect(waiting).toMatchObject({ status: 'queued', updated: 1, publicationIds: [publicationId] })
  expect(weir.queued.at(-1)).toMatchObject({
    refreshId: request.id,
    attempt: 1,
    startAfter: retryAt,
  })
  weir.advance(600)
  weir.platform.calls = []
  weir.platform.publications = { p1: numbersOf(8) }
  const ended = await weir.run(request)
  expect(weir.platform.calls).toEqual(['read p1'])
  expect(ended).toMatchObject({
    status: 'succeeded',
    updated: 2,
    upstreamCalls: 4,
    errorMessage: null,
  })
})

test('a refresh does not wait for a limit longer than a day', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { id } = await readBefore(weir)
  const retryAt = new Date(weir.deps.now().getTime() + 25 * 3600_000)
  weir.platform.account = failureOf('rate_limited', { retryAt })
  const ended = await weir.run(await weir.request({ id }))
  expect(ended).toMatchObject({ status: 'partial', errorMessage: 'It is rate_limited.' })
})

test('an unavailable platform is tried again later and later, and then given up', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { id } = await readBefore(weir)
  weir.platform.account = failureOf('unavailable')
  const request = await weir.request({ id })
  for (const [attempt, seconds] of [
    [1, 15],
    [2, 30],
  ] as const) {
    expect((await weir.run(request, attempt)).status).toBe('queued')
    const startAfter = new Date(weir.deps.now().getTime() + seconds * 1000)
    expect(weir.queued.at(-1)).toMatchObject({ attempt: attempt + 1, startAfter })
  }
  expect((await weir.run(request, 3)).status).toBe('partial')
  expect(weir.queued.filter(({ refreshId }) => refreshId === request.id)).toHaveLength(3)
})

test('a refresh that breaks off every time ends as failed without another call', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { id } = await readBefore(weir)
  const ended = await weir.run(await weir.request({ id }), 4)
  expect(ended).toMatchObject({ status: 'failed', updated: 0, upstreamCalls: 0 })
  expect(weir.platform.calls).toEqual([])
})

test('a metric that is left out, or needs a scope, makes a row partial and is named', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account, refresh } = await weir.connect({ scopes: ['user.info.stats'] })
  weir.platform.account = { follower_count: 1, following_count: 2, likes_count: 3 }
  weir.platform.pages = [{ items: [{ id: 'p1', numbers: null }] }]
  const missing = { like_count: 'not_yet_available', share_count: 'retired' } as const
  weir.platform.publications = { p1: { ...readingOf({ view_count: 1 }), missing } }
  await weir.run(refresh)
  expect(await weir.account(account.id)).toMatchObject({
    syncStatus: 'partial',
    warnings: ['The platform did not report video_count.'],
  })
  const { p1 } = await weir.publications(account.id)
  expect(p1).toMatchObject({
    syncStatus: 'partial',
    warnings: ['Without the scope video.list, these cannot be read: comment_count.'],
    missing,
  })
})

test('numbers that could not be read this time stay, and a warning names them', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { id } = await readBefore(weir)
  const missing = { like_count: 'fetch_failed' as const, share_count: 'not_reported' as const }
  const native = { view_count: 8, comment_count: 2 }
  weir.platform.publications = { p1: { ...readingOf(native), missing } }
  await weir.run(await weir.request({ id }))
  const { p1 } = await weir.publications(id)
  expect(p1).toMatchObject({
    syncStatus: 'partial',
    native: { ...native, like_count: 5 },
    metrics: { likes: 5, views: 8, shares: null },
    warnings: ['The platform did not report share_count.', 'Could not be read: like_count.'],
  })
})

test('a platform without a connector is answered as unsupported', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store, { connectors: {} })
  const { account, refresh } = await weir.connect()
  const ended = await weir.run(refresh)
  expect(ended).toMatchObject({ status: 'failed', errorMessage: 'TikTok cannot be read yet.' })
  expect((await weir.account(account.id)).syncStatus).toBe('failed')
})

test('a refresh of an account that was disconnected meanwhile ends as failed', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account, refresh } = await weir.connect()
  await weir.commands.disconnectAccount(WORKSPACE, account.id)
  const ended = await weir.run(refresh)
  expect(ended).toMatchObject({ status: 'failed', errorMessage: 'The account is not connected.' })
  expect((await weir.account(account.id)).syncStatus).toBe('pending')
})
