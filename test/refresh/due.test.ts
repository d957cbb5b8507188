import { expect, test } from 'vitest'
import { openTestStore } from '../support/database.ts'
import { ACCOUNT_NUMBERS, failureOf, numbersOf, readingOf } from './fake-platform.ts'
import { openRefreshing, type Refreshing, START, WORKSPACE } from './refreshing.ts'

const HOUR = 3600
const at = (seconds: number) => new Date(START.getTime() + seconds * 1000)

/** When the account and its publications are due, in seconds since the beginning. */
async function dues({ account, publications }: Refreshing, id = 'acc_1') {
  const since = (due: Date | null) => due && (due.getTime() - START.getTime()) / 1000
  const rows = Object.entries(await publications(id))
  return {
    account: since((await account(id)).dueAt),
    ...Object.fromEntries(rows.map(([key, { dueAt }]) => [key, since(dueAt)])),
  }
}

test('an account is due at once, and after a reading when it becomes stale', async () => {
  await using store = await openTestStore()
  await using refreshing = await openRefreshing(store)
  const { refresh } = await refreshing.connect()
  expect(await dues(refreshing)).toEqual({ account: 0 })
  refreshing.advance(30)
  await refreshing.run(refresh)
  expect(await dues(refreshing)).toEqual({ account: 30 + 6 * HOUR })
})

test('discovered content is due again after an hour, six, a day or a week', async () => {
  await using store = await openTestStore()
  await using refreshing = await openRefreshing(store)
  const days = { a: 0.5, b: 2, c: 30, d: 100 }
  const items = Object.entries(days).map(([id, age]) => {
    return { id, numbers: numbersOf(1), content: { publishedAt: at(-age * 24 * HOUR) } }
  })
  refreshing.platform.pages = [{ items }]
  const { refresh } = await refreshing.connect()
  await refreshing.run(refresh)
  const [a, b, c, d] = [1, 6, 24, 7 * 24].map((hours) => hours * HOUR)
  expect(await dues(refreshing)).toEqual({ account: 6 * HOUR, a, b, c, d })
})

test('recorded content is due at once, whenever it is said to have been created', async () => {
  await using store = await openTestStore()
  await using refreshing = await openRefreshing(store)
  await refreshing.connect()
  refreshing.advance(60)
  await record(refreshing, 'p', at(5 * 24 * HOUR))
  expect(await dues(refreshing)).toEqual({ account: 0, p: 60 })
})

test('content that fails for good is due again after its interval, like its account', async () => {
  await using store = await openTestStore()
  await using refreshing = await openRefreshing(store)
  const { platform } = refreshing
  await record(refreshing, 'p')
  platform.account = failureOf('misconfigured')
  platform.listingFailure = failureOf('misconfigured')
  platform.publications = { p: failureOf('misconfigured') }
  const { refresh } = await refreshing.connect()
  refreshing.advance(10)
  await refreshing.run(refresh)
  expect(await dues(refreshing)).toEqual({ account: 10 + 6 * HOUR, p: 10 + HOUR })
})

test('content that could not be listed leaves its account due at its usual time', async () => {
  await using store = await openTestStore()
  await using refreshing = await openRefreshing(store)
  refreshing.platform.listingFailure = failureOf('misconfigured')
  const { refresh } = await refreshing.connect()
  await refreshing.run(refresh)
  expect((await refreshing.account('acc_1')).staleAfter).toEqual(START)
  expect(await dues(refreshing)).toEqual({ account: 6 * HOUR })
})

test('what waits for its platform stays due until this refresh has read it', async () => {
  await using store = await openTestStore()
  await using refreshing = await openRefreshing(store)
  const { platform } = refreshing
  await record(refreshing, 'p')
  await record(refreshing, 'q')
  const unread = failureOf('unavailable')
  platform.publications = { p: unread, q: { ...readingOf(numbersOf(1)), unread } }
  platform.account = unread
  const { refresh } = await refreshing.connect()
  refreshing.advance(5)
  await refreshing.run(refresh)
  expect(await dues(refreshing)).toEqual({ account: 0, p: 0, q: 0 })
  platform.publications = { p: numbersOf(1), q: numbersOf(1) }
  platform.account = ACCOUNT_NUMBERS
  await refreshing.run(refresh, 2)
  expect(await dues(refreshing)).toEqual({ account: 5 + 6 * HOUR, p: 5 + HOUR, q: 5 + HOUR })
})

test('an account is due until its content is listed, although its numbers are read', async () => {
  await using store = await openTestStore()
  await using refreshing = await openRefreshing(store)
  refreshing.platform.listingFailure = failureOf('unavailable')
  const { refresh } = await refreshing.connect()
  await refreshing.run(refresh)
  expect((await refreshing.account('acc_1')).lastUpdatedAt).toEqual(START)
  expect(await dues(refreshing)).toEqual({ account: 0 })
})

test('content gone three times in a row is not due any more, until it is there again', async () => {
  await using store = await openTestStore()
  await using refreshing = await openRefreshing(store)
  const { platform } = refreshing
  platform.publications = { p: failureOf('gone') }
  const seen: unknown[] = []
  const readOnce = async (kind: 'gone' | 'misconfigured' | null) => {
    platform.publications = { p: kind ? failureOf(kind) : numbersOf(1) }
    const { account, refresh } = await refreshing.connect({ accessToken: `${seen.length}` })
    await refreshing.run(refresh)
    const { p } = await refreshing.publications(account.id)
    seen.push([p?.timesGone, p?.dueAt])
    refreshing.advance(1)
  }
  await record(refreshing, 'p')
  for (const kind of ['gone', null, 'gone', 'gone', 'misconfigured', 'gone', null] as const) {
    await readOnce(kind)
  }
  const due = (second: number) => at(second + HOUR)
  expect(seen).toEqual([
    [1, due(0)],
    [0, due(1)],
    [1, due(2)],
    [2, due(3)],
    [2, due(4)],
    [3, null],
    [0, due(6)],
  ])
})

test('an account that is connected again is due at once', async () => {
  await using store = await openTestStore()
  await using refreshing = await openRefreshing(store)
  const { refresh } = await refreshing.connect()
  await refreshing.run(refresh)
  refreshing.advance(7)
  await refreshing.commands.disconnectAccount(WORKSPACE, 'acc_1')
  expect(await dues(refreshing)).toEqual({ account: 6 * HOUR })
  await refreshing.connect()
  expect(await dues(refreshing)).toEqual({ account: 7 })
})

async function record(
  { commands, connect, deps }: Refreshing,
  platformPostId: string,
  createdAt: Date | null = null,
): Promise<void> {
  const [account] = await deps.db.selectFrom('account').select('id').execute()
  const accountId = account?.id ?? (await connect()).account.id
  const answer = await commands.recordPost(WORKSPACE, {
    ...{ localId: null, text: null },
    publications: [
      {
        ...{ accountId, platformPostId, createdAt, localId: null, url: null, text: null },
        ...{ contentType: 'video', publishedAt: null },
      },
    ],
  })
  expect(answer).toMatchObject({ kind: 'recorded' })
}
