import { expect, test } from 'vitest'
import type { AccountPlan } from '../src/simulator/account.ts'
import { storeBudgets } from '../src/store/budgets.ts'
import { publicationsOfAccount } from '../src/store/publications.ts'
import { type Gateway, NOW, startGateway, WORKSPACE } from './support/gateway.ts'

const HOUR_MS = 3_600_000
// The clock is the test's, and so is when to look for what is due.
const ENVIRONMENT = { WEIR_SCHEDULER: 'on', WEIR_SCHEDULER_TICK_SECONDS: '86400' }

/** An account with one publication as old as the test, and others that are 40 days apart. */
function plan(given: Partial<AccountPlan> = {}): AccountPlan {
  const rhythm = { publications: 4, everyHours: 40 * 24, newestAt: NOW }
  const account = { platform: 'tiktok', platformAccountId: 'one', handle: 'one' } as const
  return { ...account, ...rhythm, ...given }
}

async function tick({ app }: Gateway): Promise<number> {
  return (await app.scheduler?.tick()) ?? 0
}

function activeRefreshes({ db }: Gateway) {
  return db
    .selectFrom('refresh')
    .select('account_id')
    .where('status', 'in', ['queued', 'running'])
    .execute()
}

/** The publications of an account, the newest first, each with when it was read last. */
async function readings({ db }: Gateway, accountId: string) {
  const rows = await publicationsOfAccount(db, WORKSPACE, accountId, 100)
  const age = ({ publishedAt }: (typeof rows)[number]) => publishedAt?.getTime() ?? 0
  return rows.sort((one, other) => age(other) - age(one))
}

/** Lives through hours, with a look for what is due at each; tells when each content was read. */
async function live(gateway: Gateway, accountId: string, hours: number) {
  const start = gateway.clock.now.getTime()
  const readAt = new Map<string, Set<number>>()
  for (let hour = 1; hour <= hours; hour += 1) {
    gateway.clock.now = new Date(start + hour * HOUR_MS)
    await tick(gateway)
    await gateway.settled()
    for (const { platformPostId, lastUpdatedAt } of await readings(gateway, accountId)) {
      const at = ((lastUpdatedAt?.getTime() ?? 0) - start) / HOUR_MS
      const times = readAt.get(platformPostId) ?? new Set()
      readAt.set(platformPostId, at > 0 ? times.add(at) : times)
    }
  }
  return readAt
}

function hours(from: number, to: number, every: number): number[] {
  const count = Math.floor((to - from) / every) + 1
  return Array.from({ length: count }, (_, index) => from + index * every)
}

test('over three days, content is read hourly on its first day and six-hourly then', async () => {
  const accounts = [plan()]
  await using gateway = await startGateway({ accounts, environment: ENVIRONMENT })
  const [simulated] = gateway.simulator.world.accounts
  if (!simulated) throw new Error('There is no account.')
  const { id } = await gateway.connect(simulated)
  await gateway.settled()
  const readAt = await live(gateway, id, 72)
  const [young, ...old] = await readings(gateway, id)
  expect([...(readAt.get(young?.platformPostId ?? '') ?? [])]).toEqual([
    ...hours(1, 24, 1),
    ...hours(30, 72, 6),
  ])
  // This platform's listings tell the numbers of all that they name.
  for (const { platformPostId } of old) {
    expect([...(readAt.get(platformPostId) ?? [])]).toEqual(hours(6, 72, 6))
  }
}, 60_000)

test('content that is gone is asked for three times, and never again', async () => {
  const deletedAt = new Date(NOW.getTime() + 1.5 * HOUR_MS)
  const accounts = [plan({ content: (index) => (index === 0 ? { deletedAt } : {}) })]
  await using gateway = await startGateway({ accounts, environment: ENVIRONMENT })
  const [simulated] = gateway.simulator.world.accounts
  if (!simulated) throw new Error('There is no account.')
  const { id } = await gateway.connect(simulated)
  await gateway.settled()
  const [young] = await readings(gateway, id)
  gateway.simulator.calls.clear()
  await live(gateway, id, 24)
  const asked = gateway.simulator.calls.ids().filter((each) => each === young?.platformPostId)
  expect(asked).toHaveLength(1 + 3)
  expect((await readings(gateway, id))[0]).toMatchObject({
    ...{ syncStatus: 'failed', timesGone: 3, dueAt: null },
    lastUpdatedAt: new Date(NOW.getTime() + HOUR_MS),
  })
}, 60_000)

test('a disconnected account is never scheduled', async () => {
  await using gateway = await startGateway({ accounts: [plan()], environment: ENVIRONMENT })
  const [simulated] = gateway.simulator.world.accounts
  if (!simulated) throw new Error('There is no account.')
  const { id } = await gateway.connect(simulated)
  await gateway.settled()
  await gateway.app.commands.disconnectAccount(WORKSPACE, id)
  gateway.simulator.calls.clear()
  await live(gateway, id, 12)
  expect(gateway.simulator.calls.count()).toBe(0)
})

test('after days of sleep, what is due is worked off bit by bit, each account once', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  const accounts = names.map((name) => plan({ platformAccountId: name, handle: name }))
  const environment = { ...ENVIRONMENT, WEIR_SCHEDULER_QUEUE_MAX: '3' }
  await using gateway = await startGateway({ accounts, environment })
  for (const account of gateway.simulator.world.accounts) await gateway.connect(account)
  await gateway.settled()
  gateway.clock.now = new Date(NOW.getTime() + 5 * 24 * HOUR_MS)
  const queued: number[] = []
  for (let look = 0; look < 5; look += 1) {
    queued.push(await tick(gateway))
    // Whatever the worker has done meanwhile, a second look fills up what is free, and no more.
    queued.push(await tick(gateway))
    expect((await activeRefreshes(gateway)).length).toBeLessThanOrEqual(3)
    await gateway.settled()
  }
  expect(Math.max(...queued)).toBe(3)
  const rows = await gateway.db
    .selectFrom('refresh')
    .select('account_id')
    .where('origin', '=', 'schedule')
    .execute()
  expect(rows.map(({ account_id }) => account_id).sort()).toEqual(
    [...new Set(rows.map(({ account_id }) => account_id))].sort(),
  )
  expect(rows).toHaveLength(names.length)
})

test('a budget that is used up stops its platform alone, until its reset', async () => {
  const [held, free] = ['x', 'tiktok'] as const
  const accounts = [held, free].map((platform) => plan({ platform, platformAccountId: '2244' }))
  await using gateway = await startGateway({ accounts, environment: ENVIRONMENT })
  for (const account of gateway.simulator.world.accounts) await gateway.connect(account)
  await gateway.settled()
  const resetsAt = new Date(NOW.getTime() + 9 * HOUR_MS)
  const budget = { scope: 'application' as const, limit: 100, remaining: 19, reserve: 0, resetsAt }
  const use = { accountId: null, calls: 1, budget }
  const at = { platform: held, now: gateway.clock.now }
  await storeBudgets(gateway.db, WORKSPACE, at, [use])
  const { calls } = gateway.simulator
  const counts: boolean[][] = []
  for (const hour of [7, 8, 9]) {
    gateway.clock.now = new Date(NOW.getTime() + hour * HOUR_MS)
    calls.clear()
    await tick(gateway)
    await gateway.settled()
    counts.push([held, free].map((platform) => calls.count({ platform }) > 0))
  }
  expect(counts).toEqual([
    [false, true],
    [false, true],
    [true, true],
  ])
})
