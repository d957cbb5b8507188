import { expect, test } from 'vitest'
import { type Gateway, startGateway, WORKSPACE } from '../../support/gateway.ts'
import { documented, fill, POSTS } from './documented.ts'

const PATH = '/v1/analytics/posts'

interface Page {
  items: { post_id: string; platform: string; platform_post_id: string; created_at: string }[]
  total: number
  page: number
  limit: number
  overview: { posts: number; metrics: Record<string, number> }
}

async function read(gateway: Gateway, query: Record<string, string> = {}): Promise<Page> {
  const response = await gateway.rest(`${PATH}?${new URLSearchParams(query)}`)
  const body = await response.json()
  expect([response.status, body]).toMatchObject([200, {}])
  return body as Page
}

const OF_WORKSPACE = { workspace_id: WORKSPACE }

/** Publications of two accounts, each of a post of its own, a day apart, the newest last. */
function manyPosts(count: number) {
  const accounts = ['x', 'tiktok'].map((platform) => ({
    ...{ type: 'account', ...OF_WORKSPACE, id: `acc_${platform}`, platform },
    platform_account_id: '1',
  }))
  const posts = Array.from({ length: count }, (_, index) => {
    const created_at = new Date(Date.UTC(2026, 0, 1 + index, 12)).toISOString()
    const platform = index % 2 === 0 ? 'x' : 'tiktok'
    const post = { type: 'post', ...OF_WORKSPACE, id: `post_${index}`, text: 'A', created_at }
    const publication = {
      ...{ type: 'publication', ...OF_WORKSPACE, id: `pub_${index}`, post_id: post.id },
      ...{ account_id: `acc_${platform}`, platform_post_id: `native_${index}`, created_at },
    }
    const metrics =
      platform === 'x'
        ? { like_count: 1, impression_count: 10 }
        : { like_count: 2, bookmark_count: 3 }
    const snapshot = {
      ...{ type: 'snapshot', ...OF_WORKSPACE, publication_id: publication.id, metrics },
      ...{ captured_at: '2026-06-29T08:00:00Z' },
    }
    return [post, publication, snapshot]
  })
  return [...accounts, ...posts.flat()]
}

const idsOf = ({ items }: Page) => items.map(({ post_id }) => post_id)

test('the answer is the one that the document prints', async () => {
  await using gateway = await startGateway()
  await fill(gateway, POSTS)
  const response = await gateway.rest(PATH)
  expect(await response.text()).toBe(JSON.stringify(documented('posts')))
})

test('pages hold the newest first, and every row is on one of them', async () => {
  await using gateway = await startGateway()
  await fill(gateway, manyPosts(5))
  const pages = []
  for (const page of ['1', '2', '3']) pages.push(await read(gateway, { limit: '2', page }))
  expect(pages.map(idsOf)).toEqual([['post_4', 'post_3'], ['post_2', 'post_1'], ['post_0']])
  expect(pages.map(({ total, page, limit }) => [total, page, limit])).toEqual([
    [5, 1, 2],
    [5, 2, 2],
    [5, 3, 2],
  ])
  const beyond = await read(gateway, { limit: '100', page: '2147483647' })
  expect([beyond.items, beyond.total, beyond.overview]).toEqual([[], 5, { posts: 0, metrics: {} }])
})

test('the overview sums each number over the rows of the page that have it', async () => {
  await using gateway = await startGateway()
  await fill(gateway, manyPosts(5))
  const all = await read(gateway)
  expect(all.overview).toEqual({ posts: 5, metrics: { impression_count: 30, like_count: 7 } })
  const { overview } = await read(gateway, { limit: '2' })
  expect(overview).toEqual({ posts: 2, metrics: { impression_count: 10, like_count: 3 } })
})

test.each<[Record<string, string>, string[]]>([
  [{ postId: 'post_1' }, ['post_1']],
  [{ postId: 'native_2' }, ['post_2']],
  [{ postId: 'pub_2' }, []],
  [{ postId: 'a\0b' }, []],
  [{ accountId: 'acc_tiktok' }, ['post_3', 'post_1']],
  [{ accountId: 'acc_other' }, []],
  [{ accountId: '' }, []],
  [{ platform: 'x' }, ['post_4', 'post_2', 'post_0']],
  [{ platform: 'youtube' }, []],
  [{ platform: 'x', postId: 'post_1' }, []],
  [{ fromDate: '2026-01-04' }, ['post_4', 'post_3']],
  [{ toDate: '2026-01-02' }, ['post_1', 'post_0']],
  [{ fromDate: '2026-01-02T12:00:00Z', toDate: '2026-01-03T12:00:00Z' }, ['post_2', 'post_1']],
  [{ fromDate: '2026-01-02T14:00:01+02:00', toDate: '2026-01-03T11:59' }, []],
  [{ fromDate: '2026-01-05', toDate: '2026-01-05' }, ['post_4']],
  [{ refresh: 'false', page: '1', limit: '1' }, ['post_4']],
  [{ unknown: 'parameter', limit: '1' }, ['post_4']],
])('the query %j finds %j', async (query, ids) => {
  await using gateway = await startGateway()
  await fill(gateway, manyPosts(5))
  const page = await read(gateway, query)
  expect(idsOf(page)).toEqual(ids)
})

test('content that belongs to no post is not listed', async () => {
  await using gateway = await startGateway()
  const [account] = POSTS
  await fill(gateway, [
    ...(account ? [account] : []),
    {
      ...{ type: 'publication', ...OF_WORKSPACE, id: 'pub_found', account_id: 'acc_8f2c1d' },
      platform_post_id: '1',
    },
  ])
  expect(await read(gateway)).toMatchObject({ items: [], total: 0 })
})

test('a hundred rows cost as many statements as one', async () => {
  await using gateway = await startGateway()
  await fill(gateway, manyPosts(100))
  const counts: number[] = []
  for (const limit of ['1', '100']) {
    await read(gateway, { limit })
    counts.push(gateway.statements.length)
  }
  // The rows, their number, and the texts of their posts.
  expect(counts).toEqual([3, 3])
})
