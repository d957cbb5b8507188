import { expect, test } from 'vitest'
import { PAGE, refused } from './facebook-world.ts'
import { accountOn, failureOfCall, NOW, openUpstream, type Reply, type Request } from './support.ts'

const PAUSE_MS = 30_000
const FAILURES = 3
const after = (ms: number) => new Date(NOW.getTime() + ms)

const IN_TROUBLE: Reply = { ...refused(2, 'Service temporarily unavailable'), status: 500 }
const TOO_MUCH: Reply = { ...refused(1, 'Please reduce the amount of data'), status: 500 }

/** Pages that one host answers for; each reading of one is a single call. */
function openPages(answer: (id: string, request: Request) => Reply, attemptsMax = 1) {
  const upstream = openUpstream(
    'facebook',
    (request) => answer(request.url.pathname.split('/')[2] ?? '', request),
    { http: { attemptsMax, circuitFailures: FAILURES, circuitPauseMs: PAUSE_MS } },
  )
  const accountOf = (id: string) =>
    accountOn('facebook', { platformAccountId: id, scopes: ['pages_read_engagement'] })
  const readAt = (id: string, now: Date) =>
    upstream.connector.readAccount(accountOf(id), { ...upstream.context, now })
  const list = (id: string) =>
    upstream.connector.listPublications(accountOf(id), null, upstream.context)
  return { readAt, list, calls: () => upstream.requests.length }
}

const pageOf = (id: string): Reply => ({ json: { ...PAGE, id } })

async function fail(call: Promise<unknown>): Promise<boolean> {
  return (await failureOfCall(call)).isHostDown
}

test('an account that is always told of trouble is left alone, and no other is', async () => {
  const { readAt, calls } = openPages((id) => (id === '1' ? IN_TROUBLE : pageOf(id)))
  const isDown = []
  for (let run = 0; run < 5; run += 1) isDown.push(await fail(readAt('1', NOW)))
  expect(isDown).toEqual([false, false, true, true, true])
  expect(calls()).toBe(FAILURES)
  expect((await failureOfCall(readAt('1', NOW))).retryAt).toEqual(after(PAUSE_MS))
  expect((await readAt('2', NOW)).native).toMatchObject({ followers_count: 12_000 })
})

test('trouble that several accounts are told of in a row stops the calls of all', async () => {
  const { readAt, calls } = openPages(() => IN_TROUBLE)
  for (const id of ['1', '2', '3']) await fail(readAt(id, NOW))
  expect(calls()).toBe(FAILURES)
  expect(await failureOfCall(readAt('4', NOW))).toMatchObject({
    ...{ kind: 'unavailable', isHostDown: true, retryAt: after(PAUSE_MS) },
  })
  expect(calls()).toBe(FAILURES)
})

test('after an outage, an account with a trouble of its own does not keep the others out', async () => {
  const platform = { answer: (_id: string): Reply => IN_TROUBLE }
  const { readAt } = openPages((id) => platform.answer(id))
  for (const id of ['1', '2', '3']) await fail(readAt(id, NOW))
  platform.answer = (id) => (id === '1' ? IN_TROUBLE : pageOf(id))
  const later = after(PAUSE_MS)
  expect(await fail(readAt('1', later))).toBe(false)
  expect((await readAt('4', later)).native).toMatchObject({ followers_count: 12_000 })
  expect((await readAt('5', later)).native).toMatchObject({ followers_count: 12_000 })
})

test('pages that are too much are no trouble of the host, nor of their account', async () => {
  const { list, readAt, calls } = openPages((id, { url }) =>
    url.pathname.endsWith(id) ? pageOf(id) : TOO_MUCH,
  )
  for (const id of ['1', '2']) expect(await fail(list(id))).toBe(false)
  expect(calls()).toBeGreaterThan(4 * FAILURES)
  for (const id of ['1', '2', '3']) await readAt(id, NOW)
})

test('what is too much is not asked for again as it was', async () => {
  const asked: string[] = []
  const { list } = openPages((_id, { url }) => {
    asked.push(`${url.pathname} ${url.searchParams.get('limit')}`)
    return TOO_MUCH
  }, 3)
  await failureOfCall(list('1'))
  expect(new Set(asked).size).toBe(asked.length)
})
