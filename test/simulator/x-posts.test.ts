import { describe, expect, test } from 'vitest'
import { metricsOf } from '../../src/domain/catalog/catalog.ts'
import { at, DAY_MS, idsAt, idsOf, listAt, NOW, planFor, startPlatforms } from './platforms.ts'

const PRIVATE = 'tweet.fields=public_metrics,non_public_metrics'
const EXPANDED = 'expansions=attachments.media_keys&media.fields=public_metrics,duration_ms'

test('a post has its default fields, and counters under the spelling of the request', async () => {
  await using platforms = await startPlatforms([
    planFor('x', { content: () => ({ kind: 'text', text: 'Salt & <stone>' }) }),
  ])
  const [id = ''] = idsOf(platforms)
  const bare = await platforms.ask(`/2/tweets/${id}`)
  expect(bare.body).toEqual({
    data: { id, text: 'Salt &amp; &lt;stone&gt;', edit_history_tweet_ids: [id] },
  })
  const older = await platforms.ask(`/2/tweets/${id}?tweet.fields=public_metrics`)
  expect(at(older, 'data', 'public_metrics')).toHaveProperty('retweet_count')
  const newer = await platforms.ask(`/2/tweets/${id}?post.fields=public_metrics`)
  expect(at(newer, 'data', 'public_metrics')).toHaveProperty('repost_count')
  expect(at(newer, 'data')).toHaveProperty('edit_history_post_ids')
  expect(at(newer, 'data', 'public_metrics')).not.toHaveProperty('retweet_count')
})

test('long text is cut, and whole in its note', async () => {
  const text = 'a'.repeat(400)
  await using platforms = await startPlatforms([planFor('x', { content: () => ({ text }) })])
  const { body } = await platforms.ask(`/2/tweets/${idsOf(platforms)[0]}?tweet.fields=note_tweet`)
  expect(body).toMatchObject({ data: { text: `${'a'.repeat(279)}…`, note_tweet: { text } } })
})

test('media come with the expansion: a video with its plays, photos without counters', async () => {
  const kinds = ['video', 'carousel', 'text'] as const
  await using platforms = await startPlatforms([
    planFor('x', { publications: 3, content: (index) => ({ kind: kinds[index] ?? 'text' }) }),
  ])
  const ids = idsOf(platforms)
  const answer = await platforms.ask(`/2/tweets?ids=${ids.join(',')}&${EXPANDED}`)
  const media = listAt(answer, 'includes', 'media')
  expect(media.map((one) => one['type'])).toEqual(['video', 'photo', 'photo', 'photo'])
  expect(media[0]).toMatchObject({ public_metrics: { view_count: expect.any(Number) } })
  expect(media[1]).not.toHaveProperty('public_metrics')
  const keys = listAt(answer, 'data').map((post) => Object(post['attachments'])['media_keys'])
  expect(keys).toEqual([
    [media[0]?.['media_key']],
    media.slice(1).map((one) => one['media_key']),
    undefined,
  ])
})

describe('private numbers', () => {
  test('are the author’s for 30 days; afterwards the whole post disappears', async () => {
    await using platforms = await startPlatforms([planFor('x', { publications: 40 })])
    const ids = idsOf(platforms)
    const answer = await platforms.ask(`/2/tweets?ids=${ids.join(',')}&${PRIVATE}`)
    expect(idsAt(answer, 'data')).toEqual(ids.slice(0, 30))
    const errors = listAt(answer, 'errors')
    const own = metricsOf('x', 'post').filter(({ source }) => source === 'non_public_metrics')
    // Impressions are public, and repeated here.
    expect(errors).toHaveLength(10 * (own.length + 1))
    expect(errors[0]).toMatchObject({
      resource_id: ids[30],
      parameter: 'ids',
      field: 'non_public_metrics.impression_count',
      type: 'https://api.twitter.com/2/problems/not-authorized-for-field',
    })
    const open = await platforms.ask(`/2/tweets?ids=${ids.join(',')}&tweet.fields=public_metrics`)
    expect(idsAt(open, 'data')).toEqual(ids)
  })

  test('of someone else’s post make it disappear, too', async () => {
    const other = planFor('x', { platformAccountId: '1700000000000000002', handle: 'other' })
    await using platforms = await startPlatforms([planFor('x'), other])
    const [foreign] = idsOf(platforms, 1)
    const answer = await platforms.ask(`/2/tweets?ids=${foreign}&${PRIVATE}`)
    expect(answer.body).not.toHaveProperty('data')
    platforms.simulator.switches.xProblemHost = 'api.x.com'
    const moved = await platforms.ask(`/2/tweets?ids=${foreign}&${PRIVATE}`)
    expect(at(moved, 'errors', 0, 'type')).toMatch(/^https:\/\/api\.x\.com\//)
  })

  test('of a post without a link have no clicks on one', async () => {
    const texts = ['no link', 'see https://acme.example']
    await using platforms = await startPlatforms([
      planFor('x', { content: (index) => ({ text: texts[index % 2] ?? '' }) }),
    ])
    const ids = idsOf(platforms).slice(0, 2).join(',')
    const posts = listAt(await platforms.ask(`/2/tweets?ids=${ids}&${PRIVATE}`), 'data')
    const clicks = posts.map((one) => Object(one['non_public_metrics'])['url_link_clicks'])
    expect(clicks).toEqual([undefined, expect.any(Number)])
  })

  test('of foreign media are refused without touching the post', async () => {
    const content = () => ({ kind: 'video' as const })
    const accounts = [
      planFor('x'),
      planFor('x', { platformAccountId: '2', handle: 'other', content }),
    ]
    await using platforms = await startPlatforms(accounts)
    const [foreign] = idsOf(platforms, 1)
    const fields = 'expansions=attachments.media_keys&media.fields=non_public_metrics'
    const answer = await platforms.ask(`/2/tweets?ids=${foreign}&${fields}`)
    expect(idsAt(answer, 'data')).toEqual([foreign])
    expect(answer.body).not.toHaveProperty('includes')
    expect(at(answer, 'errors', 0)).toMatchObject({ section: 'includes', resource_type: 'media' })
  })
})

test('deleted, protected and temporarily missing posts are errors of their own', async () => {
  const deletedAt = new Date(NOW.getTime() - DAY_MS)
  await using platforms = await startPlatforms([
    planFor('x', { content: (index) => (index === 2 ? { deletedAt } : {}) }),
    planFor('x', { platformAccountId: '2', handle: 'closed', isProtected: true }),
  ])
  const [kept, missing, deleted] = idsOf(platforms)
  const [closed] = idsOf(platforms, 1)
  platforms.simulator.faults.add({ platform: 'x', id: `${missing}`, fault: { kind: 'unfinished' } })
  const answer = await platforms.ask(
    `/2/tweets?ids=${[kept, missing, deleted, closed, 5].join(',')}`,
  )
  expect(idsAt(answer, 'data')).toEqual([kept])
  expect(listAt(answer, 'errors').map((one) => `${one['type']}`.split('/').at(-1))).toEqual([
    ...['resource-unavailable', 'resource-not-found'],
    ...['not-authorized-for-resource', 'resource-not-found'],
  ])
  const own = await platforms.ask(`/2/tweets/${closed}`, { as: platforms.account(1) })
  expect(at(own, 'data', 'id')).toBe(closed)
})

test('one wrong id, one too many, one twice or one unknown name fails the whole call', async () => {
  await using platforms = await startPlatforms([planFor('x')])
  const many = Array.from({ length: 101 }, (_, place) => place + 1).join(',')
  const queries = [
    '',
    'ids=abc',
    `ids=${many}`,
    'ids=1,1',
    'ids=1&tweet.fields=shares',
    'ids=1&page=2',
  ]
  for (const query of queries) {
    const { body, status } = await platforms.ask(`/2/tweets?${query}`)
    expect(status).toBe(400)
    expect(body).toMatchObject({
      title: 'Invalid Request',
      errors: [{ message: expect.any(String) }],
    })
  }
  expect((await platforms.ask(`/2/tweets?ids=${many.split(',').slice(1)}`)).status).toBe(200)
})

test('the older selector can be switched off, and its refusal names it', async () => {
  await using platforms = await startPlatforms([planFor('x')], {
    switches: { xVocabulary: 'new_only' },
  })
  const [id] = idsOf(platforms)
  const refused = await platforms.ask(`/2/tweets?ids=${id}&tweet.fields=public_metrics`)
  expect(refused.status).toBe(400)
  expect(at(refused, 'errors', 0, 'message')).toContain('tweet.fields')
  expect((await platforms.ask(`/2/tweets?ids=${id}&post.fields=public_metrics`)).status).toBe(200)
})
