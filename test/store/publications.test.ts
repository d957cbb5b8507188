import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertPosts } from '../../src/store/posts.ts'
import {
  attachPublications,
  insertPublications,
  storePublicationOutcomes,
} from '../../src/store/publication-writes.ts'
import {
  publicationCount,
  publicationPage,
  publicationPayloads,
  publicationsByIds,
  publicationsByPlatformPostIds,
  publicationsOfAccount,
  publicationsOfPosts,
  publicationTotals,
  unreadPublications,
} from '../../src/store/publications.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import {
  AT,
  addPublications,
  addWorkspace,
  FIRST_PAGE,
  later,
  metrics,
  outcome,
  publication,
} from '../support/rows.ts'

const LONG_ID = '1234567890123456789'

describeStores('publications', (open) => {
  let store: TestStore
  const one = async (ws: string, id: string) => (await publicationsByIds(store.db, ws, [id]))[0]

  beforeAll(async () => {
    store = await open()
    const names = [
      'new',
      'taken',
      'reading',
      'failed',
      'content',
      'cleaned',
      'filters',
      'posts',
      'stale',
    ]
    for (const name of names) await addWorkspace(store.db, name)
  })
  afterAll(() => store.close())

  test('a recorded publication is pending, with no number known', async () => {
    const given = publication({ id: 'a', platformPostId: LONG_ID, text: 'é 🌊', publishedAt: AT })
    expect(await insertPublications(store.db, 'new', [given])).toEqual(['a'])
    expect(await one('new', 'a')).toEqual({
      ...given,
      workspaceId: 'new',
      syncStatus: 'pending',
      warnings: [],
      errorMessage: null,
      lastUpdatedAt: null,
      staleAfter: null,
      dueAt: given.createdAt,
      timesGone: 0,
      missing: {},
      native: {},
      metrics: metrics(),
      engagementRate: null,
    })
    const found = await publicationsByPlatformPostIds(store.db, 'new', [LONG_ID])
    expect(found.map((row) => row.id)).toEqual(['a'])
  })

  test('a post of the platform that its account has, or an id that is taken, is left out', async () => {
    await insertPublications(store.db, 'taken', [publication({ id: 'a', platformPostId: '1' })])
    const again = [
      publication({ id: 'b', platformPostId: '1' }),
      publication({ id: 'a', platformPostId: '2' }),
      publication({ id: 'c', platformPostId: '3' }),
    ]
    expect(await insertPublications(store.db, 'taken', again)).toEqual(['c'])
    const all = await publicationsOfAccount(store.db, 'taken', 'account', 10)
    expect(all.map((row) => [row.id, row.platformPostId]).sort()).toEqual([
      ['a', '1'],
      ['c', '3'],
    ])
  })

  test('of an account, those never read come first, then the stalest, up to the limit', async () => {
    await addPublications(store.db, 'stale', ['a', 'b', 'c', 'd'])
    const read = [
      outcome({ id: 'a', staleAfter: later(2) }),
      outcome({ id: 'b', staleAfter: later(1) }),
    ]
    await storePublicationOutcomes(store.db, 'stale', read)
    const some = await publicationsOfAccount(store.db, 'stale', 'account', 3)
    expect(some.map(({ id }) => id)).toEqual(['c', 'd', 'b'])
    const unread = await unreadPublications(store.db, 'stale', 'account', 3)
    expect(unread).toMatchObject([{ id: 'c' }, { id: 'd' }])
  })

  test('counts up to 2^53 - 1 come back exactly, and the rate follows from them', async () => {
    await addPublications(store.db, 'reading', ['a', 'b'])
    const most = Number.MAX_SAFE_INTEGER
    const known = metrics({ likes: 3_412_345_678, views: most, engagement: 4, impressions: 1 })
    const native = { like_count: 3_412_345_678, view_count: most, rate: 0.125 }
    const reading = outcome({ id: 'a', native, metrics: known, missing: { clicks: 'retired' } })
    await storePublicationOutcomes(store.db, 'reading', [reading, outcome({ id: 'b' })])
    expect(await one('reading', 'a')).toMatchObject({
      syncStatus: 'synced',
      native,
      metrics: known,
      missing: { clicks: 'retired' },
      lastUpdatedAt: AT,
      staleAfter: later(1000),
      engagementRate: 400 / most,
    })
    expect(await one('reading', 'b')).toMatchObject({ metrics: metrics(), engagementRate: null })
  })

  test('a failed refresh keeps the numbers, the times and the payload', async () => {
    await addPublications(store.db, 'failed', ['a'])
    const good = outcome({
      id: 'a',
      native: { n: 1 },
      metrics: metrics({ likes: 1 }),
      payload: [1],
    })
    await storePublicationOutcomes(store.db, 'failed', [good])
    const { payload: _, ...rest } = good
    const nothing = { native: null, metrics: null, missing: null, staleAfter: null }
    const failure = { syncStatus: 'failed', errorMessage: 'Gone.', lastUpdatedAt: null } as const
    await storePublicationOutcomes(store.db, 'failed', [{ ...rest, ...nothing, ...failure }])
    expect(await one('failed', 'a')).toMatchObject({
      syncStatus: 'failed',
      errorMessage: 'Gone.',
      lastUpdatedAt: AT,
      staleAfter: later(1000),
      native: { n: 1 },
      metrics: metrics({ likes: 1 }),
    })
    expect(await publicationPayloads(store.db, 'failed', ['a', 'b'])).toEqual(new Map([['a', [1]]]))
  })

  test('content fills what is empty and replaces only what the platform alone knows', async () => {
    const given = publication({ id: 'a', text: 'ours', contentType: 'other', thumbnailUrl: 'old' })
    await insertPublications(store.db, 'content', [given])
    const theirs = { url: 'u', text: 'theirs', thumbnailUrl: 'new', durationSeconds: 1.5 }
    const content = { ...theirs, contentType: 'reel', publishedAt: AT } as const
    await storePublicationOutcomes(store.db, 'content', [outcome({ id: 'a', content })])
    const expected = { ...content, text: 'ours' }
    expect(await one('content', 'a')).toMatchObject(expected)
    const silent = { url: 'v', text: null, thumbnailUrl: null, durationSeconds: null }
    const later = { ...silent, contentType: 'video', publishedAt: new Date(0) } as const
    await storePublicationOutcomes(store.db, 'content', [outcome({ id: 'a', content: later })])
    expect(await one('content', 'a')).toMatchObject(expected)
  })

  test('text that PostgreSQL cannot hold is stored without what it cannot hold', async () => {
    await insertPublications(store.db, 'cleaned', [publication({ id: 'a', text: 'a\0b\ud800c' })])
    expect(await one('cleaned', 'a')).toMatchObject({ text: 'ab\ufffdc' })
    const payload = { 'k\0': ['\udc00', { deep: '\0' }, '\\u0000', null, 1.5] }
    await storePublicationOutcomes(store.db, 'cleaned', [outcome({ id: 'a', payload })])
    const stored = await publicationPayloads(store.db, 'cleaned', ['a'])
    expect(stored.get('a')).toEqual({ k: ['\ufffd', { deep: '' }, '\\u0000', null, 1.5] })
    expect(await publicationsByIds(store.db, 'cleaned', ['a\0', 'a'])).toHaveLength(1)
  })

  test('a filter narrows the list, its count and its totals alike, windows inclusive', async () => {
    await insertPublications(store.db, 'filters', [
      publication({ id: 'a', createdAt: later(0), publishedAt: later(10), contentType: 'reel' }),
      publication({ id: 'b', createdAt: later(1), publishedAt: later(11) }),
      publication({ id: 'c', createdAt: later(2) }),
    ])
    const matches = async (filter: Parameters<typeof publicationCount>[2]) => {
      const order = { field: 'createdAt', direction: 'asc' } as const
      const page = await publicationPage(store.db, 'filters', filter, { ...FIRST_PAGE, order })
      const count = await publicationCount(store.db, 'filters', filter)
      const { publications } = await publicationTotals(store.db, 'filters', filter)
      expect([count, publications]).toEqual([page.rows.length, page.rows.length])
      return page.rows.map((entry) => entry.row.id).join('')
    }
    expect(await matches({})).toBe('abc')
    expect(await matches({ platform: null })).toBe('abc')
    expect(await matches({ from: later(1), to: later(2) })).toBe('bc')
    expect(await matches({ publishedFrom: later(10), publishedTo: later(10) })).toBe('a')
    expect(await matches({ contentType: 'reel', syncStatus: 'pending' })).toBe('a')
    expect(await matches({ platform: 'tiktok' })).toBe('')
    expect(await matches({ accountId: 'account', platform: 'x' })).toBe('abc')
    expect(await matches({ postId: 'none' })).toBe('')
  })

  test('a discovered publication joins a post once, and posts name theirs oldest first', async () => {
    await insertPosts(store.db, 'posts', [
      { id: 'p', text: null, createdAt: AT },
      { id: 'q', text: null, createdAt: AT },
    ])
    await insertPublications(store.db, 'posts', [
      publication({ id: 'b', createdAt: later(1) }),
      publication({ id: 'a', createdAt: later(2) }),
    ])
    await attachPublications(store.db, 'posts', 'p', ['a', 'b', 'none'])
    await attachPublications(store.db, 'posts', 'q', ['a'])
    const found = await publicationsOfPosts(store.db, 'posts', ['p', 'q'])
    expect(found.map((row) => [row.id, row.postId])).toEqual([
      ['b', 'p'],
      ['a', 'p'],
    ])
  })
})
