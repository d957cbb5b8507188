import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Gateway, WORKSPACE } from '../../support/gateway.ts'
import { importInto } from '../../support/importing.ts'
import { connect, pathOf, withDocumented } from './connected.ts'

const PATH = pathOf('sa_twitter_1')
const DOCUMENTED = JSON.parse(readFileSync(new URL('./metrics.json', import.meta.url), 'utf8'))

interface Answer {
  follower_count: number
  platform_specific: Record<string, unknown>
  fetched_at: string
  data: object
  request_id: string
}

async function read(gateway: Gateway, path = PATH): Promise<Answer> {
  const response = await gateway.rest(path)
  const body = await response.json()
  expect([response.status, body]).toMatchObject([200, {}])
  return body as Answer
}

/** What X says of the account: these numbers, and no others. */
function say(gateway: Gateway, public_metrics: object): void {
  const data = { id: '1271505823917031424', username: 'pellumbikes', public_metrics }
  const body = JSON.stringify({ data })
  gateway.simulator.faults.add({ platform: 'x', fault: { kind: 'answer', status: 200, body } })
}

test('the answer is the documented one, at the top and under data', async () => {
  await using gateway = await withDocumented({ now: new Date('2026-04-28T18:30:00.900Z') })
  const { platform_specific, follower_count, following_count } = DOCUMENTED
  const counts = { followers_count: follower_count, following_count }
  say(gateway, { ...counts, ...platform_specific, like_count: 1 })
  const response = await gateway.rest(PATH)
  const request_id = response.headers.get('x-request-id')
  expect(request_id).toMatch(/^[0-9a-f-]{36}$/)
  const expected = { ...DOCUMENTED, data: DOCUMENTED, request_id }
  expect([response.status, await response.text()]).toEqual([200, JSON.stringify(expected)])
})

test('every call asks the platform, and its answer is stored', async () => {
  await using gateway = await withDocumented()
  const first = await read(gateway)
  gateway.clock.now = new Date(gateway.clock.now.getTime() + 3_600_000)
  const second = await read(gateway)
  expect(gateway.simulator.calls.count()).toBe(2)
  expect(second.follower_count).not.toBe(first.follower_count)
  expect(second.fetched_at).toBe('2026-06-29T10:00:00Z')
  const snapshots = await gateway.db.selectFrom('snapshot').select('native').execute()
  const followers = snapshots.map(({ native }) => Object(native).followers_count)
  expect(followers.sort()).toEqual([first.follower_count, second.follower_count].sort())
})

test('all who ask at once share one call', async () => {
  await using gateway = await withDocumented()
  const answers = await Promise.all([read(gateway), read(gateway), read(gateway)])
  expect(gateway.simulator.calls.count()).toBe(1)
  const [first, ...others] = answers.map(({ data }) => data)
  expect(others).toEqual([first, first])
  expect(new Set(answers.map(({ request_id }) => request_id)).size).toBe(3)
})

test('a number that the platform leaves out is 0', async () => {
  await using gateway = await withDocumented()
  say(gateway, { tweet_count: 7 })
  expect(await read(gateway)).toMatchObject({
    ...{ follower_count: 0, following_count: 0, post_count: 7 },
    platform_specific: { tweet_count: 7, listed_count: 0 },
  })
})

test('accounts on TikTok have their likes', async () => {
  await using gateway = await withDocumented()
  await connect(gateway, 'tiktok', { localId: 'sa_tiktok_1' })
  const answer = await read(gateway, pathOf('sa_tiktok_1'))
  expect(answer).toMatchObject({ platform: 'tiktok', social_account_id: 'sa_tiktok_1' })
  expect(answer.platform_specific).toEqual({ likes_count: expect.any(Number) })
  expect(answer.follower_count).toBeGreaterThan(0)
})

test('a query changes nothing', async () => {
  await using gateway = await withDocumented()
  expect(await read(gateway, `${PATH}?refresh=false&%zz=%00`)).toMatchObject({
    platform: 'twitter',
  })
})

test('an answer costs as many statements, however much the account has published', async () => {
  await using gateway = await withDocumented()
  // The first reading is a snapshot, the same again is none.
  await read(gateway)
  const counts: number[] = []
  for (const posts of [0, 100]) {
    const ids = Array.from({ length: posts }, (_, index) => `${index}`)
    await importInto(gateway.db, ids.map(publicationOf))
    await read(gateway)
    counts.push(gateway.statements.length)
  }
  expect(counts[1]).toBe(counts[0])
})

function publicationOf(id: string): object {
  const account = { workspace_id: WORKSPACE, account_id: 'sa_twitter_1' }
  return { type: 'publication', id, ...account, platform_post_id: id }
}
