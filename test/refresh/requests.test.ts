import { describe, expect, test } from 'vitest'
import type { Account } from '../../src/domain/account.ts'
import { openTestStore, type TestStore } from '../support/database.ts'
import { numbersOf } from './fake-platform.ts'
import { openRefreshing, type Refreshing, WORKSPACE } from './refreshing.ts'

async function withPost(store: TestStore): Promise<{ weir: Refreshing; account: Account }> {
  const weir = await openRefreshing(store)
  weir.platform.pages = [{ items: ['p1', 'p2'].map((id) => ({ id, numbers: numbersOf(1) })) }]
  weir.platform.publications = { p1: numbersOf(2), p2: numbersOf(2) }
  const { account, refresh } = await weir.connect()
  await weir.run(refresh)
  await weir.commands.recordPost(WORKSPACE, {
    localId: 'post_1',
    text: 'Hello',
    publications: [publication(account.id, 'p1')],
  })
  return { weir, account }
}

function publication(accountId: string, platformPostId: string) {
  const unsaid = { localId: null, url: null, text: null, contentType: null }
  return { ...unsaid, accountId, platformPostId, createdAt: null, publishedAt: null }
}

describe('a wish for an account', () => {
  test('is queued with a job, and a second one gets the same refresh', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    const { account, refresh } = await weir.connect()
    expect(await weir.request(account)).toEqual(refresh)
    expect(weir.queued.map(({ refreshId }) => refreshId)).toEqual([refresh.id])
    const ended = await weir.run(refresh)
    weir.advance(7 * 3600)
    const next = await weir.request(account)
    expect(next.id).not.toBe(ended.id)
    expect(next).toMatchObject({ status: 'queued', origin: 'request', publicationIds: null })
  })

  test('is answered as fresh while the account and all it published are', async () => {
    await using store = await openTestStore()
    const { weir, account } = await withPost(store)
    await using _ = weir
    await weir.run(await weir.request(account))
    const wish = { accountId: account.id, idempotencyKey: null }
    const answer = await weir.commands.requestAccountRefresh(WORKSPACE, wish)
    expect(answer).toMatchObject({ kind: 'fresh', account: { id: account.id } })
    weir.advance(6 * 3600)
    expect((await weir.request(account)).status).toBe('queued')
  })

  test('is refused where there is no such account, or none that is connected', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    const { account } = await weir.connect()
    const ask = (workspaceId: string, accountId: string) =>
      weir.commands.requestAccountRefresh(workspaceId, { accountId, idempotencyKey: null })
    expect(await ask(WORKSPACE, 'nobody')).toEqual({ kind: 'not_found' })
    expect(await ask('other', account.id)).toEqual({ kind: 'not_found' })
    await weir.commands.disconnectAccount(WORKSPACE, account.id)
    const answer = await ask(WORKSPACE, account.id)
    expect(answer).toMatchObject({
      kind: 'not_connected',
      account: { connectionStatus: 'disconnected' },
    })
  })

  test('with the key of an earlier one gets that one’s refresh for a day, even when it ended', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    const { account, refresh } = await weir.connect()
    await weir.run(refresh)
    weir.advance(7 * 3600)
    const wish = { accountId: account.id, idempotencyKey: 'k1' }
    const ask = () => weir.commands.requestAccountRefresh(WORKSPACE, wish)
    const first = await ask()
    if (first.kind !== 'queued') throw new Error(first.kind)
    const ended = await weir.run(first.refresh)
    weir.advance(23 * 3600)
    expect(await ask()).toEqual({ kind: 'queued', refresh: ended, isRepeat: true })
    weir.advance(2 * 3600)
    const later = await ask()
    expect(later.kind === 'queued' && later.refresh.id).not.toBe(ended.id)
  })
})

describe('a wish for a post', () => {
  test('covers its publications alone, and widens an active refresh that is narrower', async () => {
    await using store = await openTestStore()
    const { weir, account } = await withPost(store)
    await using _ = weir
    const { p1, p2 } = await weir.publications(account.id)
    const first = await weir.request(account)
    await weir.run(first)
    weir.advance(7 * 3600)
    weir.platform.calls = []
    const wish = { postId: 'post_1', accountId: null, idempotencyKey: null }
    const answer = await weir.commands.requestPostRefresh(WORKSPACE, wish)
    if (answer.kind !== 'queued') throw new Error(answer.kind)
    expect(answer.post.id).toBe('post_1')
    expect(answer.refreshes).toMatchObject([{ publicationIds: [p1?.id], status: 'queued' }])
    const second = { localId: 'post_2', text: null, publications: [publication(account.id, 'p2')] }
    await weir.commands.recordPost(WORKSPACE, second)
    const ended = await weir.run(answer.refreshes[0] ?? first)
    expect(weir.platform.calls).toEqual(['read p1,p2'])
    expect(ended).toMatchObject({ status: 'succeeded', updated: 2 })
    expect(ended.publicationIds).toEqual([p1?.id, p2?.id].sort())
  })

  test('is refused where there is no such post, or not on that account', async () => {
    await using store = await openTestStore()
    const { weir, account } = await withPost(store)
    await using _ = weir
    const ask = (postId: string, accountId: string | null) =>
      weir.commands.requestPostRefresh(WORKSPACE, { postId, accountId, idempotencyKey: null })
    expect(await ask('nothing', null)).toEqual({ kind: 'not_found' })
    expect(await ask('post_1', 'nobody')).toEqual({ kind: 'not_found' })
    await weir.commands.disconnectAccount(WORKSPACE, account.id)
    expect(await ask('post_1', account.id)).toMatchObject({ kind: 'not_connected' })
  })

  test('with the key of an earlier one gets the same refreshes', async () => {
    await using store = await openTestStore()
    const { weir } = await withPost(store)
    await using _ = weir
    const wish = { postId: 'post_1', accountId: null, idempotencyKey: 'k1' }
    const first = await weir.commands.requestPostRefresh(WORKSPACE, wish)
    if (first.kind !== 'queued') throw new Error(first.kind)
    const ended = await Promise.all(first.refreshes.map((refresh) => weir.run(refresh)))
    const again = await weir.commands.requestPostRefresh(WORKSPACE, wish)
    expect(again).toEqual({ ...first, refreshes: ended })
  })
})

test('a wish that widens a running refresh is read by that very run', async () => {
  await using store = await openTestStore()
  const { weir, account } = await withPost(store)
  await using _ = weir
  weir.advance(7 * 3600)
  const wish = { postId: 'post_1', accountId: null, idempotencyKey: null }
  const narrow = await weir.commands.requestPostRefresh(WORKSPACE, wish)
  if (narrow.kind !== 'queued') throw new Error(narrow.kind)
  const [refresh] = narrow.refreshes
  weir.platform.calls = []
  weir.platform.before = async (call) => {
    if (call === 'read p1') expect((await weir.request(account)).id).toBe(refresh?.id)
  }
  const ended = await weir.run(refresh ?? { id: '' })
  expect(weir.platform.calls).toEqual(['read p1', 'list', 'account'])
  expect(ended).toMatchObject({ status: 'succeeded', updated: 3, publicationIds: null })
  expect(weir.queued.filter(({ refreshId }) => refreshId === refresh?.id)).toHaveLength(1)
})
