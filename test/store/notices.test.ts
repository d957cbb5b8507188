import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { recordChanges } from '../../src/store/changes.ts'
import { openStore, type Store } from '../../src/store/connect.ts'
import { NOTICES_APPLICATION, openNotices } from '../../src/store/notices.ts'
import { startRefresh } from '../../src/store/refresh-runs.ts'
import { finishRefresh, insertRefresh, requeueRefresh } from '../../src/store/refreshes.ts'
import { describeStores, openTestStore } from '../support/database.ts'
import { watchLeaks } from '../support/leaks.ts'
import { listenTo } from '../support/notices.ts'
import { AT, addWorkspace, later } from '../support/rows.ts'

const log = { info: () => {}, warn: () => {}, error: () => {} }
const WISH = { accountId: 'account', origin: 'request', publicationIds: null } as const
const SPENT = { updated: 3, failed: 1, upstreamCalls: 2 }

async function queue({ db }: Pick<Store, 'db'>, id: string, workspace = 'w'): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const wish = { ...WISH, id, requestedAt: AT, chargedAt: null }
    await insertRefresh(transaction, workspace, wish)
    await recordChanges(transaction, workspace, AT, { refreshes: [{ id }] })
  })
}

async function end({ db }: Pick<Store, 'db'>, id: string, errorMessage: string | null) {
  await db.transaction().execute(async (transaction) => {
    const status = 'partial' as const
    await finishRefresh(transaction, 'w', id, {
      ...{ ...SPENT, status, finishedAt: later(9), errorMessage },
    })
    await recordChanges(transaction, 'w', AT, { refreshes: [{ id }] })
  })
}

describeStores('notices', (open) => {
  test('every step of a refresh is told as it was committed, under its version', async () => {
    await using store = await open()
    await addWorkspace(store.db, 'w')
    const notices = await openNotices(store, { log })
    const { told, until } = listenTo(notices, 'w')
    await queue(store, 'r')
    await startRefresh(store.db, 'w', 'r', later(1))
    await end(store, 'r', 'One post is gone.')
    expect(await startRefresh(store.db, 'w', 'r', later(1))).toBeNull()
    await until(({ length }) => length === 3)
    await notices.close()
    const queued = {
      ...{ workspaceId: 'w', id: 'r', accountId: 'account', origin: 'request', requestedAt: AT },
      ...{ status: 'queued', startedAt: null, finishedAt: null },
      ...{ updated: 0, failed: 0, upstreamCalls: 0, errorMessage: null },
    }
    const running = { ...queued, status: 'running', startedAt: later(1) }
    const ended = { ...running, ...SPENT, status: 'partial', finishedAt: later(9) }
    expect(told).toEqual([
      { workspaceId: 'w', version: 1, refreshes: [queued] },
      { workspaceId: 'w', version: 2, refreshes: [running] },
      {
        ...{ workspaceId: 'w', version: 3 },
        refreshes: [{ ...ended, errorMessage: 'One post is gone.' }],
      },
    ])
  })

  test('a workspace hears nothing of another, nor of what is rolled back, nor once it stopped', async () => {
    await using store = await open()
    await addWorkspace(store.db, 'w')
    await addWorkspace(store.db, 'other')
    const notices = await openNotices(store, { log })
    const [first, second] = [listenTo(notices, 'w'), listenTo(notices, 'w')]
    await queue(store, 'r', 'other')
    const failing = store.db.transaction().execute(async (transaction) => {
      await recordChanges(transaction, 'w', AT, {})
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    await recordChanges(store.db, 'w', AT, {})
    await first.until(({ length }) => length === 1)
    first.stop()
    await recordChanges(store.db, 'w', AT, {})
    await second.until(({ length }) => length === 2)
    const versions = [1, 2].map((version) => ({ workspaceId: 'w', version, refreshes: [] }))
    expect(second.told).toEqual(versions)
    expect(first.told).toEqual(versions.slice(0, 1))
    await notices.close()
    await notices.close()
  })

  test('any number of refreshes and any message fit, and foreign texts are passed over', async () => {
    await using store = await open()
    await addWorkspace(store.db, 'w')
    const notices = await openNotices(store, { log })
    const { told, until } = listenTo(notices, 'w')
    await queue(store, 'long')
    await sql`select pg_notify('weir', '{}'), pg_notify('weir', 'no JSON')`.execute(store.db)
    await end(store, 'long', '\u0001💧"'.repeat(4000))
    await until(({ length }) => length === 2)
    const texts = told.flatMap((each) => (each === 'gap' ? [] : each.refreshes))
    expect(texts.at(-1)?.errorMessage).toBe('\u0001💧"'.repeat(167).slice(0, -1))
    const ids = Array.from({ length: 60 }, (_, index) => `${index}-${'x'.repeat(120)}`)
    for (const id of ids) {
      const wish = { ...WISH, id, requestedAt: AT, chargedAt: null }
      await insertRefresh(store.db, 'w', wish)
      await finishRefresh(store.db, 'w', id, {
        ...{ ...SPENT, status: 'failed', finishedAt: AT, errorMessage: 'x'.repeat(900) },
      })
    }
    await recordChanges(store.db, 'w', AT, { refreshes: ids.map((id) => ({ id })) })
    await until(({ length }) => length === 2 + ids.length)
    const last = told.slice(2).flatMap((each) => (each === 'gap' ? [] : each.refreshes))
    expect(last.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    await notices.close()
  })
})

test('notices cross processes, and a lost connection is a gap after which they go on', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  const databaseUrl = store.databaseUrl
  const other = await openStore({ databaseUrl, dataDir: null, poolMax: 2 })
  await addWorkspace(store.db, 'w')
  const leaks = watchLeaks()
  const notices = await openNotices(store, { log })
  const { told, until } = listenTo(notices, 'w')
  await queue(other, 'r')
  await until(({ length }) => length === 1)
  for (let gaps = 1; gaps <= 3; gaps += 1) {
    const { rows } = await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database()
        and application_name = ${NOTICES_APPLICATION}`.execute(other.db)
    expect(rows).toHaveLength(1)
    await until((all) => all.filter((each) => each === 'gap').length === gaps)
    await startRefresh(other.db, 'w', 'r', later(1))
    await requeueRefresh(other.db, 'w', 'r', { ...SPENT, publicationIds: null, errorMessage: null })
    await until((all) => all.length === 1 + 2 * gaps)
  }
  const steps = told.map((each) => (each === 'gap' ? each : each.refreshes[0]?.status))
  const again = ['gap', 'running']
  expect(steps).toEqual(['queued', ...again, ...again, ...again])
  await notices.close()
  await other.close()
  await leaks.assertNone()
})

test('closing ends the waiting for a database that is away', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  const leaks = watchLeaks()
  const warned = Promise.withResolvers<void>()
  const notices = await openNotices(store, { log: { ...log, warn: () => warned.resolve() } })
  await store.end()
  await warned.promise
  await notices.close()
  await leaks.assertNone()
  await expect(openNotices(store, { log })).rejects.toThrow('does not exist')
})

test('starts of a workspace’s refreshes at the same time are all of them told, each once', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 10 })
  const { db } = store
  await addWorkspace(db, 'w')
  const notices = await openNotices(store, { log })
  for (let run = 0; run < 20; run += 1) {
    const { told, until, stop } = listenTo(notices, 'w')
    await queue(store, `r${run}`)
    const starts = Array.from({ length: 8 }, (_, index) =>
      startRefresh(db, 'w', `r${run}`, later(index)),
    )
    expect((await Promise.all(starts)).filter((refresh) => refresh !== null)).toHaveLength(8)
    await end(store, `r${run}`, null)
    await until(({ length }) => length === 10)
    stop()
    const versions = told.map((each) => (each === 'gap' ? each : each.version))
    const [first = 0] = versions.filter((version) => version !== 'gap')
    expect(versions).toEqual(Array.from({ length: 10 }, (_, index) => first + index))
    const times = told.flatMap((each) => (each === 'gap' ? [] : each.refreshes))
    expect(new Set(times.map(({ startedAt }) => startedAt?.getTime())).size).toBe(9)
  }
  await notices.close()
})
