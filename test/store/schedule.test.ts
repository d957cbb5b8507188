import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Platform } from '../../src/domain/platform.ts'
import { disconnect, upsertConnection } from '../../src/store/connections.ts'
import { insertPublications } from '../../src/store/publication-writes.ts'
import {
  claimSchedule,
  dueAccounts,
  insertScheduled,
  postsNotDue,
} from '../../src/store/schedule.ts'
import { insertWorkspace } from '../../src/store/workspaces.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import { HELD_BUDGETS } from '../support/held-budgets.ts'
import { AT, connection, later, publication } from '../support/rows.ts'

describeStores('schedule', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
    const limits = { refreshCooldownHours: null, refreshMonthlyQuota: null }
    for (const id of ['v', 'w']) {
      await insertWorkspace(store.db, { id, name: id, createdAt: AT, ...limits })
    }
  })
  beforeEach(async () => {
    for (const table of ['refresh', 'upstream_budget', 'publication', 'account'] as const) {
      await store.db.deleteFrom(table).execute()
    }
  })
  afterAll(() => store.close())

  /** Adds an account that is due `dueIn` ms after `AT`. */
  async function add(id: string, dueIn = 0, platform: Platform = 'x', workspaceId = 'w') {
    const connectedAt = later(dueIn)
    const given = { id, platform, platformAccountId: id, connectedAt }
    await upsertConnection(store.db, workspaceId, connection(given))
  }

  function addContent(accountId: string, publishedIn: number, dueIn: number, workspaceId = 'w') {
    const times = { publishedAt: later(publishedIn), dueAt: later(dueIn) }
    const id = `${accountId} ${publishedIn} ${dueIn}`
    return insertPublications(store.db, workspaceId, [publication({ id, accountId, ...times })])
  }

  async function due(activeMax = 100): Promise<string[]> {
    return (await dueAccounts(store.db, AT, activeMax)).map(({ id }) => id)
  }

  const schedule = (accountId: string) =>
    insertScheduled(store.db, [{ workspaceId: 'w', id: accountId, accountId, requestedAt: AT }])

  async function hold(accountId: string, left: object, workspaceId = 'w'): Promise<void> {
    const known = { call_limit: 100, remaining: 0, resets_at: later(1), day: '2026-03-04' }
    const of = { workspace_id: workspaceId, platform: 'x' as const, account_id: accountId }
    await store.db
      .insertInto('upstream_budget')
      .values({ ...of, ...known, ...left })
      .execute()
  }

  test('an account is due by itself or by any of its content, from the instant on', async () => {
    for (const id of ['itself', 'content', 'later', 'nothing']) {
      await add(id, id === 'itself' ? 0 : 1)
    }
    for (const dueIn of [-1, 0, 1]) await addContent('content', 0, dueIn)
    await addContent('later', 0, 1)
    expect((await due()).sort()).toEqual(['content', 'itself'])
  })

  test('accounts with the youngest content come first, those without any last', async () => {
    for (const id of ['none', 'old', 'young', 'middle']) await add(id)
    await addContent('old', -3000, 1)
    await addContent('middle', -2000, 1)
    await addContent('young', -4000, 1)
    await addContent('young', -1000, 1)
    expect(await due()).toEqual(['young', 'middle', 'old', 'none'])
  })

  test('of each platform, no more are chosen than may be active', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await add(id)
    for (const id of ['e', 'f']) await add(id, 0, 'tiktok')
    expect((await due(3)).sort()).toEqual(['a', 'b', 'c', 'e', 'f'])
    await schedule('a')
    await schedule('b')
    expect((await due(3)).sort()).toEqual(['c', 'e', 'f'])
    expect((await due(2)).sort()).toEqual(['e', 'f'])
  })

  test('refreshes that wait for a budget take nobody else the place', async () => {
    for (const id of ['a', 'b']) await add(id)
    await schedule('a')
    expect(await due(1)).toEqual([])
    await hold('a', {})
    expect(await due(1)).toEqual(['b'])
  })

  test('what is refreshed, or is not connected, is left out', async () => {
    for (const id of ['active', 'gone', 'there']) await add(id)
    await schedule('active')
    await disconnect(store.db, 'w', 'gone')
    expect(await due()).toEqual(['there'])
    await store.db.updateTable('refresh').set({ status: 'failed' }).execute()
    expect((await due()).sort()).toEqual(['active', 'there'])
  })

  test('a budget holds its account, or all of its workspace on its platform', async () => {
    for (const id of ['a', 'b']) await add(id)
    await add('c', 0, 'tiktok')
    await add('d', 0, 'x', 'v')
    await hold('a', {})
    expect((await due()).sort()).toEqual(['b', 'c', 'd'])
    await hold('', {})
    expect((await due()).sort()).toEqual(['c', 'd'])
    await store.db.updateTable('upstream_budget').set({ resets_at: AT }).execute()
    expect((await due()).sort()).toEqual(['a', 'b', 'c', 'd'])
  })

  test('units that were counted hold the platform in every workspace', async () => {
    await add('a')
    await add('b', 0, 'x', 'v')
    await add('c', 0, 'tiktok', 'v')
    await hold('', { remaining: null, units: 50 })
    await hold('', { remaining: null, units: 30 }, 'v')
    expect((await due()).sort()).toEqual(['a', 'b', 'c'])
    await store.db.updateTable('upstream_budget').set({ units: 41 }).execute()
    expect(await due()).toEqual(['c'])
  })

  test.each(HELD_BUDGETS)(
    'the selection judges %o as the policy does: %s',
    async (budget, isHeld) => {
      await add('a')
      const { limit, remaining, reserve } = budget
      await hold('a', { call_limit: limit, remaining, reserve })
      expect(await due()).toEqual(isHeld ? [] : ['a'])
    },
  )

  test('an account with an active refresh is given no second one', async () => {
    await add('a')
    const wish = { workspaceId: 'w', accountId: 'a', requestedAt: AT }
    expect(await insertScheduled(store.db, [{ ...wish, id: '1' }])).toMatchObject([
      { ...wish, id: '1', status: 'queued', origin: 'schedule', publicationIds: null },
    ])
    expect(await insertScheduled(store.db, [{ ...wish, id: '2' }])).toEqual([])
  })

  test('what is not due comes newest first, what has no date last, and no more than asked for', async () => {
    await add('account')
    const times = [
      { id: 'undated', publishedAt: null, dueAt: later(1) },
      { id: 'undated too', publishedAt: null, dueAt: later(1) },
      { id: 'old', publishedAt: later(-9), dueAt: later(1) },
      { id: 'due', publishedAt: later(-2), dueAt: AT },
      { id: 'new', publishedAt: later(-1), dueAt: later(1) },
    ]
    await insertPublications(store.db, 'w', times.map(publication))
    const notDue = (limit: number) => postsNotDue(store.db, 'w', 'account', { now: AT, limit })
    const newestFirst = ['new', 'old', 'undated too', 'undated']
    const ids = newestFirst.map((id) => `on-platform-${id}`)
    expect(await notDue(9)).toEqual(ids)
    expect(await notDue(3)).toEqual(ids.slice(0, 3))
  })
})

describeStores('the right to schedule', (open) => {
  test('is free again when the transaction that took it ends', async () => {
    await using store = await open()
    for (let times = 0; times < 2; times += 1) {
      const isOurs = await store.db.transaction().execute((one) => claimSchedule(one))
      expect(isOurs).toBe(true)
    }
  })
})
