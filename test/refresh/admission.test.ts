import { describe, expect, test } from 'vitest'
import type { Refresh } from '../../src/domain/refresh.ts'
import { queueRefresh } from '../../src/refresh/queueing.ts'
import { lastCharges } from '../../src/store/refreshes.ts'
import { openTestStore } from '../support/database.ts'
import { failureOf, numbersOf } from './fake-platform.ts'
import {
  allow,
  connectIdle,
  openRefreshing,
  type Refreshing,
  usage,
  WORKSPACE,
} from './refreshing.ts'

const HOUR = 3600

const ask = (weir: Refreshing, accountId: string, idempotencyKey: string | null = null) =>
  weir.commands.requestAccountRefresh(WORKSPACE, { accountId, idempotencyKey })

const kindsOf = async (weir: Refreshing, accountIds: string[]) => {
  const kinds: string[] = []
  for (const id of accountIds) kinds.push((await ask(weir, id)).kind)
  return kinds
}

describe('a refresh that somebody asks for', () => {
  test('takes one unit, and begins the account’s cooldown when it is accepted', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    await allow(store, { refreshCooldownHours: 48, refreshMonthlyQuota: 5 })
    const account = await connectIdle(weir)
    expect(await usage(store)).toEqual({})
    const refresh = await weir.request(account)
    weir.advance(HOUR)
    expect((await ask(weir, account.id)).kind).toBe('queued')
    await weir.run(refresh)
    expect((await ask(weir, account.id)).kind).toBe('fresh')
    weir.advance(7 * HOUR)
    const nextRefreshAt = new Date(refresh.requestedAt.getTime() + 48 * HOUR * 1000)
    expect(await ask(weir, account.id)).toEqual({
      ...{ kind: 'cooldown', nextRefreshAt, hoursRemaining: 40 },
    })
    weir.advance(40 * HOUR)
    expect((await ask(weir, account.id)).kind).toBe('queued')
    expect(await usage(store)).toEqual({ '2026-03-01': 2 })
  })

  test('is refused when the month’s quota is used up, and taken again in the next month', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    await allow(store, { refreshCooldownHours: 48, refreshMonthlyQuota: 2 })
    for (const id of ['a', 'b', 'c']) await connectIdle(weir, id)
    expect(await kindsOf(weir, ['a', 'b'])).toEqual(['queued', 'queued'])
    const resetsAt = new Date('2026-04-01T00:00:00Z')
    expect(await ask(weir, 'c')).toEqual({
      kind: 'quota_exceeded',
      monthlyQuota: { limit: 2, used: 2, resetsAt },
    })
    expect(await kindsOf(weir, ['a', 'b'])).toEqual(['queued', 'queued'])
    weir.advance((resetsAt.getTime() - weir.deps.now().getTime()) / 1000 - 8 * HOUR)
    expect((await ask(weir, 'c')).kind).toBe('quota_exceeded')
    weir.advance(8 * HOUR)
    expect((await ask(weir, 'c')).kind).toBe('queued')
    expect(await usage(store)).toEqual({ '2026-03-01': 2, '2026-04-01': 1 })
  })

  test('is never taken with a quota of 0', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    await allow(store, { refreshCooldownHours: 0, refreshMonthlyQuota: 0 })
    const account = await connectIdle(weir)
    expect((await ask(weir, account.id)).kind).toBe('quota_exceeded')
    const active = await store.db.selectFrom('refresh').select('status').execute()
    expect(active).toEqual([{ status: 'succeeded' }])
  })

  test('that a repeat of its key gets again costs nothing, even in the cooldown', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    await allow(store, { refreshCooldownHours: 48, refreshMonthlyQuota: 1 })
    const account = await connectIdle(weir)
    const first = await ask(weir, account.id, 'k')
    if (first.kind !== 'queued') throw new Error(first.kind)
    const ended = await weir.run(first.refresh)
    weir.advance(7 * HOUR)
    expect((await ask(weir, account.id)).kind).toBe('cooldown')
    expect(await ask(weir, account.id, 'k')).toEqual({
      kind: 'queued',
      refresh: ended,
      isRepeat: true,
    })
    expect(await usage(store)).toEqual({ '2026-03-01': 1 })
  })
})

describe('a unit comes back, and the cooldown ends, when a refresh', () => {
  async function ended(
    run: (weir: Refreshing, refresh: Refresh) => Promise<unknown>,
  ): Promise<unknown> {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    await allow(store, { refreshCooldownHours: 48, refreshMonthlyQuota: 5 })
    const account = await connectIdle(weir)
    const refresh = await weir.request(account)
    await run(weir, refresh)
    const charges = await lastCharges(store.db, WORKSPACE, [account.id])
    return [(await usage(store))['2026-03-01'], charges.size]
  }

  test('could read nothing', async () => {
    const end = ended(async (weir, refresh) => {
      weir.platform.account = failureOf('unsupported')
      weir.platform.listingFailure = failureOf('unsupported')
      await weir.run(refresh)
      await weir.run(refresh, 2)
    })
    expect(await end).toEqual([0, 0])
  })

  test('was tried as often as it may be, and no run came to its end', async () => {
    const end = ended((weir, refresh) => weir.run(refresh, weir.deps.limits.attempts + 1))
    expect(await end).toEqual([0, 0])
  })

  test('found its account disconnected, before it asked anything or after', async () => {
    const before = ended(async (weir, refresh) => {
      await weir.commands.disconnectAccount(WORKSPACE, refresh.accountId)
      await weir.run(refresh)
    })
    expect(await before).toEqual([0, 0])
    const meanwhile = ended(async (weir, refresh) => {
      weir.platform.before = async () => {
        await weir.commands.disconnectAccount(WORKSPACE, refresh.accountId)
      }
      await weir.run(refresh)
    })
    expect(await meanwhile).toEqual([0, 0])
  })

  test('but not when an earlier run of it brought something', async () => {
    const end = ended(async (weir, refresh) => {
      weir.platform.listingFailure = failureOf('unavailable')
      expect(await weir.run(refresh)).toMatchObject({ status: 'queued', updated: 1 })
      await weir.run(refresh, weir.deps.limits.attempts + 1)
    })
    expect(await end).toEqual([1, 1])
  })
})

describe('a wish that joins a refresh of the schedule', () => {
  async function scheduled(weir: Refreshing) {
    const account = await connectIdle(weir)
    const wish = { account, origin: 'schedule', publicationIds: null } as const
    const queue = () =>
      weir.deps.db.transaction().execute((db) => queueRefresh(weir.deps, db, wish))
    return { account, refresh: await queue(), queue }
  }

  test('makes it one of everything, and costs nothing', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    await allow(store, { refreshCooldownHours: 48, refreshMonthlyQuota: 0 })
    const { account, refresh, queue } = await scheduled(weir)
    const joined = await weir.request(account)
    expect(joined).toEqual({ ...refresh, origin: 'request', publicationIds: null })
    expect(await queue()).toEqual(joined)
    expect(await usage(store)).toEqual({})
    expect((await lastCharges(store.db, WORKSPACE, [account.id])).size).toBe(0)
  })

  test('while it runs is read by that very run', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    weir.platform.publications = { p1: numbersOf(2) }
    weir.platform.pages = [{ items: [{ id: 'p1', numbers: numbersOf(1) }] }]
    const { account, refresh } = await scheduled(weir)
    await store.db.updateTable('account').set({ due_at: null }).execute()
    weir.platform.calls = []
    weir.platform.before = async () => {
      expect((await weir.request(account)).id).toBe(refresh.id)
    }
    const ended = await weir.run(refresh)
    expect(ended).toMatchObject({ status: 'succeeded', origin: 'request' })
    expect(weir.platform.calls).toEqual(['read p1', 'list', 'account'])
  })
})
