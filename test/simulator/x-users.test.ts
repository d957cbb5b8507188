import { expect, test } from 'vitest'
import { at, idsAt, listAt, NOW, planFor, startPlatforms } from './platforms.ts'

const FIELDS = 'user.fields=public_metrics,verified_followers_count'
const ID = '1700000000000000001'

test('a user has exactly the selected fields, the verified followers beside the counters', async () => {
  await using platforms = await startPlatforms([planFor('x', { numbers: { followers_count: 5 } })])
  const bare = await platforms.ask('/2/users/me')
  expect(bare.body).toEqual({ data: { id: ID, name: 'acme', username: 'acme' } })
  const full = await platforms.ask(`/2/users/${ID}?${FIELDS}`)
  const n = platforms.world.accountNumbers(platforms.account(), NOW)
  expect(at(full, 'data')).toMatchObject({
    public_metrics: {
      followers_count: 5,
      following_count: n['following_count'],
      tweet_count: 5,
      listed_count: n['listed_count'],
      like_count: n['like_count'],
      media_count: n['media_count'],
    },
    verified_followers_count: n['verified_followers_count'],
  })
})

test('users are found by handle, and in batches that report what is missing', async () => {
  await using platforms = await startPlatforms([
    planFor('x'),
    planFor('x', { platformAccountId: '1700000000000000002', handle: 'other', isSuspended: true }),
  ])
  expect(at(await platforms.ask('/2/users/by/username/ACME'), 'data', 'id')).toBe(ID)
  const named = await platforms.ask('/2/users/by?usernames=acme,nobody')
  expect(idsAt(named, 'data')).toEqual([ID])
  const batch = await platforms.ask(`/2/users?ids=${ID},1700000000000000002,77`)
  expect(idsAt(batch, 'data')).toEqual([ID])
  expect(listAt(batch, 'errors')).toEqual([
    expect.objectContaining({
      title: 'Forbidden',
      detail: 'User has been suspended: [1700000000000000002].',
      type: 'https://api.twitter.com/2/problems/resource-not-found',
    }),
    expect.objectContaining({ title: 'Not Found Error', resource_id: '77' }),
  ])
})

test('a user that is not there is answered with errors alone, and status 200', async () => {
  await using platforms = await startPlatforms([planFor('x')])
  const { body, status } = await platforms.ask('/2/users/42')
  expect(status).toBe(200)
  expect(Object.keys(Object(body))).toEqual(['errors'])
})

test('nullable counters are null when withheld, and another withheld field hides the user', async () => {
  const withheld = ['like_count', 'media_count', 'verified_followers_count']
  await using platforms = await startPlatforms([planFor('x', { withheld })])
  const counters = await platforms.ask('/2/users/me?user.fields=public_metrics')
  expect(at(counters, 'data', 'public_metrics')).toMatchObject({
    like_count: null,
    media_count: null,
  })
  const hidden = await platforms.ask(`/2/users/me?${FIELDS}`)
  expect(hidden.status).toBe(200)
  expect(at(hidden, 'data')).toBeUndefined()
  expect(at(hidden, 'errors', 0)).toMatchObject({
    field: 'verified_followers_count',
    type: 'https://api.twitter.com/2/problems/not-authorized-for-field',
  })
})

test('the newer vocabulary is spoken to whoever selects posts by it', async () => {
  await using platforms = await startPlatforms([planFor('x')])
  const selected = 'user.fields=public_metrics&post.fields=text'
  const newer = await platforms.ask(`/2/users/me?${selected}`)
  expect(at(newer, 'data', 'public_metrics')).toMatchObject({ post_count: 5 })
  platforms.simulator.switches.xVocabulary = 'new_only'
  const only = await platforms.ask('/2/users/me?user.fields=public_metrics')
  expect(at(only, 'data', 'public_metrics')).not.toHaveProperty('tweet_count')
})

test('a token of the application reads public users, and nobody as itself', async () => {
  await using platforms = await startPlatforms([planFor('x')])
  const token = platforms.appToken('x')
  expect((await platforms.ask(`/2/users/${ID}`, { token })).status).toBe(200)
  const me = await platforms.ask('/2/users/me', { token })
  expect(me.status).toBe(403)
  expect(at(me, 'title')).toBe('Unsupported Authentication')
})
