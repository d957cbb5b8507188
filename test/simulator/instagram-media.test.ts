import { expect, test } from 'vitest'
import type { StoryKind } from '../../src/simulator/account.ts'
import { at, DAY_MS, idsAt, idsOf, listAt, NOW, planFor, startPlatforms } from './platforms.ts'

const ID = '17841400000000123'
const kinds: StoryKind[] = ['video', 'image', 'carousel']
const mixed = (index: number) => ({ kind: kinds[index] ?? 'image', text: `No. ${index}` })

test('media are listed newest first, with what their kind has', async () => {
  await using platforms = await startPlatforms([planFor('instagram', { content: mixed })])
  const fields = 'id,caption,media_type,media_product_type,thumbnail_url,permalink,timestamp'
  const answer = await platforms.ask(`/v25.0/${ID}/media?fields=${fields}`)
  expect(idsAt(answer, 'data')).toEqual(idsOf(platforms))
  const [reel, image, carousel] = listAt(answer, 'data')
  expect(reel).toMatchObject({
    media_type: 'VIDEO',
    media_product_type: 'REELS',
    permalink: expect.stringContaining('/reel/'),
    thumbnail_url: expect.any(String),
    timestamp: '2026-11-20T11:00:00+0000',
  })
  expect(image).toMatchObject({ media_type: 'IMAGE', media_product_type: 'FEED', caption: 'No. 1' })
  expect(image).not.toHaveProperty('thumbnail_url')
  expect(carousel).toMatchObject({
    media_type: 'CAROUSEL_ALBUM',
    permalink: expect.stringContaining('/p/'),
  })
})

test('a post without text has no caption, and hidden likes are no zero', async () => {
  const content = () => ({ text: '', kind: 'image' as const })
  await using platforms = await startPlatforms([
    planFor('instagram', { hidesLikes: true, content }),
  ])
  const answer = await platforms.ask(`/v25.0/me/media?fields=caption,like_count,comments_count`)
  expect(Object.keys(listAt(answer, 'data')[0] ?? {})).toEqual(['comments_count', 'id'])
})

test('pages follow by cursor, 25 unless told and 100 at most; their links carry the token', async () => {
  await using platforms = await startPlatforms([planFor('instagram', { publications: 250 })])
  const ids: unknown[] = []
  const sizes: number[] = []
  for (let after = '', more = true; more; ) {
    const page = await platforms.ask(
      `/v25.0/${ID}/media?limit=1000&after=${after}`.replace(/&after=$/, ''),
    )
    ids.push(...idsAt(page, 'data'))
    sizes.push(listAt(page, 'data').length)
    after = `${at(page, 'paging', 'cursors', 'after')}`
    const next = at(page, 'paging', 'next')
    more = next !== undefined
    if (more) expect(next).toContain('access_token=IGAA')
  }
  expect(sizes).toEqual([100, 100, 50])
  expect(ids).toEqual(idsOf(platforms))
  expect(listAt(await platforms.ask(`/v25.0/${ID}/media`), 'data')).toHaveLength(25)
  expect((await platforms.ask(`/v25.0/${ID}/media?after=nothing`)).status).toBe(400)
})

test('pages can be short while more follow', async () => {
  await using platforms = await startPlatforms([
    planFor('instagram', { publications: 100, hasShortPages: true }),
  ])
  const ids: unknown[] = []
  const sizes: number[] = []
  for (let query = 'limit=10'; query !== ''; ) {
    const page = await platforms.ask(`/v25.0/${ID}/media?${query}`)
    ids.push(...idsAt(page, 'data'))
    sizes.push(listAt(page, 'data').length)
    const after = at(page, 'paging', 'cursors', 'after')
    query = at(page, 'paging', 'next') === undefined ? '' : `limit=10&after=${after}`
  }
  expect(sizes).toContain(8)
  expect(ids).toEqual(idsOf(platforms))
})

test('what is deleted leaves short pages, and no object', async () => {
  const deletedAt = new Date(NOW.getTime() - DAY_MS)
  const content = (index: number) => (index < 3 ? { deletedAt } : {})
  await using platforms = await startPlatforms([planFor('instagram', { content })])
  const ids = idsOf(platforms)
  const page = await platforms.ask(`/v25.0/${ID}/media?limit=3`)
  expect(listAt(page, 'data')).toEqual([])
  expect(at(page, 'paging', 'next')).toContain('after=')
  for (const id of [ids[0], '18000000000000001', '999']) {
    const { body } = await platforms.ask(`/v25.0/${id}?fields=id`)
    expect(body).toMatchObject({
      error: { code: 100, error_subcode: 33, type: 'GraphMethodException' },
    })
  }
})

test('another account’s media are not there', async () => {
  const other = planFor('instagram', { platformAccountId: '17841400000000456' })
  await using platforms = await startPlatforms([planFor('instagram'), other])
  const [foreign] = idsOf(platforms, 1)
  const answer = await platforms.ask(`/v25.0/${foreign}`)
  expect(at(answer, 'error', 'error_subcode')).toBe(33)
  expect((await platforms.ask(`/v25.0/${foreign}`, { as: platforms.account(1) })).status).toBe(200)
})

test('stories are listed apart, for a day', async () => {
  const content = (index: number) => (index < 2 ? { kind: 'story' as const } : {})
  await using platforms = await startPlatforms([planFor('instagram', { content, everyHours: 12 })])
  const [fresh, old, ...media] = idsOf(platforms)
  expect(idsAt(await platforms.ask(`/v25.0/${ID}/stories`), 'data')).toEqual([fresh, old])
  expect(idsAt(await platforms.ask(`/v25.0/${ID}/media`), 'data')).toEqual(media)
  platforms.clock.now = new Date(NOW.getTime() + DAY_MS / 2)
  expect(idsAt(await platforms.ask(`/v25.0/${ID}/stories`), 'data')).toEqual([fresh])
  expect((await platforms.ask(`/v25.0/${old}/insights?metric=views`)).status).toBe(400)
})

test('children of a carousel have ids of their own, and no insights', async () => {
  const content = () => ({ kind: 'carousel' as const })
  await using platforms = await startPlatforms([planFor('instagram', { content })])
  const answer = await platforms.ask(`/v25.0/${idsOf(platforms)[0]}?fields=children{id,media_type}`)
  const children = idsAt(answer, 'children', 'data')
  expect(new Set(children).size).toBe(3)
  expect((await platforms.ask(`/v25.0/${children[0]}`)).status).toBe(200)
  const refused = await platforms.ask(`/v25.0/${children[0]}/insights?metric=views`)
  expect(at(refused, 'error', 'code')).toBe(100)
})
