import { expect, test } from 'vitest'
import type { Reading } from '../../src/domain/connector.ts'
import { openTestStore } from '../support/database.ts'
import { failureOf, numbersOf, readingOf } from './fake-platform.ts'
import { openRefreshing, type Refreshing, START } from './refreshing.ts'

const LATER = new Date(START.getTime() + 10 * 3600_000)
const LIMITED = failureOf('rate_limited', { retryAt: LATER })

/** An account with one publication that was read as a whole, then hours later in part only. */
async function readInPart(weir: Refreshing, part: Reading) {
  weir.platform.publications = { a: numbersOf(7) }
  weir.platform.pages = [{ items: [{ id: 'a', numbers: null }] }]
  const { account, refresh } = await weir.connect()
  await weir.run(refresh)
  weir.advance(7 * 3600)
  weir.platform.publications = { a: part }
  const next = await weir.request(account)
  weir.advance(1)
  return { account, ended: await weir.run(next) }
}

const part = (more: Partial<Reading>): Reading => ({
  ...readingOf({ like_count: 6, comment_count: 2, share_count: 1 }),
  ...more,
})

const UNREAD = part({
  missing: { view_count: 'fetch_failed' },
  warnings: ['view_count was not shown.'],
  unread: LIMITED,
})

test('a part that waits for its platform leaves the row its state, and its numbers are stored', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account, ended } = await readInPart(weir, UNREAD)
  expect(ended).toMatchObject({ status: 'queued', updated: 2, failed: 0, errorMessage: null })
  expect(weir.queued.at(-1)).toMatchObject({ startAfter: LATER, attempt: 1 })
  expect(await weir.publications(account.id)).toMatchObject({
    a: { syncStatus: 'synced', warnings: [], native: { view_count: 7, like_count: 6 } },
  })
})

test('the part is read when its time has come, and the row is counted once', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account, ended } = await readInPart(weir, UNREAD)
  weir.advance(3 * 3600)
  weir.platform.calls = []
  weir.platform.publications = { a: numbersOf(9) }
  expect(await weir.run(ended)).toMatchObject({ status: 'succeeded', updated: 2, failed: 0 })
  expect(weir.platform.calls).toEqual(['read a'])
  expect(await weir.publications(account.id)).toMatchObject({
    a: { syncStatus: 'synced', native: { view_count: 9 } },
  })
})

test('a part that nobody will wait for makes its row a partial one', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const retryAt = new Date(START.getTime() + 40 * 3600_000)
  const unread = failureOf('rate_limited', { retryAt })
  const { account, ended } = await readInPart(weir, { ...UNREAD, unread })
  expect(ended).toMatchObject({ status: 'succeeded', updated: 2, failed: 0 })
  expect(await weir.publications(account.id)).toMatchObject({
    a: { syncStatus: 'partial', warnings: UNREAD.warnings, native: { view_count: 7 } },
  })
})

test('a number of which the platform has nothing newer stays, with the reason', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const missing = { view_count: 'not_supported' as const }
  const { account } = await readInPart(weir, part({ missing, kept: ['view_count'] }))
  expect(await weir.publications(account.id)).toMatchObject({
    a: { syncStatus: 'synced', missing, native: { view_count: 7, like_count: 6 } },
  })
})
