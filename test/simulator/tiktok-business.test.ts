import { expect, test } from 'vitest'
import {
  at,
  DAY_MS,
  form,
  json,
  listAt,
  NOW,
  type Platforms,
  planFor,
  startPlatforms,
} from './platforms.ts'

const SCOPES = ['user.insights', 'video.insights']
const BASE = '/open_api/v1.3'

function ask(platforms: Platforms, path: string, token?: string) {
  const { simulator } = platforms
  const own = token ?? simulator.tokensOf(platforms.account()).accessToken
  return platforms.ask(`${BASE}${path}`, {
    prefix: 'tiktok-business',
    as: null,
    headers: { 'access-token': own },
  })
}

const videosPath = (id: string, fields: string[], more = '') =>
  `/business/video/list/?business_id=${id}&fields=${encodeURIComponent(JSON.stringify(fields))}${more}`

test('errors come with status 200 and a code', async () => {
  await using platforms = await startPlatforms([planFor('tiktok', { scopes: ['video.insights'] })])
  const id = platforms.account().platformAccountId
  const answers = [
    await ask(platforms, videosPath(id, ['item_id']), 'act.wrong'),
    await ask(platforms, videosPath('other', ['item_id'])),
    await ask(platforms, `/business/get/?business_id=${id}`),
    await ask(platforms, videosPath(id, ['likes'])),
    await ask(platforms, videosPath(id, ['item_id'])),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  expect(answers.map((answer) => at(answer, 'code'))).toEqual([40105, 40001, 40001, 40002, 0])
})

test('videos have favourites, reach and watch time as of a day before', async () => {
  const newestAt = new Date(NOW.getTime() - 3 * DAY_MS)
  await using platforms = await startPlatforms([planFor('tiktok', { scopes: SCOPES, newestAt })])
  const { account, world } = platforms
  const fields = ['item_id', 'favorites', 'reach', 'video_views', 'total_time_watched']
  const answer = await ask(platforms, videosPath(account().platformAccountId, fields))
  const [video] = world.publications(account(), NOW)
  const settled = new Date('2026-11-19T00:00:00Z')
  const numbers = world.publicationNumbers(video ?? expect.fail('no video'), settled)
  expect(listAt(answer, 'data', 'videos')[0]).toEqual({
    item_id: video?.platformPostId,
    favorites: numbers['bookmark_count'],
    video_views: numbers['view_count'],
    reach: expect.any(Number),
    total_time_watched: expect.any(Number),
  })
})

test('a week without a view ends reach and watch time', async () => {
  const content = () => ({ views: 100 })
  const newestAt = new Date(NOW.getTime() - 200 * DAY_MS)
  const plan = planFor('tiktok', { scopes: SCOPES, newestAt, content })
  await using platforms = await startPlatforms([plan])
  const fields = ['item_id', 'reach', 'total_time_watched', 'likes']
  const answer = await ask(platforms, videosPath(platforms.account().platformAccountId, fields))
  expect(Object.keys(listAt(answer, 'data', 'videos')[0] ?? {})).toEqual(['item_id', 'likes'])
})

test('an account has totals and complete days, over 60 days at most', async () => {
  await using platforms = await startPlatforms([planFor('tiktok', { scopes: SCOPES })])
  const fields = encodeURIComponent(JSON.stringify(['followers_count', 'video_views']))
  const path = `/business/get/?business_id=${platforms.account().platformAccountId}&fields=${fields}`
  const answer = await ask(platforms, `${path}&start_date=2026-11-01&end_date=2026-11-19`)
  expect(at(answer, 'data', 'followers_count')).toEqual(expect.any(Number))
  const days = listAt(answer, 'data', 'metrics').map((one) => one['date'])
  expect([days.at(0), days.at(-1)]).toEqual(['2026-11-01', '2026-11-18'])
  const long = await ask(platforms, `${path}&start_date=2026-08-01&end_date=2026-11-19`)
  expect(at(long, 'code')).toBe(40002)
})

test('tokens are exchanged as JSON, and the refresh token rotates', async () => {
  await using platforms = await startPlatforms([planFor('tiktok', { scopes: SCOPES })])
  const { client, tokensOf } = platforms.simulator
  const fields = {
    client_id: client.id,
    client_secret: client.secret,
    grant_type: 'refresh_token',
    refresh_token: `${tokensOf(platforms.account()).refreshToken}`,
  }
  const path = `${BASE}/tt_user/oauth2/refresh_token/`
  const send = (init: RequestInit) =>
    platforms.ask(path, { ...init, prefix: 'tiktok-business', as: null })
  const first = await send(json(fields))
  expect(first.body).toMatchObject({ code: 0, data: { expires_in: 86_400 } })
  expect(at(await send(json(fields)), 'code')).toBe(40105)
  expect(at(await send(form(fields)), 'code')).toBe(40002)
})
