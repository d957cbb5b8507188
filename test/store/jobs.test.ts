import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import type { Log } from '../../src/domain/log.ts'
import { type ClaimedJob, type Jobs, openJobs, type RefreshJob } from '../../src/store/jobs.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import { watchLeaks } from '../support/leaks.ts'

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} }
const WAIT = { timeout: 10_000, interval: 10 }

function jobOf(refreshId: string, more: Partial<RefreshJob> = {}): RefreshJob {
  const job = { workspaceId: 'w', accountId: 'a', platform: 'x', attempt: 1, startAfter: null }
  return { ...job, refreshId, ...more } as RefreshJob
}

async function openOn(store: TestStore): Promise<Jobs & AsyncDisposable> {
  const jobs = await openJobs(store, { now: () => new Date(), log: silent })
  return { ...jobs, [Symbol.asyncDispose]: jobs.stop }
}

describeStores('jobs', (open) => {
  test('a job is there exactly when the transaction that queued it commits', async () => {
    await using store = await open()
    await using jobs = await openOn(store)
    const taken: string[] = []
    const rolledBack = store.db.transaction().execute(async (transaction) => {
      await jobs.enqueueRefresh(transaction, jobOf('lost'))
      throw new Error('no')
    })
    await expect(rolledBack).rejects.toThrow('no')
    await store.db.transaction().execute(async (transaction) => {
      await jobs.enqueueRefresh(transaction, jobOf('kept'))
    })
    const workers = await jobs.work(['x'], { concurrency: 1 }, async (job) => {
      taken.push(job.refreshId)
    })
    await vi.waitFor(() => expect(taken).toEqual(['kept']), WAIT)
    await workers.stop()
  })

  test('a job wakes a worker at once and carries what it was queued with', async () => {
    await using store = await open()
    await using jobs = await openOn(store)
    const taken: ClaimedJob[] = []
    const workers = await jobs.work(['tiktok', 'x'], { concurrency: 2 }, async (job) => {
      taken.push(job)
    })
    await jobs.enqueueRefresh(store.db, jobOf('one', { platform: 'tiktok', attempt: 2 }))
    await vi.waitFor(() => expect(taken).toHaveLength(1), { timeout: 2000, interval: 5 })
    expect(taken[0]).toEqual({
      workspaceId: 'w',
      refreshId: 'one',
      accountId: 'a',
      platform: 'tiktok',
      attempt: 2,
      signal: expect.any(AbortSignal),
    })
    await workers.stop()
  })

  test('a job whose time is brought forward wakes a worker at once, and no other job does', async () => {
    await using store = await open()
    await using jobs = await openOn(store)
    const startAfter = new Date(Date.now() + 3_600_000)
    for (const id of ['wished', 'urgent', 'other']) {
      await jobs.enqueueRefresh(store.db, jobOf(id, { startAfter, isPatient: true }))
    }
    const taken: string[] = []
    const workers = await jobs.work(['x'], { concurrency: 16 }, async (job) => {
      taken.push(job.refreshId)
    })
    const hasten = (refreshId: string, atOnce: boolean) =>
      jobs.hasten(store.db, { ...jobOf(refreshId), refreshId }, { atOnce })
    await hasten('urgent', false)
    await hasten('wished', true)
    await vi.waitFor(() => expect(taken).toEqual(['wished']), { timeout: 2000, interval: 5 })
    await workers.stop()
    expect(taken).toEqual(['wished'])
  })

  test('a backlog is worked off without waiting for a poll', async () => {
    await using store = await open()
    await using jobs = await openOn(store)
    for (let job = 0; job < 30; job += 1) {
      await jobs.enqueueRefresh(store.db, jobOf(`${job}`, { workspaceId: `w${job % 2}` }))
    }
    const taken = new Set<string>()
    const workers = await jobs.work(['x'], { concurrency: 4 }, async (job) => {
      taken.add(job.refreshId)
    })
    await vi.waitFor(() => expect(taken.size).toBe(30), { timeout: 4000, interval: 10 })
    await workers.stop()
  })

  test('one workspace never takes every place', async () => {
    await using store = await open()
    await using jobs = await openOn(store)
    const running = new Set<string>()
    const { promise: release, resolve } = Promise.withResolvers<void>()
    const workers = await jobs.work(['x'], { concurrency: 3 }, async (job) => {
      running.add(job.refreshId)
      await release
    })
    for (const id of ['1', '2', '3']) await jobs.enqueueRefresh(store.db, jobOf(id))
    await vi.waitFor(() => expect(running.size).toBe(2), WAIT)
    await jobs.enqueueRefresh(store.db, jobOf('other', { workspaceId: 'v' }))
    await vi.waitFor(() => expect(running).toContain('other'), WAIT)
    expect(running.size).toBe(3)
    resolve()
    await vi.waitFor(() => expect(running.size).toBe(4), WAIT)
    await workers.stop()
  })

  test('one workspace with very many jobs delays the only job of another by no batch', async () => {
    await using store = await open()
    await using jobs = await openOn(store)
    const many = Array.from({ length: 100 }, (_, index) => jobOf(`${index}`))
    await jobs.enqueueRefreshes(store.db, many)
    const running = new Set<string>()
    const { promise: release, resolve } = Promise.withResolvers<void>()
    const workers = await jobs.work(['x'], { concurrency: 16 }, async (job) => {
      running.add(job.refreshId)
      await release
    })
    await vi.waitFor(() => expect(running.size).toBe(15), WAIT)
    await jobs.enqueueRefresh(store.db, jobOf('only', { workspaceId: 'v' }))
    await vi.waitFor(() => expect(running).toContain('only'), WAIT)
    expect(running.size).toBe(16)
    resolve()
    await vi.waitFor(() => expect(running.size).toBe(101), WAIT)
    await workers.stop()
  })

  test('a few slow jobs hold up no other, neither of their batches nor after them', async () => {
    await using store = await open()
    await using jobs = await openOn(store)
    const all = Array.from({ length: 100 }, (_, index) => jobOf(`${index}`))
    const slow = new Set(['0', '7', '14', '21', '28'])
    await jobs.enqueueRefreshes(store.db, all)
    const done = new Set<string>()
    let running = 0
    let most = 0
    const { promise: release, resolve } = Promise.withResolvers<void>()
    const workers = await jobs.work(['x'], { concurrency: 16 }, async ({ refreshId }) => {
      running += 1
      most = Math.max(most, running)
      if (slow.has(refreshId)) await release
      done.add(refreshId)
      running -= 1
    })
    await vi.waitFor(() => expect(done.size).toBe(all.length - slow.size), WAIT)
    expect(most).toBeLessThan(17)
    resolve()
    await vi.waitFor(() => expect(done.size).toBe(all.length), WAIT)
    await workers.stop()
  })

  test('what somebody wishes for goes before what is patient, however much of that waits', async () => {
    await using store = await open()
    await using jobs = await openOn(store)
    const many = Array.from({ length: 100 }, (_, index) => jobOf(`${index}`, { isPatient: true }))
    await jobs.enqueueRefreshes(store.db, many)
    const taken: string[] = []
    const { promise: release, resolve } = Promise.withResolvers<void>()
    const workers = await jobs.work(['x'], { concurrency: 16 }, async (job) => {
      taken.push(job.refreshId)
      await release
    })
    await vi.waitFor(() => expect(taken).toHaveLength(15), WAIT)
    await jobs.enqueueRefresh(store.db, jobOf('wished'))
    resolve()
    await vi.waitFor(() => expect(taken).toHaveLength(101), WAIT)
    expect(taken.indexOf('wished')).toBeLessThan(15 + 16)
    await workers.stop()
  })

  test('a job that fails takes no other of its batch with it', async () => {
    await using store = await open()
    await using jobs = await openOn(store)
    const attempts: string[] = []
    await jobs.enqueueRefreshes(
      store.db,
      ['good', 'bad', 'fine'].map((id) => jobOf(id)),
    )
    const workers = await jobs.work(['x'], { concurrency: 16 }, async ({ refreshId, attempt }) => {
      attempts.push(`${refreshId} ${attempt}`)
      if (refreshId === 'bad' && attempt === 1) throw new Error('once')
    })
    await vi.waitFor(() => expect(attempts).toContain('bad 2'), { timeout: 12_000, interval: 50 })
    await workers.stop()
    expect(attempts.toSorted()).toEqual(['bad 1', 'bad 2', 'fine 1', 'good 1'])
  }, 15_000)

  test('a handler that throws gets its job again, one attempt later', async () => {
    await using store = await open()
    await using jobs = await openOn(store)
    const attempts: number[] = []
    const workers = await jobs.work(['x'], { concurrency: 1 }, async (job) => {
      attempts.push(job.attempt)
      if (attempts.length === 1) throw new Error('once')
    })
    await jobs.enqueueRefresh(store.db, jobOf('again'))
    await vi.waitFor(() => expect(attempts).toEqual([1, 2]), { timeout: 12_000, interval: 50 })
    await workers.stop()
  }, 15_000)

  test('a job waits until its time, and stopping waits for the jobs in hand', async () => {
    await using store = await open()
    await using jobs = await openOn(store)
    const taken: string[] = []
    const done: string[] = []
    const workers = await jobs.work(['x'], { concurrency: 1 }, async (job) => {
      taken.push(job.refreshId)
      await vi.waitFor(() => expect(taken).toContain('stopping'), WAIT)
      done.push(job.refreshId)
    })
    const later = new Date(Date.now() + 3_600_000)
    await jobs.enqueueRefresh(store.db, jobOf('later', { startAfter: later }))
    await jobs.enqueueRefresh(store.db, jobOf('now'))
    await vi.waitFor(() => expect(taken).toEqual(['now']), WAIT)
    const stopped = workers.stop()
    taken.push('stopping')
    await stopped
    expect(done).toEqual(['now'])
    expect(taken).not.toContain('later')
  })

  test('queues that cannot be opened leave nothing behind', async () => {
    await using store = await open()
    await sql`alter table weir_jobs.queue rename to away`.execute(store.db)
    const leaks = watchLeaks()
    await expect(openOn(store)).rejects.toThrow('does not exist')
    await leaks.assertNone()
    await sql`alter table weir_jobs.away rename to queue`.execute(store.db)
  })
})
