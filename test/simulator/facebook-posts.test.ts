import { expect, test } from 'vitest'
import { at, form, idsAt, listAt, type Platforms, planFor, startPlatforms } from './platforms.ts'

const ID = '100060000000123'

const KINDS = ['image', 'text', 'video', 'carousel', 'video', 'video', 'video', 'video'] as const

const start = (plan = {}) =>
  startPlatforms([
    planFor('facebook', {
      publications: 8,
      content: (index) => ({ kind: KINDS[index] ?? 'image' }),
      ...plan,
    }),
  ])

function published({ world, account, clock }: Platforms) {
  return world.publications(account(), clock.now)
}

/** The first publication of a kind of content. */
function one(platforms: Platforms, contentType: string): string {
  const found = published(platforms).find((each) => each.contentType === contentType)
  return found?.platformPostId ?? expect.fail(`no ${contentType}`)
}

const refusalOf = async (answer: ReturnType<Platforms['ask']>) => {
  const said = await answer
  return [said.status, at(said, 'error', 'code'), at(said, 'error', 'error_subcode')]
}

function batch(platforms: Platforms, urls: readonly string[]) {
  const operations = urls.map((relative_url) => ({ method: 'GET', relative_url }))
  const fields = { include_headers: 'false', batch: JSON.stringify(operations) }
  return platforms.ask('/v25.0/', form(fields))
}

test('posts are in one list and reels in another, in which few are in both', async () => {
  await using platforms = await start({ publications: 60 })
  const all = published(platforms)
  const reels = all.filter(({ contentType }) => contentType === 'reel')
  const posts = await platforms.ask(`/v25.0/${ID}/published_posts?limit=100&fields=permalink_url`)
  const inBoth = listAt(posts, 'data').filter((each) =>
    `${each['permalink_url']}`.includes('/reel/'),
  )
  expect(inBoth.length).toBeGreaterThan(0)
  expect(inBoth.length).toBeLessThan(reels.length)
  expect(listAt(posts, 'data')).toHaveLength(all.length - reels.length + inBoth.length)
  const listed = await platforms.ask(`/v25.0/${ID}/video_reels?limit=100`)
  expect(idsAt(listed, 'data')).toEqual(reels.map((each) => each.platformPostId))
})

test('a video has a node of its own, which names its post and links without a host', async () => {
  await using platforms = await start({ publications: 30, content: () => ({ kind: 'video' }) })
  const fields = 'id,post_id,length,permalink_url'
  const videos = await platforms.ask(`/v25.0/${ID}/videos?fields=${fields}&type=uploaded`)
  const [first] = listAt(videos, 'data')
  expect(first?.['post_id']).toBe(one(platforms, 'video'))
  expect(`${first?.['permalink_url']}`.startsWith('/acme/videos/')).toBe(true)
  const insights = await platforms.ask(`/v25.0/${first?.['id']}/video_insights`)
  expect(listAt(insights, 'data').map((item) => item['name'])).toContain('total_video_views')
  const expanded = await platforms.ask(
    `/v25.0/${first?.['id']}?fields=length,video_insights{name,values}`,
  )
  expect(at(expanded, 'video_insights', 'data')).toEqual(at(insights, 'data'))
  expect(
    await refusalOf(platforms.ask(`/v25.0/${first?.['id']}/insights?metric=post_clicks`)),
  ).toEqual([400, 100, undefined])
})

test('a reel tells everything when nothing is named, and in its own spelling', async () => {
  await using platforms = await start({ publications: 30, content: () => ({ kind: 'video' }) })
  const reel = one(platforms, 'reel')
  const all = await platforms.ask(`/v25.0/${reel}/video_insights`)
  const names = listAt(all, 'data').map((item) => item['name'])
  expect(names).toContain('fb_reels_total_plays')
  expect(names).toContain('post_impressions_unique')
  expect(JSON.stringify(all.body)).toContain('REACTION_LIKE')
  const named = platforms.ask(`/v25.0/${reel}/video_insights?metric=post_impressions_unique`)
  expect(await refusalOf(named)).toEqual([400, 100, undefined])
})

test('insights of a post come alone or within a list, and one bad name fails either', async () => {
  await using platforms = await start()
  const post = one(platforms, 'image')
  const metrics = 'post_clicks,post_reactions_by_type_total'
  const alone = await platforms.ask(`/v25.0/${post}/insights?metric=${metrics}`)
  expect(listAt(alone, 'data')).toHaveLength(2)
  const list = (names: string, limit = 25) =>
    platforms.ask(`/v25.0/${ID}/published_posts?fields=id,insights.metric(${names})&limit=${limit}`)
  const within = listAt(await list(metrics), 'data').find((each) => each['id'] === post)
  expect(within?.['insights']).toMatchObject({ data: at(alone, 'data') })
  expect(await refusalOf(list(`${metrics},post_engaged_users`))).toEqual([400, 100, undefined])
  expect(await refusalOf(list(metrics, 51))).toEqual([500, 1, undefined])
})

test('fields that are gone, and summaries without their scope, are refused', async () => {
  await using platforms = await start()
  const list = (fields: string) => platforms.ask(`/v25.0/${ID}/posts?fields=${fields}`)
  expect(await refusalOf(list('id,link'))).toEqual([400, 12, undefined])
  const summary = 'id,reactions.summary(total_count).limit(0)'
  expect(await refusalOf(list(summary))).toEqual([403, 10, undefined])
  const scopes = ['pages_read_engagement', 'pages_read_user_content']
  const { accessToken: token } = platforms.simulator.tokensOf(platforms.account(), { scopes })
  const allowed = await platforms.ask(`/v25.0/${ID}/posts?fields=${summary}`, { token })
  expect(at(allowed, 'data', 0, 'reactions', 'summary', 'total_count')).toBeTypeOf('number')
})

test('a post without a text has a story, and one without reactions an empty object', async () => {
  const numbers = { post_reactions_by_type_total: 0 }
  await using platforms = await start({
    content: () => ({ kind: 'image', text: '', numbers, views: 0 }),
  })
  const answer = await platforms.ask(`/v25.0/${ID}/published_posts?fields=message,story`)
  expect(listAt(answer, 'data')[0]).not.toHaveProperty('message')
  expect(listAt(answer, 'data')[0]?.['story']).toContain('added a new photo')
  const post = one(platforms, 'image')
  const insights = await platforms.ask(
    `/v25.0/${post}/insights?metric=post_reactions_by_type_total`,
  )
  expect(at(insights, 'data', 0, 'values', 0, 'value')).toEqual({})
})

test('pages are followed by their cursor, may be empty before the end, and link with the token', async () => {
  await using platforms = await start({ content: () => ({ kind: 'image' }) })
  const page = (query: string) => platforms.ask(`/v25.0/${ID}/published_posts?limit=5&${query}`)
  platforms.simulator.faults.add({ platform: 'facebook', times: 1, fault: { kind: 'empty_page' } })
  const first = await page('')
  expect(at(first, 'data')).toEqual([])
  expect(`${at(first, 'paging', 'next')}`).toContain('access_token=')
  const second = await page(`after=${at(first, 'paging', 'cursors', 'after')}`)
  expect(listAt(second, 'data')).toHaveLength(3)
  expect(at(second, 'paging', 'next')).toBeUndefined()
})

test('a batch answers in order, and leaves what fails to its part', async () => {
  await using platforms = await start()
  const [post, reel] = [one(platforms, 'image'), one(platforms, 'text')]
  const { faults } = platforms.simulator
  faults.add({ platform: 'facebook', id: reel, times: 1, fault: { kind: 'unfinished' } })
  const urls = [post, `${ID}_999999`, reel].map((id) => `${id}/insights?metric=post_clicks`)
  const answer = await batch(platforms, urls)
  expect([0, 1].map((place) => at(answer, place, 'code'))).toEqual([200, 400])
  expect(at(answer, 2)).toBeNull()
  expect(JSON.parse(`${at(answer, 1, 'body')}`).error).toMatchObject({
    code: 100,
    error_subcode: 33,
  })
  const many = await batch(platforms, Array(51).fill(`${ID}?fields=id`))
  expect(at(many, 'error', 'type')).toBe('GraphBatchException')
})

test('deleted posts are gone, others’ are none, and several objects in one call are a thing of the past', async () => {
  await using platforms = await start({
    content: (index: number) => ({ kind: 'image', ...(index === 0 && { deletedAt: new Date(0) }) }),
  })
  const [deleted] = published(platforms)
  const gone = platforms.ask(`/v25.0/${deleted?.platformPostId}`)
  expect(await refusalOf(gone)).toEqual([400, 100, 33])
  expect(await refusalOf(platforms.ask('/v25.0/1_2'))).toEqual([400, 100, 33])
  expect(await refusalOf(platforms.ask('/v25.0/?ids=1,2'))).toEqual([400, 100, undefined])
})

test('one base URL serves both platforms, told apart by the token', async () => {
  const scopes = ['instagram_basic', 'instagram_manage_insights']
  await using platforms = await startPlatforms([
    planFor('facebook'),
    planFor('instagram', { scopes }),
  ])
  const options = { prefix: 'facebook' }
  const page = await platforms.ask('/v25.0/me?fields=name,followers_count', options)
  expect(at(page, 'id')).toBe(ID)
  const media = await platforms.ask(`/v25.0/17841400000000123/media?fields=caption`, {
    ...options,
    as: platforms.account(1),
  })
  expect(listAt(media, 'data')).toHaveLength(5)
  const { calls } = platforms.simulator
  expect([calls.count({ platform: 'facebook' }), calls.count({ platform: 'instagram' })]).toEqual([
    1, 1,
  ])
})
