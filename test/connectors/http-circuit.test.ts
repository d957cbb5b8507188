import { expect, test } from 'vitest'
import { createConnectors } from '../../src/connectors/connectors.ts'
import { platformOrigins } from '../../src/connectors/endpoints.ts'
import { accountOn, failureOfCall, NOW, openUpstream, type Reply } from './support.ts'

const PAUSE_MS = 30_000
const after = (ms: number) => new Date(NOW.getTime() + ms)

/** TikTok, whose every answer is the current reply, and a reading of an account at a moment. */
function openTiktok(first: Reply) {
  const platform = { reply: first }
  const upstream = openUpstream('tiktok', () => platform.reply, {
    http: { attemptsMax: 2, circuitFailures: 3, circuitPauseMs: PAUSE_MS },
  })
  const account = accountOn('tiktok')
  const readAt = (now: Date) =>
    upstream.connector.readAccount(account, { ...upstream.context, now })
  return { platform, upstream, readAt, calls: () => upstream.requests.length }
}

const DOWN: Reply = { status: 503, text: '<html>Service Unavailable</html>' }
const GOOD: Reply = { json: { data: { user: { follower_count: 1 } }, error: { code: 'ok' } } }

test('a platform that is down is not asked before the pause is over', async () => {
  const { readAt, calls } = openTiktok(DOWN)
  const failures = []
  for (let run = 0; run < 5; run += 1) failures.push(await failureOfCall(readAt(NOW)))
  expect(failures.map(({ kind }) => kind)).toEqual(Array(5).fill('unavailable'))
  expect(failures.map(({ retryAt }) => retryAt)).toEqual([
    ...[null, null],
    ...Array(3).fill(after(PAUSE_MS)),
  ])
  expect(failures.map(({ status }) => status)).toEqual([503, 503, 503, null, null])
  const isDown = failures.map(({ isHostDown }) => isHostDown)
  expect(isDown).toEqual([false, false, true, true, true])
  expect(calls()).toBe(3 * 2)
})

test('one call tries it then, once, and the pause doubles or ends with its answer', async () => {
  const { platform, readAt, calls } = openTiktok(DOWN)
  for (let run = 0; run < 3; run += 1) await failureOfCall(readAt(NOW))
  const before = calls()
  const trial = await failureOfCall(readAt(after(PAUSE_MS)))
  expect([trial.status, trial.retryAt]).toEqual([503, after(3 * PAUSE_MS)])
  expect(calls()).toBe(before + 1)
  platform.reply = GOOD
  expect((await failureOfCall(readAt(after(PAUSE_MS + 1)))).status).toBeNull()
  expect((await readAt(after(3 * PAUSE_MS))).native).toMatchObject({ follower_count: 1 })
  expect((await readAt(after(3 * PAUSE_MS))).native).toMatchObject({ follower_count: 1 })
})

test.each<[string, Reply]>([
  ['refuses a token', { status: 401, json: { error: { code: 'access_token_invalid' } } }],
  ['limits calls', { status: 429, json: { error: { code: 'rate_limit_exceeded' } } }],
  ['answers with a page', { status: 403, text: '<html>Forbidden</html>' }],
  ['explains a 5xx as a limit', { status: 500, json: { error: { code: 'rate_limit_exceeded' } } }],
])('a platform that %s is up', async (_name, reply) => {
  const { platform, readAt } = openTiktok(reply)
  for (let run = 0; run < 10; run += 1) await failureOfCall(readAt(NOW))
  platform.reply = GOOD
  expect((await readAt(NOW)).native).toMatchObject({ follower_count: 1 })
})

test('calls that their caller gave up say nothing about the platform', async () => {
  const { upstream, readAt, platform } = openTiktok(DOWN)
  upstream.context.signal = AbortSignal.abort()
  for (let run = 0; run < 10; run += 1) await failureOfCall(readAt(NOW))
  upstream.context.signal = new AbortController().signal
  platform.reply = GOOD
  expect((await readAt(NOW)).native).toMatchObject({ follower_count: 1 })
})

test('a host that nobody can reach counts as down, for its own platform alone', async () => {
  const nowhere = 'http://127.0.0.1:9'
  const origins = Object.fromEntries(Object.keys(platformOrigins()).map((name) => [name, nowhere]))
  const http = { attemptsMax: 1, circuitFailures: 2 }
  const { connectors, close } = createConnectors({ origins, clients: {}, http, now: () => NOW })
  const { context } = openUpstream('x', () => ({}))
  const read = (platform: 'x' | 'tiktok') => {
    const connector = connectors[platform]
    if (!connector) throw new Error('There is no connector.')
    return failureOfCall(connector.readAccount(accountOn(platform), context))
  }
  expect((await read('tiktok')).retryAt).toBeNull()
  expect((await read('tiktok')).retryAt).toEqual(after(PAUSE_MS))
  expect((await read('x')).retryAt).toBeNull()
  await close()
})
