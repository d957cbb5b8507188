import { expect, test } from 'vitest'
import { videosOfPublications } from '../../src/store/videos.ts'
import { openTestStore } from '../support/database.ts'
import { ACCOUNT_NUMBERS, numbersOf } from './fake-platform.ts'
import { openRefreshing, START, WORKSPACE } from './refreshing.ts'

test('a refresh reads an account, discovers its content and stores all of it', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.pages = [
    { items: [{ id: 'p2', numbers: numbersOf(20) }] },
    { items: [{ id: 'p1', numbers: null, content: { contentType: 'image' } }] },
  ]
  weir.platform.publications = { p1: numbersOf(10) }
  const { account, refresh } = await weir.connect()
  weir.advance(5)
  const ended = await weir.run(refresh)
  expect(weir.platform.calls).toEqual(['list', 'list', 'account', 'read p1'])
  expect(ended).toMatchObject({
    status: 'succeeded',
    origin: 'connect',
    updated: 3,
    failed: 0,
    upstreamCalls: 4,
    finishedAt: new Date(START.getTime() + 5000),
  })
  expect(await weir.account(account.id)).toMatchObject({
    syncStatus: 'synced',
    handle: 'brand',
    native: ACCOUNT_NUMBERS,
    lastUpdatedAt: new Date(START.getTime() + 5000),
    staleAfter: new Date(START.getTime() + 6 * 3600_000 + 5000),
  })
  const { p1, p2 } = await weir.publications(account.id)
  expect(p1).toMatchObject({ contentType: 'image', postId: null, syncStatus: 'synced' })
  expect(p2).toMatchObject({ metrics: { views: 20, videoViews: 20, likes: 5, engagement: 8 } })
  expect(p1?.metrics.videoViews).toBeNull()
  const videos = await videosOfPublications(store.db, WORKSPACE, [p1?.id ?? '', p2?.id ?? ''])
  expect(videos).toMatchObject([{ videoId: 'p2', publication: { id: p2?.id } }])
  expect(await weir.snapshots()).toHaveLength(3)
})

test('content that is discovered together keeps its order by its ids', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.pages = [
    { items: ['new', 'middle', 'old'].map((id) => ({ id, numbers: numbersOf(1) })) },
  ]
  const { account, refresh } = await weir.connect()
  await weir.run(refresh)
  const rows = Object.values(await weir.publications(account.id))
  const byId = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  expect(byId.map((row) => row.platformPostId)).toEqual(['old', 'middle', 'new'])
})

test('known content that a listing leaves out is read by its id, and nothing is read twice', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.pages = [{ items: [{ id: 'p1', numbers: numbersOf(1) }] }]
  const { account, refresh } = await weir.connect()
  await weir.run(refresh)
  weir.advance(7 * 3600)
  weir.platform.calls = []
  weir.platform.pages = [{ items: [{ id: 'p2', numbers: numbersOf(2) }], account: ACCOUNT_NUMBERS }]
  weir.platform.publications = { p1: numbersOf(3) }
  const ended = await weir.run(await weir.request(account))
  expect(weir.platform.calls).toEqual(['list', 'read p1'])
  expect(ended).toMatchObject({ status: 'succeeded', updated: 3 })
  expect((await weir.publications(account.id))['p1']?.metrics.views).toBe(3)
})

test('a listing ends at the limit, and where the platform repeats itself', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.deps.limits = { ...weir.deps.limits, discoveryMax: 3 }
  weir.platform.pages = ['a', 'b', 'c', 'd'].map((name) => ({
    items: [1, 2].map((each) => ({ id: `${name}${each}`, numbers: numbersOf(each) })),
  }))
  const { account, refresh } = await weir.connect()
  await weir.run(refresh)
  expect(weir.platform.calls).toEqual(['list', 'list', 'account'])
  expect(Object.keys(await weir.publications(account.id)).sort()).toEqual(['a1', 'a2', 'b1'])
  const list = weir.platform.connector.listPublications
  weir.platform.connector.listPublications = async (...call) => ({
    ...(await list(...call)),
    nextCursor: '0',
  })
  weir.advance(7 * 3600)
  weir.platform.calls = []
  weir.platform.pages = [{ items: [] }]
  await weir.run(await weir.request(account))
  expect(weir.platform.calls.filter((call) => call === 'list')).toHaveLength(2)
})

test('a snapshot is written when a number changed, or a day after the last one', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.pages = [{ items: [{ id: 'p1', numbers: numbersOf(1) }] }]
  const { account, refresh } = await weir.connect()
  await weir.run(refresh)
  expect(await weir.snapshots()).toHaveLength(2)
  weir.advance(7 * 3600)
  const again = await weir.run(await weir.request(account))
  expect(again).toMatchObject({ status: 'succeeded', updated: 2 })
  expect(await weir.snapshots()).toHaveLength(2)
  const { p1 } = await weir.publications(account.id)
  expect(p1?.lastUpdatedAt).toEqual(new Date(START.getTime() + 7 * 3600_000))
  weir.advance(7 * 3600)
  weir.platform.pages = [{ items: [{ id: 'p1', numbers: numbersOf(2) }] }]
  await weir.run(await weir.request(account))
  expect(await weir.snapshots()).toHaveLength(3)
  weir.advance(25 * 3600)
  await weir.run(await weir.request(account))
  expect(await weir.snapshots()).toHaveLength(5)
})

test('a metric that vanishes becomes unknown, and history keeps it', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.pages = [{ items: [{ id: 'p1', numbers: numbersOf(9) }] }]
  const { account, refresh } = await weir.connect()
  await weir.run(refresh)
  weir.advance(7 * 3600)
  weir.platform.pages = [{ items: [{ id: 'p1', numbers: { view_count: 9, like_count: 5 } }] }]
  await weir.run(await weir.request(account))
  const { p1 } = await weir.publications(account.id)
  expect(p1?.native).toEqual({ view_count: 9, like_count: 5 })
  expect(p1?.metrics).toMatchObject({ views: 9, likes: 5, comments: null, shares: null })
  const kept = (await weir.snapshots()).filter(({ subjectId }) => subjectId === p1?.id)
  expect(kept.map(({ native }) => native)).toEqual([numbersOf(9), { view_count: 9, like_count: 5 }])
})

test('a refresh costs as many statements for fifty publications as for one', async () => {
  const counts: number[] = []
  for (const size of [1, 50]) {
    const statements: string[] = []
    await using store = await openTestStore({ onStatement: (sql) => statements.push(sql) })
    await using weir = await openRefreshing(store)
    const items = Array.from({ length: size }, (_, each) => ({
      id: `p${each}`,
      numbers: numbersOf(each),
    }))
    weir.platform.pages = [{ items }]
    const { account, refresh } = await weir.connect()
    await weir.run(refresh)
    weir.advance(7 * 3600)
    weir.platform.pages = [{ items: items.map(({ id }) => ({ id, numbers: numbersOf(99) })) }]
    const next = await weir.request(account)
    statements.length = 0
    await weir.run(next)
    counts.push(statements.length - 1)
  }
  expect(counts).toEqual([9, 9])
})
