import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Metrics } from '../../src/domain/metric.ts'
import type { VideoOrderField } from '../../src/domain/video.ts'
import { videosAt } from '../../src/store/numbered-pages.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { videoSummariesOfAccounts } from '../../src/store/video-summaries.ts'
import { insertVideos } from '../../src/store/videos.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import {
  AT,
  addAccounts,
  addWorkspace,
  later,
  metrics,
  outcome,
  publication,
} from '../support/rows.ts'

interface Given {
  known?: Partial<Metrics>
  publishedAt?: Date
  accountId?: string
}

describeStores('videos of an account', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
  })
  afterAll(() => store.close())

  /** Makes a workspace with videos of these ids; those with numbers were read. */
  async function fill(workspace: string, videos: Record<string, Given>): Promise<void> {
    await addWorkspace(store.db, workspace)
    await addAccounts(store.db, workspace, ['second', 'idle'])
    const rows = Object.entries(videos).map(([id, { publishedAt = null, accountId = 'account' }]) =>
      publication({ id, publishedAt, accountId }),
    )
    await insertPublications(store.db, workspace, [...rows, publication({ id: 'text' })])
    const records = rows.map(({ id }) => ({ id, videoId: id, publicationId: id }))
    await insertVideos(store.db, workspace, records)
    const read = Object.entries(videos).flatMap(([id, { known }]) =>
      known ? [outcome({ id, metrics: metrics(known) })] : [],
    )
    const likes = metrics({ likes: 1000 })
    await storePublicationOutcomes(store.db, workspace, [
      ...read,
      outcome({ id: 'text', metrics: likes }),
    ])
  }

  const summaries = (workspace: string) =>
    videoSummariesOfAccounts(store.db, workspace, ['account', 'second', 'idle', 'nobody'])

  test('are summed up over those that report, each account by itself', async () => {
    await fill('sums', {
      a: { known: { views: 10, videoViews: 99, likes: 1, saves: 7 }, publishedAt: later(5) },
      b: { known: { videoViews: 5, likes: 2, comments: 0, shares: 4 }, publishedAt: later(1) },
      c: {},
      d: { known: { bookmarks: 3 }, accountId: 'second' },
    })
    await fill('others', { a: { known: { views: 1_000_000 } } })
    const found = await summaries('sums')
    expect([...found.keys()].sort()).toEqual(['account', 'second'])
    expect(found.get('account')).toEqual({
      ...{ videos: 3, viewed: 2, dated: 2, firstUploadAt: later(1), lastUploadAt: later(5) },
      ...{ views: 15, likes: 3, comments: 0, shares: 4, bookmarks: null, saves: 7 },
      lastUpdatedAt: AT,
    })
    expect(found.get('second')).toMatchObject({ videos: 1, views: null, bookmarks: 3, dated: 0 })
  })

  test('have no sum that is no exact number', async () => {
    const most = { known: { views: Number.MAX_SAFE_INTEGER, likes: 1 } }
    await fill('exact', { a: most })
    expect((await summaries('exact')).get('account')?.views).toBe(Number.MAX_SAFE_INTEGER)
    await fill('inexact', { a: most, b: most })
    expect((await summaries('inexact')).get('account')).toMatchObject({ views: null, likes: 2 })
  })

  test('come sorted by what counts, those without a value last, ties by id', async () => {
    await fill('sorted', {
      d: { known: { views: 10, likes: 5, saves: 5 }, publishedAt: later(1) },
      c: { known: { videoViews: 20, likes: 5, bookmarks: 1, saves: 90 }, publishedAt: later(1) },
      b: { known: { views: 20, comments: 1 }, publishedAt: later(2) },
      a: {},
      e: { known: { views: 90 }, accountId: 'second' },
    })
    const sorted = async (
      field: VideoOrderField,
      direction: 'asc' | 'desc',
      limit = 9,
      offset = 0,
    ) => {
      const wanted = { accountId: 'account', order: { field, direction }, offset, limit }
      return (await videosAt(store.db, 'sorted', wanted)).map(({ id }) => id).join('')
    }
    expect(await sorted('uploadDate', 'desc')).toBe('bcda')
    expect(await sorted('uploadDate', 'asc')).toBe('cdba')
    expect(await sorted('views', 'desc')).toBe('bcda')
    expect(await sorted('views', 'asc')).toBe('dbca')
    expect(await sorted('likes', 'desc')).toBe('cdab')
    // 100 %, 30 % and 5 %.
    expect(await sorted('engagementRate', 'desc')).toBe('dcba')
    expect(await sorted('engagementRate', 'asc')).toBe('bcda')
    expect(await sorted('uploadDate', 'desc', 2, 1)).toBe('cd')
    expect(await sorted('uploadDate', 'desc', 2, 4)).toBe('')
  })
})
