import { expect, test } from 'vitest'
import {
  at,
  DAY_MS,
  idsAt,
  idsOf,
  listAt,
  NOW,
  type Platforms,
  planFor,
  type Said,
  startPlatforms,
} from './platforms.ts'

async function pagesOf(platforms: Platforms, query: string): Promise<Said[]> {
  const path = `/2/users/${platforms.account().platformAccountId}/tweets?${query}`
  const pages: Said[] = []
  for (let token: unknown = null; token !== undefined; ) {
    const page = await platforms.ask(token === null ? path : `${path}&pagination_token=${token}`)
    pages.push(page)
    token = at(page, 'meta', 'next_token')
  }
  return pages
}

test('pages follow each other by token, newest first, and the last one has none', async () => {
  await using platforms = await startPlatforms([planFor('x', { publications: 250 })])
  const pages = await pagesOf(platforms, 'max_results=100')
  expect(pages.map((page) => at(page, 'meta', 'result_count'))).toEqual([100, 100, 50])
  expect(pages.flatMap((page) => idsAt(page, 'data'))).toEqual(idsOf(platforms))
  expect(at(pages[0] as Said, 'meta', 'newest_id')).toBe(idsOf(platforms)[0])
  const back = at(pages[1] as Said, 'meta', 'previous_token')
  const id = platforms.account().platformAccountId
  const first = await platforms.ask(
    `/2/users/${id}/tweets?max_results=100&pagination_token=${back}`,
  )
  expect(idsAt(first, 'data')).toEqual(idsAt(pages[0] as Said, 'data'))
})

test('pages are cut before reposts and replies are taken out, so they may be short', async () => {
  await using platforms = await startPlatforms([
    planFor('x', { publications: 100, hasChatter: true }),
  ])
  const all = await pagesOf(platforms, 'max_results=20')
  const texts = all.flatMap((page) => listAt(page, 'data').map((one) => one['text']))
  expect(texts.filter((text) => `${text}`.startsWith('RT @')).length).toBeGreaterThan(5)
  const own = await pagesOf(platforms, 'max_results=20&exclude=retweets,replies')
  expect(own).toHaveLength(all.length)
  const counts = own.slice(0, -1).map((page) => Number(at(page, 'meta', 'result_count')))
  expect(Math.min(...counts)).toBeLessThan(20)
  expect(own.flatMap((page) => idsAt(page, 'data'))).toEqual(idsOf(platforms))
})

test('a repost names what it repeats, and its private numbers are refused', async () => {
  await using platforms = await startPlatforms([
    planFor('x', { publications: 30, hasChatter: true }),
  ])
  const path = `/2/users/${platforms.account().platformAccountId}/tweets?max_results=50`
  const expanded = await platforms.ask(
    `${path}&tweet.fields=referenced_tweets&expansions=referenced_tweets.id`,
  )
  const repost = listAt(expanded, 'data').find((one) => `${one['text']}`.startsWith('RT @'))
  const reference = { type: 'retweeted', id: expect.stringMatching(/^\d{19}$/) }
  expect(repost).toMatchObject({ referenced_tweets: [reference] })
  expect(listAt(expanded, 'includes', 'tweets').length).toBeGreaterThan(0)
  const single = await platforms.ask(
    `/2/tweets/${repost?.['id']}?tweet.fields=non_public_metrics&expansions=referenced_tweets.id`,
  )
  expect(at(single, 'errors', 0)).toMatchObject({ section: 'includes' })
})

test('an empty timeline has no data at all', async () => {
  await using platforms = await startPlatforms([planFor('x', { publications: 0 })])
  const [page] = await pagesOf(platforms, 'max_results=5')
  expect(page?.body).toEqual({ meta: { result_count: 0 } })
})

test('private fields narrow a timeline to the author’s last 30 days, without a word', async () => {
  await using platforms = await startPlatforms([planFor('x', { publications: 40 })])
  const pages = await pagesOf(platforms, 'max_results=100&tweet.fields=non_public_metrics')
  expect(pages.flatMap((page) => idsAt(page, 'data'))).toEqual(idsOf(platforms).slice(0, 30))
  expect(pages[0]?.body).not.toHaveProperty('errors')
})

test('times and ids narrow a timeline', async () => {
  await using platforms = await startPlatforms([planFor('x', { publications: 10 })])
  const ids = idsOf(platforms)
  const query = async (text: string) =>
    (await pagesOf(platforms, `max_results=100&${text}`)).flatMap((page) => idsAt(page, 'data'))
  const from = new Date(NOW.getTime() - 3 * DAY_MS).toISOString()
  expect(await query(`start_time=${from}`)).toEqual(ids.slice(0, 3))
  expect(await query(`end_time=${from}`)).toEqual(ids.slice(3))
  expect(await query(`since_id=${ids[2]}`)).toEqual(ids.slice(0, 2))
  expect(await query(`until_id=${ids[2]}`)).toEqual(ids.slice(3))
})

test('a timeline ends after 3,200 posts, or 800 without replies', async () => {
  const plan = planFor('x', { publications: 3300, everyHours: 0.5 })
  await using platforms = await startPlatforms([plan])
  const count = async (query: string) =>
    (await pagesOf(platforms, query)).flatMap((page) => idsAt(page, 'data')).length
  expect(await count('max_results=100')).toBe(3200)
  expect(await count('max_results=100&exclude=replies')).toBe(800)
})

test('page sizes outside 5 to 100, broken tokens and unknown exclusions are refused', async () => {
  await using platforms = await startPlatforms([planFor('x')])
  const path = `/2/users/${platforms.account().platformAccountId}/tweets`
  const queries = ['max_results=4', 'max_results=101', 'pagination_token=no', 'exclude=photos']
  for (const query of queries) {
    expect((await platforms.ask(`${path}?${query}`)).status).toBe(400)
  }
  const small = await platforms.ask(`${path}?max_results=4`)
  expect(at(small, 'errors', 0, 'message')).toContain('is not between 5 and 100')
})
