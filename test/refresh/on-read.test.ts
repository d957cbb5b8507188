import { expect, test, vi } from 'vitest'
import type { Account } from '../../src/domain/account.ts'
import type { Publication } from '../../src/domain/publication.ts'
import type { Refresh } from '../../src/domain/refresh.ts'
import { refreshesByIds } from '../../src/store/refreshes.ts'
import { describeStores } from '../support/database.ts'
import { failureOf, numbersOf } from './fake-platform.ts'
import { openRefreshing, type Refreshing, WORKSPACE } from './refreshing.ts'

const PATIENT_MS = 60_000
const STALE_SECONDS = 6 * 3600

/** Runs what was queued since, and answers it as it was when it was queued. */
async function runNext(weir: Refreshing): Promise<Refresh> {
  const job = await vi.waitUntil(() => weir.queued.shift())
  const [queued] = await refreshesByIds(weir.deps.db, WORKSPACE, [job.refreshId])
  await weir.run({ id: job.refreshId }, job.attempt)
  if (queued === undefined) throw new Error('There is no such refresh.')
  return queued
}

/** An account with two publications, all of them read. */
async function connected(weir: Refreshing): Promise<Account> {
  weir.platform.pages = [{ items: ['p1', 'p2'].map((id) => ({ id, numbers: numbersOf(1) })) }]
  weir.platform.publications = { p1: numbersOf(2), p2: numbersOf(2) }
  const { account } = await weir.connect()
  await runNext(weir)
  weir.platform.calls.length = 0
  return weir.account(account.id)
}

describeStores('on read', (open) => {
  test('what is stale is read and waited for, at nobody’s cost', async () => {
    await using store = await open()
    await using weir = await openRefreshing(store)
    const account = await connected(weir)
    weir.advance(STALE_SECONDS)
    const read = weir.commands.refreshOnRead(
      WORKSPACE,
      { accounts: [account], force: false },
      PATIENT_MS,
    )
    expect(await runNext(weir)).toMatchObject({ origin: 'live', publicationIds: [] })
    expect(await read).toBe(true)
    expect(weir.platform.calls).toEqual(['account'])
    expect((await weir.account(account.id)).lastUpdatedAt).toEqual(weir.deps.now())
    const charged = await weir.deps.db.selectFrom('refresh_usage').selectAll().execute()
    expect(charged).toEqual([])
  })

  test('what is fresh is read only when that is asked for', async () => {
    await using store = await open()
    await using weir = await openRefreshing(store)
    const account = await connected(weir)
    const { p1, p2 } = await weir.publications(account.id)
    if (!p1 || !p2) throw new Error('The account was not listed.')
    const wish = { accounts: [account], publications: [p1] }
    const ask = (force: boolean) =>
      weir.commands.refreshOnRead(WORKSPACE, { ...wish, force }, PATIENT_MS)
    expect(await ask(false)).toBe(false)
    expect(weir.queued).toEqual([])
    const forced = weir.commands.refreshOnRead(
      WORKSPACE,
      { publications: [p1, p2], force: true },
      PATIENT_MS,
    )
    expect((await runNext(weir)).publicationIds?.toSorted()).toEqual([p1.id, p2.id].toSorted())
    expect(await forced).toBe(true)
    expect(weir.platform.calls).toEqual(['read p1,p2'])
  })

  test('all who read at once wait for the same refresh', async () => {
    await using store = await open()
    await using weir = await openRefreshing(store)
    const account = await connected(weir)
    weir.advance(STALE_SECONDS)
    const wish = { accounts: [account], force: false }
    const reads = Array.from({ length: 5 }, () =>
      weir.commands.refreshOnRead(WORKSPACE, wish, PATIENT_MS),
    )
    await runNext(weir)
    expect(await Promise.all(reads)).toEqual([true, true, true, true, true])
    expect(weir.platform.calls).toEqual(['account'])
    expect(weir.queued).toEqual([])
  })

  test('what is not ready within the budget goes on without whoever asked', async () => {
    await using store = await open()
    await using weir = await openRefreshing(store)
    const account = await connected(weir)
    weir.advance(STALE_SECONDS)
    const wish = { accounts: [account], force: false }
    expect(await weir.commands.refreshOnRead(WORKSPACE, wish, 0)).toBe(false)
    expect(await weir.account(account.id)).toEqual(account)
    expect(weir.queued).toHaveLength(1)
    await runNext(weir)
    expect((await weir.account(account.id)).lastUpdatedAt).toEqual(weir.deps.now())
  })

  test('what waits for its platform is not waited for', async () => {
    await using store = await open()
    await using weir = await openRefreshing(store)
    const account = await connected(weir)
    weir.advance(STALE_SECONDS)
    weir.platform.account = failureOf('rate_limited', { status: 429 })
    const ask = () =>
      weir.commands.refreshOnRead(WORKSPACE, { accounts: [account], force: false }, PATIENT_MS)
    const first = ask()
    await runNext(weir)
    expect(await first).toBe(true)
    expect(await weir.account(account.id)).toMatchObject({ syncStatus: account.syncStatus })
    expect(weir.queued).toMatchObject([{ attempt: 1 }])
    expect(await ask()).toBe(false)
    expect(weir.platform.calls).toEqual(['account'])
  })

  test('a failed refresh is told by the row, and an account without access is not asked', async () => {
    await using store = await open()
    await using weir = await openRefreshing(store)
    const account = await connected(weir)
    weir.advance(STALE_SECONDS)
    weir.platform.account = failureOf('unauthorized', { status: 401 })
    const ask = () =>
      weir.commands.refreshOnRead(WORKSPACE, { accounts: [account], force: true }, PATIENT_MS)
    const read = ask()
    await runNext(weir)
    expect(await read).toBe(true)
    expect(await weir.account(account.id)).toMatchObject({ syncStatus: 'requires_reconnect' })
    expect(await ask()).toBe(false)
    expect(weir.queued).toEqual([])
  })

  test('the account’s numbers and its publications at once are a refresh of the whole', async () => {
    await using store = await open()
    await using weir = await openRefreshing(store)
    const account = await connected(weir)
    const publications = Object.values(await weir.publications(account.id))
    const ask = (wish: { accounts?: Account[]; publications?: typeof publications }) =>
      weir.commands.refreshOnRead(WORKSPACE, { ...wish, force: true }, 0)
    await ask({ accounts: [account] })
    await ask({ publications })
    expect(await runNext(weir)).toMatchObject({ publicationIds: null })
    expect(weir.platform.calls.toSorted()).toEqual(['account', 'list'])
    await ask({ publications })
    await ask({ accounts: [account] })
    expect(await runNext(weir)).toMatchObject({ publicationIds: null })
  })

  test('what failed for good is not asked for at every read, unless that is asked for', async () => {
    await using store = await open()
    await using weir = await openRefreshing(store)
    const account = await connected(weir)
    weir.advance(STALE_SECONDS)
    const ask = async (wish: { force?: boolean; publications?: Publication[] } = {}) => {
      const accounts = wish.publications ? [] : [await weir.account(account.id)]
      return weir.commands.refreshOnRead(WORKSPACE, { accounts, force: false, ...wish }, 0)
    }
    weir.platform.account = failureOf('misconfigured', { status: 403 })
    await ask()
    await runNext(weir)
    weir.advance(59)
    expect(await ask()).toBe(false)
    expect(weir.queued).toEqual([])
    await ask({ publications: Object.values(await weir.publications(account.id)) })
    expect((await runNext(weir)).publicationIds).toHaveLength(2)
    await ask({ force: true })
    await runNext(weir)
    weir.advance(60)
    await ask()
    expect((await runNext(weir)).publicationIds).toEqual([])
  })

  test('thirty accounts are queued with as many statements as one', async () => {
    const statements: string[] = []
    await using store = await open({ onStatement: (text) => statements.push(text) })
    await using weir = await openRefreshing(store)
    const counts: number[] = []
    for (const size of [1, 30]) {
      const accounts: Account[] = []
      for (let index = 0; index < size; index += 1) {
        const names = { localId: `acc_${size}_${index}`, platformAccountId: `${size}-${index}` }
        accounts.push((await weir.connect(names)).account)
        await runNext(weir)
      }
      statements.length = 0
      await weir.commands.refreshOnRead(WORKSPACE, { accounts, force: true }, 0)
      counts.push(statements.length)
    }
    expect(counts[1]).toBe(counts[0])
  })
})
