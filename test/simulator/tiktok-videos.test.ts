import { expect, test } from 'vitest'
import {
  at,
  DAY_MS,
  idsAt,
  idsOf,
  json,
  listAt,
  NOW,
  type Platforms,
  planFor,
  startPlatforms,
} from './platforms.ts'

const LIST = '/v2/video/list/?fields=id,create_time'
const QUERY = '/v2/video/query/?fields=id'

function query(platforms: Platforms, ids: readonly unknown[], path = QUERY) {
  return platforms.ask(path, json({ filters: { video_ids: ids } }))
}

test('a listing is paged by a cursor in milliseconds, while videos have seconds', async () => {
  await using platforms = await startPlatforms([planFor('tiktok', { publications: 45 })])
  const ids: unknown[] = []
  const sizes: number[] = []
  for (let body = {}, more: unknown = true; more; ) {
    const page = await platforms.ask(LIST, json({ max_count: 20, ...body }))
    const videos = listAt(page, 'data', 'videos')
    ids.push(...idsAt(page, 'data', 'videos'))
    sizes.push(videos.length)
    more = at(page, 'data', 'has_more')
    const cursor = at(page, 'data', 'cursor')
    expect(cursor).toBe(Number(videos.at(-1)?.['create_time']) * 1000)
    body = { cursor }
  }
  expect(sizes).toEqual([20, 20, 5])
  expect(ids).toEqual(idsOf(platforms))
})

test('a page has ten videos unless it is told, and never more than twenty', async () => {
  await using platforms = await startPlatforms([planFor('tiktok', { publications: 45 })])
  const usual = await platforms.ask(LIST, { method: 'POST' })
  expect(listAt(usual, 'data', 'videos')).toHaveLength(10)
  for (const body of [{ max_count: 21 }, { cursor: 'x' }, []]) {
    const refused = await platforms.ask(LIST, json(body))
    expect([refused.status, at(refused, 'error', 'code')]).toEqual([400, 'invalid_params'])
  }
})

test('pages can be short while more follow', async () => {
  await using platforms = await startPlatforms([
    planFor('tiktok', { publications: 100, hasShortPages: true }),
  ])
  const sizes: number[] = []
  const ids: unknown[] = []
  for (let body = {}, more: unknown = true; more; ) {
    const page = await platforms.ask(LIST, json({ max_count: 20, ...body }))
    sizes.push(listAt(page, 'data', 'videos').length)
    ids.push(...idsAt(page, 'data', 'videos'))
    more = at(page, 'data', 'has_more')
    body = { cursor: at(page, 'data', 'cursor') }
  }
  expect(sizes).toContain(18)
  expect(ids).toEqual(idsOf(platforms))
})

test('a query leaves out what is unknown, private, deleted or foreign, in an order of its own', async () => {
  const deletedAt = new Date(NOW.getTime() - DAY_MS)
  const content = (index: number) => [{ isPrivate: true }, { deletedAt }][index] ?? {}
  await using platforms = await startPlatforms([
    planFor('tiktok', { publications: 10, content }),
    planFor('tiktok', { platformAccountId: '2' }),
  ])
  const ids = idsOf(platforms)
  const answer = await query(platforms, [...ids, idsOf(platforms, 1)[0], '7'])
  expect(answer.status).toBe(200)
  const found = idsAt(answer, 'data', 'videos')
  expect(found).not.toEqual(ids.slice(2))
  expect(found.toSorted()).toEqual(ids.slice(2).toSorted())
})

test('twenty-one ids, or ids that are no text, fail the whole query', async () => {
  await using platforms = await startPlatforms([planFor('tiktok')])
  const many = Array.from({ length: 21 }, (_, place) => `${place}`)
  for (const ids of [many, [], [7_123_456_789]]) {
    expect((await query(platforms, ids)).status).toBe(400)
  }
  expect((await query(platforms, many.slice(1))).status).toBe(200)
})

test('a video has cut text, a cover that expires in six hours and a link with tracking', async () => {
  const text = 'b'.repeat(200)
  await using platforms = await startPlatforms([
    planFor('tiktok', { content: (index) => ({ text, kind: index === 0 ? 'video' : 'carousel' }) }),
  ])
  const fields = 'fields=id,video_description,cover_image_url,share_url,duration'
  const ids = idsOf(platforms).slice(0, 2)
  const answer = await query(platforms, ids, `/v2/video/query/?${fields}`)
  const [video, photos] = ids.map((id) =>
    listAt(answer, 'data', 'videos').find((one) => one['id'] === id),
  )
  expect(video).toMatchObject({
    video_description: 'b'.repeat(150),
    cover_image_url: expect.stringContaining(`x-expires=${NOW.getTime() / 1000 + 21_600}`),
    share_url: expect.stringMatching(/\/video\/\d{19}\?utm_campaign=tt4d_open_api/),
    duration: expect.any(Number),
  })
  expect(photos).toMatchObject({ duration: 0, share_url: expect.stringContaining('/photo/') })
})

test('a counter that is withheld is absent', async () => {
  const content = () => ({ withheld: ['share_count'], numbers: { view_count: 3_412_345_678 } })
  await using platforms = await startPlatforms([planFor('tiktok', { content })])
  const fields = 'fields=id,view_count,share_count'
  const answer = await query(platforms, idsOf(platforms).slice(0, 1), `/v2/video/query/?${fields}`)
  const [video] = listAt(answer, 'data', 'videos')
  expect(video).toEqual({ id: idsOf(platforms)[0], view_count: 3_412_345_678 })
})

test('videos need their scope', async () => {
  const scopes = ['user.info.basic', 'user.info.stats']
  await using platforms = await startPlatforms([planFor('tiktok', { scopes })])
  const refused = await query(platforms, ['1'])
  expect([refused.status, at(refused, 'error', 'code')]).toEqual([401, 'scope_not_authorized'])
})
