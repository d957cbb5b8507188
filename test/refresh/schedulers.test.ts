import { expect, test, vi } from 'vitest'
import { startScheduler } from '../../src/refresh/scheduler.ts'
import { upsertConnection } from '../../src/store/connections.ts'
import { claimSchedule } from '../../src/store/schedule.ts'
import { insertWorkspace } from '../../src/store/workspaces.ts'
import { openTestStore } from '../support/database.ts'
import { jobCount } from '../support/jobs.ts'
import { connection } from '../support/rows.ts'
import { START } from './refreshing.ts'
import { openScheduling, type Scheduling } from './scheduling.ts'

const ACCOUNTS = 12
const WORKSPACES = ['a', 'b', 'c']

async function addDue({ deps }: Scheduling): Promise<void> {
  const limits = { refreshCooldownHours: null, refreshMonthlyQuota: null }
  for (const id of WORKSPACES) {
    await insertWorkspace(deps.db, { id, name: id, createdAt: START, ...limits })
    for (let each = 0; each < ACCOUNTS; each += 1) {
      const about = { id: `${each}`, platformAccountId: `${each}`, platform: 'tiktok' } as const
      await upsertConnection(deps.db, id, connection({ ...about, connectedAt: START }))
    }
  }
}

test('however many schedulers look at once, what is due is queued once, with one job', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await using one = await openScheduling(store)
  await using other = await openScheduling(store, { now: () => START })
  await addDue(one)
  const looks = [one, other, one, other].map(({ scheduler }) => scheduler.tick())
  const queued = await Promise.all(looks)
  const total = ACCOUNTS * WORKSPACES.length
  expect(queued.reduce((sum, count) => sum + count)).toBe(total)
  const rows = await store.db.selectFrom('refresh').selectAll().execute()
  expect(new Set(rows.map((row) => `${row.workspace_id} ${row.account_id}`)).size).toBe(total)
  expect(rows).toHaveLength(total)
  expect(await jobCount(store)).toBe(total)
})

test('wishes and a scheduler at the same time leave one active refresh of each account', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await using scheduling = await openScheduling(store)
  await addDue(scheduling)
  const wishes = Array.from({ length: ACCOUNTS }, (_, each) =>
    scheduling.commands.requestAccountRefresh('a', {
      ...{ accountId: `${each}`, idempotencyKey: null },
    }),
  )
  const looks = [1, 2, 3].map(() => scheduling.scheduler.tick())
  const answers = await Promise.all(wishes)
  await Promise.all(looks)
  await scheduling.scheduler.tick()
  expect(answers.map(({ kind }) => kind)).toEqual(answers.map(() => 'queued'))
  const rows = await store.db.selectFrom('refresh').selectAll().execute()
  expect(rows).toHaveLength(ACCOUNTS * WORKSPACES.length)
  expect(rows.filter(({ origin }) => origin === 'request')).toHaveLength(ACCOUNTS)
})

test('who looks while another one does queues nothing, and does not wait', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await using scheduling = await openScheduling(store)
  await addDue(scheduling)
  await store.db.transaction().execute(async (transaction) => {
    await claimSchedule(transaction)
    expect(await scheduling.scheduler.tick()).toBe(0)
  })
  expect(await scheduling.scheduler.tick()).toBe(ACCOUNTS * WORKSPACES.length)
})

test('accounts that somebody has locked are left for the next look', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await using scheduling = await openScheduling(store)
  await addDue(scheduling)
  await store.db.transaction().execute(async (transaction) => {
    await transaction.selectFrom('account').select('id').where('id', '=', '1').forUpdate().execute()
    expect(await scheduling.scheduler.tick()).toBe((ACCOUNTS - 1) * WORKSPACES.length)
  })
  expect(await scheduling.scheduler.tick()).toBe(WORKSPACES.length)
})

test('a look that fails is logged, and the next one comes', async () => {
  await using store = await openTestStore()
  await using scheduling = await openScheduling(store)
  await addDue(scheduling)
  const errors: string[] = []
  let fails = true
  const { jobs, limits } = scheduling.deps
  const scheduler = startScheduler({
    ...scheduling.deps,
    log: { ...scheduling.deps.log, error: (_, message) => void errors.push(message) },
    limits: { ...limits, scheduleTickSeconds: 0.005 },
    jobs: {
      ...jobs,
      enqueueRefreshes: (db, many) =>
        fails ? Promise.reject(new Error('no')) : jobs.enqueueRefreshes(db, many),
    },
  })
  await vi.waitFor(() => expect(errors.length).toBeGreaterThan(1), { timeout: 10_000 })
  expect(new Set(errors)).toEqual(new Set(['what is due could not be queued']))
  expect(await scheduling.active()).toEqual([])
  fails = false
  await vi.waitFor(async () => expect(await jobCount(store)).toBe(ACCOUNTS * WORKSPACES.length), {
    timeout: 10_000,
  })
  await scheduler.stop()
})
