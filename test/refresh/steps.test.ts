import { sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'
import type { Notices, RefreshStep } from '../../src/domain/notice.ts'
import { createRefreshSteps, type RefreshSteps } from '../../src/refresh/steps.ts'
import { recordChanges } from '../../src/store/changes.ts'
import type { Db } from '../../src/store/connect.ts'
import { upsertConnection } from '../../src/store/connections.ts'
import { openNotices } from '../../src/store/notices.ts'
import { startRefresh } from '../../src/store/refresh-runs.ts'
import { finishRefresh, insertRefresh } from '../../src/store/refreshes.ts'
import { openTestStore } from '../support/database.ts'
import { watchLeaks } from '../support/leaks.ts'
import { AT, addWorkspace, connection, later } from '../support/rows.ts'

const WHOLE = { workspaceId: 'w', accountId: null }
const END = { status: 'succeeded', updated: 1, failed: 0, upstreamCalls: 1 } as const
const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

/** Following over a store whose notices can be held back and lost. */
interface Following extends RefreshSteps {
  db: Db
  warnings: object[]
  /** Loses all that is told until `found`. */
  lose(): void
  /** Has listeners hear that they may have missed something. */
  find(): void
  listeners(): number
}

async function openFollowing(): Promise<Following> {
  const store = await openTestStore()
  const warnings: object[] = []
  const log = {
    info: () => {},
    warn: (fields: object) => void warnings.push(fields),
    error: () => {},
  }
  const notices = await openNotices(store, { log })
  const control = controlled(notices)
  const steps = createRefreshSteps({ db: store.db, notices: control, now: () => AT, log })
  endings.push(async () => {
    steps.close()
    await notices.close()
    await store.close()
  })
  await addWorkspace(store.db, 'w')
  await upsertConnection(store.db, 'w', connection({ id: 'second', platformAccountId: '2' }))
  return { ...control, ...steps, db: store.db, warnings }
}

function controlled(notices: Notices) {
  const gaps = new Set<() => void>()
  const state = { isLosing: false }
  const subscribe: Notices['subscribe'] = (workspaceId, { onNotice, onGap }) => {
    gaps.add(onGap)
    const stop = notices.subscribe(workspaceId, {
      onNotice: (notice) => state.isLosing || onNotice(notice),
      onGap,
    })
    return () => {
      gaps.delete(onGap)
      stop()
    }
  }
  return {
    ...notices,
    subscribe,
    listeners: () => gaps.size,
    lose() {
      state.isLosing = true
    },
    find() {
      state.isLosing = false
      for (const gap of gaps) gap()
    },
  }
}

async function queue(db: Db, id: string, accountId = 'account') {
  const wish = { id, accountId, origin: 'request', publicationIds: null } as const
  await insertRefresh(db, 'w', { ...wish, requestedAt: AT, chargedAt: null })
  await recordChanges(db, 'w', AT, { refreshes: [{ id }] })
}

async function end(db: Db, id: string, finishedAt = later(1)) {
  await finishRefresh(db, 'w', id, { ...END, finishedAt, errorMessage: null })
  await recordChanges(db, 'w', AT, { refreshes: [{ id }] })
}

const start = (db: Db, id: string) => startRefresh(db, 'w', id, later(1))

async function take(steps: AsyncIterator<RefreshStep>, count: number): Promise<string[]> {
  const taken: string[] = []
  while (taken.length < count) {
    const { done, value } = await steps.next()
    taken.push(done ? 'over' : `${value.id} ${value.status}`)
  }
  return taken
}

test('steps come in their order, from the moment of following on', async () => {
  const { db, follow } = await openFollowing()
  await queue(db, 'a')
  const [steps, own] = [await follow(WHOLE), await follow({ ...WHOLE, accountId: 'second' })]
  await start(db, 'a')
  await queue(db, 'b', 'second')
  await end(db, 'a')
  await start(db, 'b')
  expect(await take(steps, 4)).toEqual(['a running', 'b queued', 'a succeeded', 'b running'])
  expect(await take(own, 2)).toEqual(['b queued', 'b running'])
})

test('a state that is told again is no step', async () => {
  const { db, follow } = await openFollowing()
  await queue(db, 'a')
  const steps = await follow(WHOLE)
  await recordChanges(db, 'w', AT, { refreshes: [{ id: 'a' }] })
  await start(db, 'a')
  await recordChanges(db, 'w', AT, { refreshes: [{ id: 'a' }] })
  await end(db, 'a')
  expect(await take(steps, 2)).toEqual(['a running', 'a succeeded'])
})

test('after a gap come the latest steps that were missed, then those that follow', async () => {
  const { db, follow, lose, find } = await openFollowing()
  await queue(db, 'before')
  await end(db, 'before')
  await queue(db, 'active', 'second')
  const steps = await follow(WHOLE)
  await queue(db, 'a')
  expect(await take(steps, 1)).toEqual(['a queued'])
  lose()
  await start(db, 'a')
  await end(db, 'a')
  await queue(db, 'within')
  await end(db, 'within')
  await queue(db, 'after')
  find()
  await start(db, 'after')
  expect(await take(steps, 3)).toEqual(['a succeeded', 'after running', 'within succeeded'])
  await end(db, 'after')
  await end(db, 'active')
  expect(await take(steps, 2)).toEqual(['after succeeded', 'active succeeded'])
})

test('what was heard before a gap comes before what was missed in it', async () => {
  const { db, follow, lose, find } = await openFollowing()
  const steps = await follow(WHOLE)
  await queue(db, 'a')
  await start(db, 'a')
  lose()
  await end(db, 'a')
  find()
  await queue(db, 'b')
  const expected = ['a queued', 'a running', 'a succeeded', 'b queued']
  expect(await take(steps, 4)).toEqual(expected)
})

test('while the database is away, what was missed is read as soon as it answers', async () => {
  const following = await openFollowing()
  const { db, follow, lose, find, warnings } = following
  const steps = await follow(WHOLE)
  lose()
  await queue(db, 'a')
  await sql`alter table refresh rename to away`.execute(db)
  find()
  const next = take(steps, 1)
  await vi.waitFor(() => expect(warnings).toHaveLength(1))
  await sql`alter table away rename to refresh`.execute(db)
  expect(await next).toEqual(['a queued'])
})

test('whoever is slow gets the latest step of each refresh, and no more is kept for them', async () => {
  const { db, follow } = await openFollowing()
  const steps = await follow(WHOLE)
  await queue(db, 'a')
  for (let index = 0; index < 1100; index += 1) await startRefresh(db, 'w', 'a', later(index))
  await start(db, 'a')
  expect(await take(steps, 1)).toEqual(['a running'])
  await end(db, 'a')
  expect(await take(steps, 1)).toEqual(['a succeeded'])
})

test('of thousands of refreshes that ended in a gap, every end is told', async () => {
  const { db, follow, lose, find } = await openFollowing()
  const steps = await follow(WHOLE)
  lose()
  await sql`insert into refresh (workspace_id, id, account_id, status, origin, requested_at,
    started_at, finished_at) select 'w', 'r' || number, 'account', 'succeeded', 'request', ${AT},
    ${AT}, ${AT} from generate_series(1, 3000) as number`.execute(db)
  find()
  const ended = new Set(await take(steps, 3000))
  expect(ended.size).toBe(3000)
  expect(ended).toContain('r1 succeeded')
})

test('an end frees the listener at once, also of whoever waits for a step', async () => {
  const { follow, listeners, close } = await openFollowing()
  const leaks = watchLeaks()
  const [first, second] = [await follow(WHOLE), await follow(WHOLE)]
  expect(listeners()).toBe(2)
  const waiting = first.next()
  await first.return?.()
  expect(await waiting).toEqual({ done: true, value: undefined })
  expect(listeners()).toBe(1)
  const other = second.next()
  close()
  expect(await other).toEqual({ done: true, value: undefined })
  expect(listeners()).toBe(0)
  expect(await take(await follow(WHOLE), 1)).toEqual(['over'])
  expect(listeners()).toBe(0)
  await leaks.assertNone()
})

test('following that cannot begin is an error, and leaves nothing behind', async () => {
  const { follow, listeners, db } = await openFollowing()
  await sql`alter table refresh rename to away`.execute(db)
  await expect(follow(WHOLE)).rejects.toThrow('does not exist')
  expect(listeners()).toBe(0)
  await sql`alter table away rename to refresh`.execute(db)
})
