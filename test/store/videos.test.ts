import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { publicationsByIds } from '../../src/store/publications.ts'
import {
  insertVideos,
  videoCount,
  videoPage,
  videosByIds,
  videosOfPublications,
} from '../../src/store/videos.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import {
  addPublications,
  addWorkspace,
  FIRST_PAGE,
  later,
  metrics,
  outcome,
  publication,
} from '../support/rows.ts'

describeStores('videos', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
    for (const name of ['new', 'rates', 'lists']) await addWorkspace(store.db, name)
  })
  afterAll(() => store.close())

  test('a video is its record with its publication, found by either id', async () => {
    await addPublications(store.db, 'new', ['p', 'text'])
    await insertVideos(store.db, 'new', [{ id: 'va_001', videoId: 'their-1', publicationId: 'p' }])
    const [found] = await videosByIds(store.db, 'new', ['va_001', 'p'])
    const [of] = await publicationsByIds(store.db, 'new', ['p'])
    expect(found).toEqual({
      workspaceId: 'new',
      id: 'va_001',
      videoId: 'their-1',
      publication: of,
      engagementRate: null,
    })
    expect(await videosOfPublications(store.db, 'new', ['p', 'text', 'none'])).toEqual([found])
  })

  test('a publication keeps the record that it has', async () => {
    const again = [
      { id: 'va_002', videoId: 'their-2', publicationId: 'p' },
      { id: 'va_003', videoId: 'their-3', publicationId: 'text' },
    ]
    await insertVideos(store.db, 'new', again)
    const found = await videosOfPublications(store.db, 'new', ['p', 'text'])
    expect(found.map((video) => video.id).sort()).toEqual(['va_001', 'va_003'])
  })

  test.each([
    [{ likes: 1, comments: 2, shares: 3, bookmarks: 4, views: 40 }, 25],
    [{ likes: 1, views: 40, videoViews: 1 }, 2.5],
    [{ likes: 1, videoViews: 50 }, 2],
    [{ likes: 0, views: 3 }, 0],
    [{ likes: 1, views: 0 }, null],
    [{ likes: 1 }, null],
    [{ views: 40, saves: 1 }, null],
  ])('the engagement rate of %o is %s percent', async (known, rate) => {
    const id = JSON.stringify(known)
    await addPublications(store.db, 'rates', [id])
    await insertVideos(store.db, 'rates', [{ id, videoId: id, publicationId: id }])
    const reading = outcome({ id, metrics: metrics(known) })
    await storePublicationOutcomes(store.db, 'rates', [reading])
    expect((await videosByIds(store.db, 'rates', [id]))[0]?.engagementRate).toBe(rate)
  })

  test('a filter narrows the list and its count alike, the window of upload dates inclusive', async () => {
    await insertPublications(store.db, 'lists', [
      publication({ id: 'a', publishedAt: later(0) }),
      publication({ id: 'b', publishedAt: later(1), platform: 'tiktok' }),
      publication({ id: 'c', publishedAt: null }),
      publication({ id: 'text', publishedAt: later(0) }),
    ])
    const videos = ['a', 'b', 'c'].map((id) => ({ id, videoId: id, publicationId: id }))
    await insertVideos(store.db, 'lists', videos)
    const matches = async (filter: Parameters<typeof videoPage>[2]) => {
      const order = { field: 'uploadDate', direction: 'desc' } as const
      const { rows } = await videoPage(store.db, 'lists', filter, { ...FIRST_PAGE, order })
      expect(await videoCount(store.db, 'lists', filter)).toBe(rows.length)
      return rows.map((entry) => entry.row.id).join('')
    }
    expect(await matches({})).toBe('bac')
    expect(await matches({ uploadedFrom: later(0), uploadedTo: later(0) })).toBe('a')
    expect(await matches({ platform: 'tiktok', accountId: 'account' })).toBe('b')
    expect(await matches({ accountId: 'none' })).toBe('')
  })
})
