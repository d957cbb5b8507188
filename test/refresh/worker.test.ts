import { once } from 'node:events'
import type { KyselyPlugin } from 'kysely'
import { expect, test, vi } from 'vitest'
import { ConnectorError } from '../../src/domain/connector.ts'
import { startWorker, type Worker } from '../../src/refresh/worker.ts'
import { openJobs } from '../../src/store/jobs.ts'
import { refreshesByIds } from '../../src/store/refreshes.ts'
import { describeStores, openTestStore, type TestStore } from '../support/database.ts'
import { openOutage } from '../support/outage.ts'
import { failureOf, numbersOf } from './fake-platform.ts'
import { openRefreshing, type Refreshing, WORKSPACE } from './refreshing.ts'

const WAIT = { timeout: 10_000, interval: 20 }

async function statusOf(store: TestStore, id: string): Promise<string | undefined> {
  return (await refreshesByIds(store.db, WORKSPACE, [id]))[0]?.status
}

/** A worker with queues of its own, as another process would have. */
async function anotherWorker(store: TestStore, weir: Refreshing): Promise<Worker> {
  const { now, log } = weir.deps
  const jobs = await openJobs(store, { now, log })
  const worker = await startWorker({ ...weir.deps, jobs })
  const stop = async () => {
    await worker.stop()
    await jobs.stop()
  }
  return { stop }
}

describeStores('a worker', (open) => {
  test('takes a queued refresh at once and runs it', async () => {
    await using store = await open()
    await using weir = await openRefreshing(store)
    const worker = await startWorker(weir.deps)
    const { refresh } = await weir.connect()
    await vi.waitFor(async () => expect(await statusOf(store, refresh.id)).toBe('succeeded'), WAIT)
    expect(weir.platform.calls).toEqual(['list', 'account'])
    await worker.stop()
  })

  test('forgets the keys whose day is over, and keeps the others', async () => {
    await using store = await open()
    await using weir = await openRefreshing(store)
    const { account } = await weir.connect()
    const wish = (idempotencyKey: string) =>
      weir.commands.requestAccountRefresh(WORKSPACE, { accountId: account.id, idempotencyKey })
    await wish('yesterday')
    weir.advance(24 * 3600)
    await wish('today')
    const worker = await startWorker(weir.deps)
    await worker.stop()
    const keys = await store.db.selectFrom('idempotency').select('key').execute()
    expect(keys).toEqual([{ key: 'today' }])
  })

  test('refreshes several accounts at the same time', async () => {
    await using store = await open()
    await using weir = await openRefreshing(store)
    let open_ = 0
    weir.platform.before = async (call) => {
      if (call === 'list') open_ += 1
      await vi.waitFor(() => expect(open_).toBe(3), WAIT)
    }
    const refreshes = []
    for (const id of ['a', 'b', 'c']) {
      const { refresh } = await weir.connect({ platformAccountId: id, localId: id })
      refreshes.push(refresh)
    }
    const worker = await startWorker(weir.deps)
    for (const { id } of refreshes) {
      await vi.waitFor(async () => expect(await statusOf(store, id)).toBe('succeeded'), WAIT)
    }
    await worker.stop()
  })

  test('that stops gives back what it could not finish, and another goes on with it', async () => {
    await using store = await open()
    await using weir = await openRefreshing(store)
    weir.deps.limits = { ...weir.deps.limits, stopGraceMs: 100 }
    weir.platform.pages = [{ items: [{ id: 'p1', numbers: numbersOf(1) }] }]
    weir.platform.before = async (call, { signal }) => {
      if (call !== 'account') return
      await once(signal, 'abort')
      throw new ConnectorError(failureOf('unavailable'))
    }
    const worker = await startWorker(weir.deps)
    const { account, refresh } = await weir.connect()
    await vi.waitFor(() => expect(weir.platform.calls).toContain('account'), WAIT)
    await worker.stop()
    expect(await statusOf(store, refresh.id)).toBe('queued')
    expect((await weir.publications(account.id))['p1']?.metrics.views).toBe(1)
    expect(weir.queued.at(-1)).toMatchObject({ attempt: 1, startAfter: null })
    weir.platform.before = () => {}
    const other = await anotherWorker(store, weir)
    await vi.waitFor(async () => expect(await statusOf(store, refresh.id)).toBe('succeeded'), WAIT)
    await other.stop()
    expect(await weir.snapshots()).toHaveLength(2)
  })

  test('goes on after a fault of ours, and ends the refresh when that comes every time', async () => {
    await using store = await open()
    await using weir = await openRefreshing(store)
    weir.deps.limits = { ...weir.deps.limits, attempts: 1 }
    weir.platform.before = () => {
      throw new Error('a fault')
    }
    const worker = await startWorker(weir.deps)
    const { refresh } = await weir.connect()
    await vi.waitFor(() => expect(weir.platform.calls).toHaveLength(1), WAIT)
    await vi.waitFor(async () => expect(await statusOf(store, refresh.id)).toBe('failed'), WAIT)
    expect(weir.platform.calls).toHaveLength(1)
    await worker.stop()
  })
})

test.each([
  ['ends the connection', { code: '57P01', message: 'terminating connection' }],
  ['is gone', { message: 'Connection terminated unexpectedly' }],
  ['lets nobody in', { severity: 'FATAL', code: '55000', message: 'not accepting connections' }],
  ['cannot be reached', { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' }],
])(
  'an outage that is over when it is noticed, of a database that %s, costs none either',
  async (_, how) => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    let isBreaking = false
    const breaking: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        if (!isBreaking) return result
        isBreaking = false
        throw Object.assign(new Error(how.message), how)
      },
    }
    weir.deps.limits = { ...weir.deps.limits, attempts: 1 }
    weir.platform.before = (call) => {
      isBreaking = call === 'account' && weir.platform.calls.length === 2
    }
    const worker = await startWorker({ ...weir.deps, db: store.db.withPlugin(breaking) })
    const { refresh } = await weir.connect()
    await vi.waitFor(async () => expect(await statusOf(store, refresh.id)).toMatch(/ed$/), WAIT)
    expect(await statusOf(store, refresh.id)).toBe('succeeded')
    expect(weir.platform.calls).toEqual(['list', 'account', 'list', 'account'])
    await worker.stop()
  },
)

test('an outage of the database costs a refresh no attempt, and it goes on as soon as that is over', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await using weir = await openRefreshing(store)
  weir.deps.limits = { ...weir.deps.limits, attempts: 1 }
  const outage = openOutage(store)
  const brokeOff = Promise.withResolvers<void>()
  weir.deps.log = { ...weir.deps.log, error: () => brokeOff.resolve() }
  weir.platform.before = async (call) => {
    if (call === 'account' && weir.platform.calls.length === 2) await outage.begin()
  }
  const worker = await startWorker(weir.deps)
  const { refresh } = await weir.connect()
  await brokeOff.promise
  await outage.end()
  await vi.waitFor(async () => expect(await statusOf(store, refresh.id)).toBe('succeeded'), {
    ...WAIT,
    timeout: 4000,
  })
  expect(weir.platform.calls).toEqual(['list', 'account', 'list', 'account'])
  await worker.stop()
})
