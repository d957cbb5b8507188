import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cursor, Page, PageRequest } from '../../src/domain/page.ts'
import { PUBLICATION_ORDER_FIELDS, type Publication } from '../../src/domain/publication.ts'
import { VIDEO_ORDER_FIELDS } from '../../src/domain/video.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { publicationPage } from '../../src/store/publications.ts'
import { insertVideos, videoPage } from '../../src/store/videos.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import { addWorkspace, FIRST_PAGE, later, metrics, outcome, publication } from '../support/rows.ts'

const COUNT = 9
const DIRECTIONS = ['asc', 'desc'] as const
const count = fc.option(fc.constantFrom(0, 1, 2, 3_412_345_678, Number.MAX_SAFE_INTEGER))
const row = fc.record({
  createdAfter: fc.nat(2),
  publishedAfter: fc.option(fc.nat(2)),
  likes: count,
  comments: count,
  shares: count,
  impressions: count,
  views: count,
  engagement: count,
})
const pageLimit = fc.integer({ min: 1, max: COUNT + 1 })

type Drawn = typeof row extends fc.Arbitrary<infer Value> ? Value : never
type Read = (page: PageRequest) => Promise<Page<{ id: string }>>

/** Walks the whole list page by page, and answers the ids in list order. */
async function walk(read: Read, limit: number, backwards: boolean): Promise<string[]> {
  const ids: string[] = []
  let at: Cursor | null = null
  for (;;) {
    const page: Page<{ id: string }> = await read({
      limit,
      backwards,
      after: backwards ? null : at,
      before: backwards ? at : null,
    })
    const found = page.rows.map((entry) => entry.row.id)
    if (backwards) ids.unshift(...found)
    else ids.push(...found)
    expect(backwards ? page.hasNextPage : page.hasPreviousPage).toBe(at !== null)
    const edge = page.rows.at(backwards ? 0 : -1)
    if (!(backwards ? page.hasPreviousPage : page.hasNextPage) || !edge) return ids
    at = edge.cursor
  }
}

/** The order that a list promises: by value, those without one last, ties by id. */
function inOrder<Row extends { id: string }>(
  rows: Row[],
  valueIn: (row: Row) => number | null,
  direction: 'asc' | 'desc',
): string[] {
  const sign = direction === 'asc' ? 1 : -1
  const compare = (left: Row, right: Row) => {
    const [a, b] = [valueIn(left), valueIn(right)]
    if ((a === null) !== (b === null)) return a === null ? 1 : -1
    return sign * (Number(a) - Number(b) || (left.id < right.id ? -1 : 1))
  }
  return rows.toSorted(compare).map((entry) => entry.id)
}

describeStores('keyset pages', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
    await addWorkspace(store.db, 'w')
  })
  afterAll(() => store.close())

  async function fill(drawn: Drawn[]): Promise<void> {
    await sql`truncate publication cascade`.execute(store.db)
    const news = drawn.map((one, index) => ({ one, id: `publication-${index}` }))
    await insertPublications(
      store.db,
      'w',
      news.map(({ one, id }) => publication({ id, createdAt: later(one.createdAfter) })),
    )
    const content = { url: null, text: null, contentType: null, thumbnailUrl: null }
    await storePublicationOutcomes(
      store.db,
      'w',
      news.map(({ one: { createdAfter: _, publishedAfter, ...known }, id }) => {
        const publishedAt = publishedAfter === null ? null : later(publishedAfter)
        return outcome({
          id,
          native: {},
          metrics: metrics(known),
          content: { ...content, durationSeconds: null, publishedAt },
        })
      }),
    )
    // The records are numbered the other way round, so that their ids break ties differently.
    const videos = news.map(({ id }, index) => ({
      id: `video-${COUNT - index}`,
      videoId: id,
      publicationId: id,
    }))
    await insertVideos(store.db, 'w', videos)
  }

  async function everyWalkIsRight(read: Read, expected: string[], limit: number) {
    expect(await walk(read, limit, false)).toEqual(expected)
    expect(await walk(read, limit, true)).toEqual(expected)
  }

  test('walking publications either way visits every one once, in any order', async () => {
    const drawn = fc.array(row, { minLength: 0, maxLength: COUNT })
    await fc.assert(
      fc.asyncProperty(drawn, pageLimit, async (rows, limit) => {
        await fill(rows)
        for (const field of PUBLICATION_ORDER_FIELDS) {
          for (const direction of DIRECTIONS) {
            const read = (page: PageRequest) =>
              publicationPage(store.db, 'w', {}, { ...page, order: { field, direction } })
            const all = (await read(FIRST_PAGE)).rows.map((entry) => entry.row)
            const expected = inOrder(all, (one) => sortValue(one, field), direction)
            await everyWalkIsRight(read, expected, limit)
            expect(expected).toHaveLength(rows.length)
          }
        }
      }),
      { numRuns: 10 },
    )
  })

  test('walking videos either way visits every one once, in any order', async () => {
    const drawn = fc.array(row, { minLength: 1, maxLength: COUNT })
    await fc.assert(
      fc.asyncProperty(drawn, pageLimit, async (rows, limit) => {
        await fill(rows)
        for (const field of VIDEO_ORDER_FIELDS) {
          for (const direction of DIRECTIONS) {
            const read = (page: PageRequest) =>
              videoPage(store.db, 'w', {}, { ...page, order: { field, direction } })
            const all = (await read(FIRST_PAGE)).rows.map((entry) => entry.row)
            const valueIn = (one: (typeof all)[number]) =>
              field === 'engagementRate'
                ? one.engagementRate
                : sortValue(one.publication, field === 'uploadDate' ? 'publishedAt' : field)
            await everyWalkIsRight(read, inOrder(all, valueIn, direction), limit)
            expect(all).toHaveLength(rows.length)
          }
        }
      }),
      { numRuns: 10 },
    )
  })

  test('a page lies between its two cursors, and says whether the list goes on', async () => {
    await fill(Array.from({ length: 5 }, (_, index) => ({ ...UNKNOWN, views: index || null })))
    const order = { field: 'views', direction: 'desc' } as const
    const at = (value: number | null, number: number) => ({ value, id: `publication-${number}` })
    const between = { after: at(4, 4), before: at(null, 0) }
    const read = async (limit: number, backwards: boolean) => {
      const request = { ...between, limit, backwards, order }
      const { rows, ...more } = await publicationPage(store.db, 'w', {}, request)
      return { ids: rows.map((entry) => entry.row.id), ...more }
    }
    const both = { hasNextPage: true, hasPreviousPage: true }
    expect(await read(2, false)).toEqual({ ids: ['publication-3', 'publication-2'], ...both })
    expect(await read(2, true)).toEqual({ ids: ['publication-2', 'publication-1'], ...both })
    expect(await read(0, false)).toEqual({ ids: [], ...both })
    expect((await read(9, false)).ids).toEqual(['publication-3', 'publication-2', 'publication-1'])
  })

  test('cursors that leave no room make an empty page', async () => {
    const order = { field: 'views', direction: 'asc' } as const
    const cursors = { after: { value: null, id: 'a' }, before: { value: 3, id: 'a' } }
    const page = await publicationPage(store.db, 'w', {}, { ...FIRST_PAGE, ...cursors, order })
    expect(page.rows).toEqual([])
  })

  test.each([
    ['createdAt', null],
    ['createdAt', 'yesterday'],
    ['publishedAt', 12],
    ['views', '12'],
    ['views', 1.5],
    ['engagementRate', Number.POSITIVE_INFINITY],
  ] as const)('a cursor of %s with the value %s is refused', async (field, value) => {
    const order = { field, direction: 'asc' } as const
    const request = { ...FIRST_PAGE, after: { value, id: 'a' }, order }
    await expect(publicationPage(store.db, 'w', {}, request)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  })
})

const UNKNOWN: Drawn = {
  createdAfter: 0,
  publishedAfter: null,
  likes: null,
  comments: null,
  shares: null,
  impressions: null,
  views: null,
  engagement: null,
}

function sortValue(
  row: Publication,
  field: (typeof PUBLICATION_ORDER_FIELDS)[number],
): number | null {
  if (field === 'createdAt' || field === 'publishedAt') return row[field]?.getTime() ?? null
  return field === 'engagementRate' ? row.engagementRate : row.metrics[field]
}
