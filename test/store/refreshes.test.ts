import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '../../src/store/connect.ts'
import { startRefresh } from '../../src/store/refresh-runs.ts'
import {
  activeRefresh,
  failedRefreshes,
  finishRefresh,
  insertRefresh,
  type NewRefresh,
  refreshCountsOfAccounts,
  refreshesByIds,
  refreshPagesOfAccounts,
  requeueRefresh,
  widenRefresh,
} from '../../src/store/refreshes.ts'
import { describeStores, openTestStore, type TestStore } from '../support/database.ts'
import { AT, addWorkspace, FIRST_PAGE, later } from '../support/rows.ts'

const END = {
  status: 'partial',
  finishedAt: later(2),
  updated: 3,
  failed: 1,
  upstreamCalls: 2,
  errorMessage: 'One post is gone.',
} as const

const LEFT = {
  publicationIds: ['left'],
  updated: 4,
  failed: 1,
  upstreamCalls: 5,
  errorMessage: 'The platform is limiting calls.',
}

function wish(id: string, given: Partial<NewRefresh> = {}): NewRefresh {
  const account = { accountId: 'account', origin: 'request', publicationIds: null } as const
  return { id, ...account, requestedAt: AT, chargedAt: null, ...given }
}

function more(publicationIds: string[] | null) {
  return { publicationIds, origin: 'request' } as const
}

describeStores('refreshes', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
    for (const name of ['life', 'join', 'widen', 'list', 'failed', 'others'])
      await addWorkspace(store.db, name)
  })
  afterAll(() => store.close())

  test('a refresh is queued, run, queued again, run again and finished once', async () => {
    const { db } = store
    const queued = await insertRefresh(db, 'life', wish('r'))
    expect(queued).toEqual({
      ...{ workspaceId: 'life', id: 'r', accountId: 'account', status: 'queued' },
      ...{ origin: 'request', publicationIds: null, requestedAt: AT, startedAt: null },
      ...{ finishedAt: null, updated: 0, failed: 0, upstreamCalls: 0, errorMessage: null },
    })
    expect(await startRefresh(db, 'life', 'r', later(1))).toMatchObject({
      refresh: { ...queued, status: 'running', startedAt: later(1) },
      account: { workspaceId: 'life', id: 'account' },
      tokens: { accessToken: 'sealed access', refreshToken: 'sealed refresh', expiresAt: null },
    })
    const again = await requeueRefresh(db, 'life', 'r', LEFT)
    expect(again).toEqual({ ...queued, ...LEFT, startedAt: later(1) })
    await startRefresh(db, 'life', 'r', later(1))
    const ended = { ...again, ...END, upstreamCalls: 7 }
    expect(await finishRefresh(db, 'life', 'r', END)).toEqual(ended)
    expect(await finishRefresh(db, 'life', 'r', { ...END, status: 'failed' })).toBeNull()
    expect(await startRefresh(db, 'life', 'r', later(9))).toBeNull()
    expect(await requeueRefresh(db, 'life', 'r', LEFT)).toBeNull()
    expect(await refreshesByIds(db, 'life', ['r', 'none'])).toEqual([ended])
  })

  test('an account has one active refresh at a time, and another after it', async () => {
    const { db } = store
    expect(await activeRefresh(db, 'join', 'account')).toBeNull()
    await insertRefresh(db, 'join', wish('first'))
    expect(await insertRefresh(db, 'join', wish('second'))).toBeNull()
    expect(await activeRefresh(db, 'join', 'account')).toMatchObject({ id: 'first' })
    await startRefresh(db, 'join', 'first', AT)
    expect(await insertRefresh(db, 'join', wish('second'))).toBeNull()
    await finishRefresh(db, 'join', 'first', END)
    expect(await insertRefresh(db, 'join', wish('second'))).toMatchObject({ id: 'second' })
  })

  test('a wish for more widens an active refresh, and everything stays everything', async () => {
    const { db } = store
    await insertRefresh(db, 'widen', wish('r', { publicationIds: ['b', 'a'] }))
    const widened = await widenRefresh(db, 'widen', 'r', more(['a', 'c']))
    expect(widened?.publicationIds).toEqual(['a', 'b', 'c'])
    expect((await widenRefresh(db, 'widen', 'r', more(null)))?.publicationIds).toBeNull()
    expect((await widenRefresh(db, 'widen', 'r', more(['a'])))?.publicationIds).toBeNull()
    await finishRefresh(db, 'widen', 'r', END)
    expect(await widenRefresh(db, 'widen', 'r', more(['d']))).toBeNull()
  })

  test('those that failed are found for a while, by their account', async () => {
    const { db } = store
    const end = async (ws: string, id: string, status: 'partial' | 'failed', minutes: number) => {
      await insertRefresh(db, ws, wish(id))
      await finishRefresh(db, ws, id, { ...END, status, finishedAt: later(minutes) })
    }
    await end('failed', 'old', 'failed', 1)
    await end('failed', 'new', 'failed', 2)
    await end('failed', 'some', 'partial', 3)
    await insertRefresh(db, 'failed', wish('active'))
    await end('others', 'theirs', 'failed', 2)
    const found = await failedRefreshes(db, 'failed', ['account', 'none'], later(1))
    expect(found.map(({ id }) => id)).toEqual(['new'])
    expect(await failedRefreshes(db, 'failed', ['none'], AT)).toEqual([])
    expect(await failedRefreshes(db, 'failed', [], AT)).toEqual([])
  })

  test('an account lists its refreshes newest first', async () => {
    const { db } = store
    for (const [index, id] of ['c', 'a', 'b'].entries()) {
      await insertRefresh(db, 'list', wish(id, { requestedAt: later(Math.min(index, 1)) }))
      await finishRefresh(db, 'list', id, END)
    }
    const pages = await refreshPagesOfAccounts(db, 'list', ['account', 'none'], FIRST_PAGE)
    const ids = [...pages.values()].map(({ rows }) => rows.map((entry) => entry.row.id))
    expect(ids).toEqual([['b', 'a', 'c'], []])
    const counts = await refreshCountsOfAccounts(db, 'list', ['account', 'none'])
    expect([...counts]).toEqual([['account', 3]])
  })
})

test('of many wishes at once from several connections, one makes a refresh', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 10 })
  await addWorkspace(store.db, 'w')
  const ask = (id: string) => insertRefresh(store.db, 'w', wish(id))
  const made = await Promise.all(Array.from({ length: 30 }, (_, index) => ask(`r${index}`)))
  expect(made.filter((refresh) => refresh !== null)).toHaveLength(1)
  const counts = await refreshCountsOfAccounts(store.db, 'w', ['account'])
  expect(counts.get('account')).toBe(1)
})

test('the active refresh is locked, so that wishes for more are none of them lost', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 10 })
  await addWorkspace(store.db, 'w')
  await insertRefresh(store.db, 'w', wish('r', { publicationIds: [] }))
  const widen = (publicationId: string) =>
    store.db.transaction().execute(async (db: Db) => {
      const active = await activeRefresh(db, 'w', 'account')
      const ids = [...(active?.publicationIds ?? []), publicationId]
      await widenRefresh(db, 'w', 'r', more(ids))
    })
  const wanted = Array.from({ length: 9 }, (_, index) => `p${index}`)
  await Promise.all(wanted.map(widen))
  expect((await activeRefresh(store.db, 'w', 'account'))?.publicationIds).toEqual(wanted)
})
