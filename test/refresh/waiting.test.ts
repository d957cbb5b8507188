import { describe, expect, test } from 'vitest'
import type { Budget } from '../../src/domain/budget.ts'
import type { Refresh } from '../../src/domain/refresh.ts'
import { accountHeldUntil } from '../../src/refresh/waiting.ts'
import { budgetsOfWorkspace } from '../../src/store/budgets.ts'
import { openTestStore } from '../support/database.ts'
import { failureOf } from './fake-platform.ts'
import { openRefreshing, type Refreshing, START, WORKSPACE } from './refreshing.ts'

const SECOND = { platformAccountId: 'open-id-2', accessToken: 'access-2', localId: 'acc_2' }
const RESET = new Date(START.getTime() + 600_000)

function exhausted(more: Partial<Budget> = {}): Budget {
  return { scope: 'account', limit: 100, remaining: 0, reserve: 0, resetsAt: RESET, ...more }
}

/** Lets the platform tell this with its next answer. */
function tell(weir: Refreshing, budget: Budget): void {
  weir.platform.before = (_call, context) => {
    context.onBudget(budget)
    weir.platform.before = () => {}
  }
}

/** An account whose first refresh heard of a budget, and whose second one was wished for. */
async function heardOf(weir: Refreshing, budget: Budget) {
  const { account, refresh } = await weir.connect()
  tell(weir, budget)
  await weir.run(refresh)
  const { deps } = weir
  deps.limits = { ...deps.limits, staleAfterSeconds: 0 }
  await deps.db.updateTable('account').set({ stale_after: START }).execute()
  weir.platform.calls = []
  return { account, next: await weir.request(account) }
}

test('calls are counted, and what the platform said is kept, with the run that heard it', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { refresh } = await weir.connect()
  tell(weir, exhausted({ scope: 'application', limit: 600, remaining: null, resetsAt: null }))
  const { upstreamCalls } = await weir.run(refresh)
  const kept = { day: '2026-03-01', calls: upstreamCalls, platform: 'tiktok', reserve: 0 }
  expect(upstreamCalls).toBe(2)
  expect(await budgetsOfWorkspace(store.db, WORKSPACE, 10)).toEqual([
    { ...kept, accountId: null, limit: 600, remaining: null, resetsAt: null },
    { ...kept, accountId: 'acc_1', limit: null, remaining: null, resetsAt: null },
  ])
})

test('calls count for the application as well, whether or not the platform spoke of it', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { refresh: first } = await weir.connect()
  const { refresh: second } = await weir.connect(SECOND)
  await weir.run(first)
  tell(weir, exhausted({ scope: 'application', limit: 600, remaining: 300 }))
  await weir.run(second)
  weir.advance(1)
  const { refresh: third } = await weir.connect({
    ...SECOND,
    platformAccountId: 'open-id-3',
    localId: 'acc_3',
  })
  await weir.run(third)
  const budgets = await budgetsOfWorkspace(store.db, WORKSPACE, 10)
  expect(budgets.map(({ accountId, calls, limit }) => [accountId, calls, limit])).toEqual([
    [null, 6, 600],
    ['acc_1', 2, null],
    ['acc_2', 2, null],
    ['acc_3', 2, null],
  ])
})

test('numbers that no database can hold are as good as unsaid', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { refresh } = await weir.connect()
  tell(weir, exhausted({ limit: 2 ** 31, remaining: 0.5, resetsAt: new Date(8.64e15) }))
  expect(await weir.run(refresh)).toMatchObject({ status: 'succeeded' })
  const [kept] = await budgetsOfWorkspace(store.db, WORKSPACE, 10)
  expect(kept).toMatchObject({ limit: null, remaining: null, resetsAt: null })
})

describe('an account whose platform allows no more calls', () => {
  test('is not asked before the named time, which uses up no attempt', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    const { next } = await heardOf(weir, exhausted())
    const waiting = await weir.run(next, 3)
    expect(waiting).toMatchObject({ status: 'queued', publicationIds: null, upstreamCalls: 0 })
    expect(weir.platform.calls).toEqual([])
    expect(weir.queued.at(-1)).toMatchObject({ refreshId: next.id, attempt: 3, startAfter: RESET })
    weir.advance(600)
    expect(await weir.run(next, 3)).toMatchObject({ status: 'succeeded' })
    expect(weir.platform.calls).toEqual(['list', 'account'])
  })

  test('holds up no other account', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    await heardOf(weir, exhausted())
    const { refresh } = await weir.connect(SECOND)
    expect(await weir.run(refresh)).toMatchObject({ status: 'succeeded' })
  })

  test('keeps what others wished for in the meantime', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    const { account, next } = await heardOf(weir, exhausted())
    await weir.run(next)
    expect(await weir.request(account)).toMatchObject({ id: next.id, status: 'queued' })
  })

  test('waits no longer than a refresh may, and keeps its numbers then', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    const resetsAt = new Date(START.getTime() + 25 * 3600 * 1000)
    const { account, next } = await heardOf(weir, exhausted({ resetsAt }))
    const ended = await weir.run(next)
    expect(ended).toMatchObject({ status: 'failed', upstreamCalls: 0 })
    expect(ended.errorMessage).toContain(resetsAt.toISOString())
    expect(weir.platform.calls).toEqual([])
    expect(await weir.account(account.id)).toMatchObject({ syncStatus: 'synced' })
  })
})

describe('an application whose units are counted', () => {
  const counted = exhausted({ scope: 'application', remaining: null, reserve: 10 })

  test('makes no call for any account once no more than its reserve is left', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    const { next } = await heardOf(weir, { ...counted, units: 89 })
    tell(weir, { ...counted, units: 1 })
    expect(await weir.run(next)).toMatchObject({ status: 'succeeded' })
    const { refresh } = await weir.connect(SECOND)
    weir.platform.calls = []
    expect(await weir.run(refresh)).toMatchObject({ status: 'queued', upstreamCalls: 0 })
    expect(weir.queued.at(-1)).toMatchObject({ startAfter: RESET })
    expect(weir.platform.calls).toEqual([])
    weir.advance(600)
    expect(await weir.run(refresh)).toMatchObject({ status: 'succeeded' })
  })

  test('makes none for any other workspace either', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    await heardOf(weir, { ...counted, units: 90 })
    const other = { ...(await weir.account('acc_1')), workspaceId: 'other' }
    expect(await accountHeldUntil(weir.deps, other, 'request')).toEqual(RESET)
    expect(await accountHeldUntil(weir.deps, { ...other, platform: 'x' }, 'request')).toBeNull()
  })
})

test('an application that may make no more calls makes none for any account', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  await heardOf(weir, exhausted({ scope: 'application' }))
  const { refresh } = await weir.connect(SECOND)
  expect(await weir.run(refresh)).toMatchObject({ status: 'queued', upstreamCalls: 0 })
  expect(weir.platform.calls).toEqual([])
})

test.each<[string, Partial<Budget>]>([
  ['something is left', { remaining: 1 }],
  ['nobody says until when', { resetsAt: null }],
  ['the time has passed', { resetsAt: START }],
  ['more than the reserve is left', { remaining: 11, reserve: 10 }],
])('an account is asked when %s', async (_name, more) => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { next } = await heardOf(weir, exhausted(more))
  expect(await weir.run(next)).toMatchObject({ status: 'succeeded' })
})

test('a platform that is known to be down is waited for, which uses up no attempt', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { refresh } = await weir.connect()
  const down = failureOf('unavailable', { retryAt: RESET, isHostDown: true })
  weir.platform.account = down
  weir.platform.listingFailure = down
  const waiting = await weir.run(refresh, 3)
  expect(waiting).toMatchObject({ status: 'queued', failed: 0, errorMessage: null })
  expect(weir.queued.at(-1)).toMatchObject({ attempt: 3, startAfter: RESET })
  expect(await weir.account('acc_1')).toMatchObject({ syncStatus: 'pending' })
})

test('a platform that asks for a second’s patience again and again is given up', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { refresh } = await weir.connect()
  weir.platform.before = (call) => {
    const retryAt = new Date(weir.deps.now().getTime() + 1000)
    if (call === 'account') weir.platform.account = failureOf('unavailable', { retryAt })
  }
  const ended = await runToEnd(weir, refresh)
  expect(ended).toMatchObject({ status: 'failed', errorMessage: 'It is unavailable.' })
  expect(weir.platform.calls.filter((call) => call === 'account')).toHaveLength(3)
})

test('an outage without an end ends a refresh after an hour or little more', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { refresh } = await weir.connect()
  weir.platform.before = () => {
    const retryAt = new Date(weir.deps.now().getTime() + 300_000)
    const down = failureOf('unavailable', { retryAt, isHostDown: true })
    weir.platform.account = down
    weir.platform.listingFailure = down
  }
  expect(await runToEnd(weir, refresh)).toMatchObject({ status: 'failed' })
  const lastedMs = weir.deps.now().getTime() - START.getTime()
  expect(lastedMs).toBeGreaterThanOrEqual(3600_000)
  expect(lastedMs).toBeLessThanOrEqual(3600_000 + 3 * 300_000)
})

/** Runs a refresh whenever it is due, until it has ended. */
async function runToEnd(weir: Refreshing, refresh: Pick<Refresh, 'id'>): Promise<Refresh> {
  for (let attempt = 1; ; ) {
    const ran = await weir.run(refresh, attempt)
    const job = weir.queued.at(-1)
    if (ran.status !== 'queued' || !job) return ran
    attempt = job.attempt
    weir.advance(((job.startAfter ?? START).getTime() - weir.deps.now().getTime()) / 1000)
  }
}
