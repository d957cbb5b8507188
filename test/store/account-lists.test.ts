import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PublicationOrderField } from '../../src/domain/publication.ts'
import { totalsOf } from '../../src/domain/totals.ts'
import { upsertConnection } from '../../src/store/connections.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import {
  publicationCountsOfAccounts,
  publicationPage,
  publicationPagesOfAccounts,
  publicationTotals,
  publicationTotalsOfAccounts,
} from '../../src/store/publications.ts'
import {
  insertRefresh,
  refreshCountsOfAccounts,
  refreshPagesOfAccounts,
} from '../../src/store/refreshes.ts'
import {
  insertVideos,
  videoCountsOfAccounts,
  videoPage,
  videoPagesOfAccounts,
} from '../../src/store/videos.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import {
  AT,
  addWorkspace,
  connection,
  FIRST_PAGE,
  later,
  metrics,
  outcome,
  publication,
} from '../support/rows.ts'

const ACCOUNTS = ['account', 'second', 'empty']
const ASKED = [...ACCOUNTS, 'nobody', 'a\0b']

describeStores('lists of several accounts', (open) => {
  let store: TestStore
  const sent: string[] = []

  beforeAll(async () => {
    store = await open({ onStatement: (sql) => sent.push(sql) })
    const { db } = store
    for (const workspace of ['one', 'two']) {
      await addWorkspace(db, workspace)
      for (const id of ACCOUNTS.slice(1)) {
        await upsertConnection(db, workspace, connection({ id, platformAccountId: id }))
      }
    }
    // Two accounts take turns; every third row has no views, and views tie.
    const ids = Array.from({ length: 24 }, (_, index) => `p${index}`)
    const rows = ids.map((id, index) => ({
      ...publication({ id, createdAt: later(index), publishedAt: later(index % 4) }),
      accountId: index % 2 === 0 ? 'account' : 'second',
    }))
    await insertPublications(db, 'one', rows)
    const outcomes = ids.map((id, index) =>
      outcome({ id, metrics: metrics({ views: index % 3 === 0 ? null : index % 5, likes: 1 }) }),
    )
    await storePublicationOutcomes(db, 'one', outcomes)
    const videos = ids.map((id) => ({ id: `v-${id}`, videoId: id, publicationId: id }))
    await insertVideos(db, 'one', videos)
    for (const accountId of ['account', 'second']) {
      const wish = { origin: 'request', publicationIds: null, requestedAt: AT } as const
      await insertRefresh(db, 'one', { ...wish, chargedAt: null, id: `of-${accountId}`, accountId })
    }
  })
  afterAll(() => store.close())

  const ORDERS: [PublicationOrderField, 'asc' | 'desc'][] = [
    ['createdAt', 'desc'],
    ['publishedAt', 'asc'],
    ['views', 'desc'],
    ['views', 'asc'],
  ]

  test.each(ORDERS)('pages by %s %s are those of each account alone', async (field, direction) => {
    const order = { field, direction }
    const first = await publicationPage(store.db, 'one', {}, { ...FIRST_PAGE, limit: 11, order })
    const middle = first.rows.at(-1)?.cursor ?? null
    for (const backwards of [false, true]) {
      for (const bounds of [{}, { after: middle }, { before: middle }]) {
        const request = { ...FIRST_PAGE, limit: 3, order, backwards, ...bounds }
        sent.length = 0
        const asked = { ...request, filter: {} }
        const pages = await publicationPagesOfAccounts(store.db, 'one', ASKED, asked)
        expect(sent).toHaveLength(1)
        for (const accountId of ACCOUNTS) {
          const alone = await publicationPage(store.db, 'one', { accountId }, request)
          expect(pages.get(accountId)).toEqual(alone)
        }
      }
    }
  })

  test('videos and refreshes come by account, too', async () => {
    const order = { field: 'views', direction: 'desc' } as const
    const request = { ...FIRST_PAGE, limit: 2, order }
    const asked = { ...request, filter: { uploadedFrom: later(1) } }
    const videos = await videoPagesOfAccounts(store.db, 'one', ASKED, asked)
    const refreshes = await refreshPagesOfAccounts(store.db, 'one', ASKED, FIRST_PAGE)
    for (const accountId of ACCOUNTS) {
      const filter = { accountId, uploadedFrom: later(1) }
      expect(videos.get(accountId)).toEqual(await videoPage(store.db, 'one', filter, request))
      const alone = (await refreshPagesOfAccounts(store.db, 'one', [accountId], FIRST_PAGE)).get(
        accountId,
      )
      expect(refreshes.get(accountId)).toEqual(alone)
    }
  })

  test('counts and totals are those of each account alone', async () => {
    const filter = { from: later(3) }
    const totals = await publicationTotalsOfAccounts(store.db, 'one', ASKED, filter)
    const counts = await publicationCountsOfAccounts(store.db, 'one', ASKED, filter)
    const videos = await videoCountsOfAccounts(store.db, 'one', ASKED, {})
    const refreshes = await refreshCountsOfAccounts(store.db, 'one', ASKED)
    for (const accountId of ACCOUNTS) {
      const alone = await publicationTotals(store.db, 'one', { ...filter, accountId })
      expect(totals.get(accountId) ?? totalsOf([])).toEqual(alone)
      expect(counts.get(accountId) ?? 0).toBe(alone.publications)
    }
    expect(Object.fromEntries(videos)).toEqual({ account: 12, second: 12 })
    expect(Object.fromEntries(refreshes)).toEqual({ account: 1, second: 1 })
  })

  test('accounts of the same id in another workspace have nothing of it', async () => {
    const order = { field: 'createdAt', direction: 'desc' } as const
    const asked = { ...FIRST_PAGE, order, filter: {} }
    const videoOrder = { field: 'views', direction: 'desc' } as const
    const pages = [
      await publicationPagesOfAccounts(store.db, 'two', ASKED, asked),
      await videoPagesOfAccounts(store.db, 'two', ASKED, { ...asked, order: videoOrder }),
      await refreshPagesOfAccounts(store.db, 'two', ASKED, FIRST_PAGE),
    ]
    const rows = pages.flatMap((page) => [...page.values()].map(({ rows }) => rows.length))
    expect(rows).toEqual(Array(3 * ASKED.length).fill(0))
    const counts = [
      await publicationCountsOfAccounts(store.db, 'two', ASKED, {}),
      await publicationTotalsOfAccounts(store.db, 'two', ASKED, {}),
      await videoCountsOfAccounts(store.db, 'two', ASKED, {}),
      await refreshCountsOfAccounts(store.db, 'two', ASKED),
    ]
    expect(counts.map(({ size }) => size)).toEqual([0, 0, 0, 0])
  })
})
