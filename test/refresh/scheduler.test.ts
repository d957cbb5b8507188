import { expect, test } from 'vitest'
import { storeBudgets } from '../../src/store/budgets.ts'
import { openTestStore } from '../support/database.ts'
import { deleteJobs, waitingJobs } from '../support/jobs.ts'
import { type FakeItem, failureOf, numbersOf } from './fake-platform.ts'
import { START, WORKSPACE } from './refreshing.ts'
import { openScheduling, type Scheduling } from './scheduling.ts'

const HOUR = 3600
const DAY = 24 * HOUR

/** Content that the listing names without its numbers, by its age in seconds at the beginning. */
function show({ platform }: Scheduling, ages: Record<string, number>): void {
  const items = Object.entries(ages).map(([id, age]): FakeItem => {
    const publishedAt = new Date(START.getTime() - age * 1000)
    return { id, numbers: null, content: { publishedAt } }
  })
  platform.pages = [{ items }]
  platform.publications = Object.fromEntries(items.map(({ id }) => [id, numbersOf(1)]))
}

/** Has what connecting queued run, and forgets what it asked for. */
async function connected(scheduling: Scheduling) {
  const { account, refresh } = await scheduling.connect()
  await scheduling.run(refresh)
  scheduling.platform.calls.length = 0
  return account
}

test('nothing is queued until something is due, and then once', async () => {
  await using store = await openTestStore()
  await using scheduling = await openScheduling(store)
  show(scheduling, { p: 0 })
  const account = await connected(scheduling)
  scheduling.advance(HOUR - 1)
  expect(await scheduling.scheduler.tick()).toBe(0)
  scheduling.advance(1)
  expect(await scheduling.scheduler.tick()).toBe(1)
  expect(await scheduling.active()).toMatchObject([
    { accountId: account.id, origin: 'schedule', publicationIds: null, status: 'queued' },
  ])
  expect(await scheduling.scheduler.tick()).toBe(0)
})

test('of an account that is not due, only the content that is due is read, youngest first', async () => {
  await using store = await openTestStore()
  await using scheduling = await openScheduling(store)
  show(scheduling, { c: 3 * HOUR, a: HOUR, b: 2 * HOUR, week: 2 * DAY, month: 30 * DAY })
  await connected(scheduling)
  scheduling.advance(HOUR)
  expect(await scheduling.turn()).toMatchObject([{ status: 'succeeded', updated: 3 }])
  expect(scheduling.platform.calls).toEqual(['read a,b,c'])
})

test('an account that is due is read and listed, and of its content what is due or new', async () => {
  await using store = await openTestStore()
  await using scheduling = await openScheduling(store)
  show(scheduling, { week: 2 * DAY, month: 30 * DAY })
  await connected(scheduling)
  scheduling.advance(6 * HOUR)
  show(scheduling, { fresh: -5 * HOUR, week: 2 * DAY, month: 30 * DAY })
  expect(await scheduling.turn()).toMatchObject([{ status: 'succeeded', updated: 3 }])
  expect(scheduling.platform.calls).toEqual(['list', 'account', 'read fresh,week'])
})

test('somebody who wishes for the account meanwhile gets all of it', async () => {
  await using store = await openTestStore()
  await using scheduling = await openScheduling(store)
  show(scheduling, { young: 0, month: 30 * DAY })
  const account = await connected(scheduling)
  scheduling.advance(HOUR)
  await scheduling.scheduler.tick()
  scheduling.platform.before = async (call) => {
    if (call === 'read young') await scheduling.request(account)
  }
  expect(await scheduling.work()).toMatchObject([{ origin: 'request', updated: 3 }])
  expect(scheduling.platform.calls).toEqual(['read young', 'list', 'account', 'read month'])
})

test('content recorded while a scheduled refresh reads is read by it', async () => {
  await using store = await openTestStore()
  await using scheduling = await openScheduling(store)
  show(scheduling, { young: 0 })
  const { id: accountId } = await connected(scheduling)
  scheduling.advance(HOUR)
  await scheduling.scheduler.tick()
  scheduling.platform.publications['recorded'] = numbersOf(2)
  scheduling.platform.before = async (call) => {
    if (call !== 'read young') return
    await scheduling.commands.recordPost(WORKSPACE, {
      ...{ localId: null, text: null },
      publications: [
        {
          ...{ accountId, platformPostId: 'recorded', localId: null, url: null, text: null },
          ...{ contentType: null, createdAt: null, publishedAt: null },
        },
      ],
    })
  }
  expect(await scheduling.work()).toMatchObject([{ origin: 'schedule', updated: 2 }])
  expect(scheduling.platform.calls).toEqual(['read young', 'read recorded'])
})

test('content that was never read and has to wait keeps no refresh from ending', async () => {
  await using store = await openTestStore()
  await using scheduling = await openScheduling(store)
  show(scheduling, { young: 0, broken: 0 })
  scheduling.platform.publications['broken'] = failureOf('misconfigured')
  await connected(scheduling)
  const { broken } = await scheduling.publications('acc_1')
  expect(broken).toMatchObject({ staleAfter: null, dueAt: new Date(START.getTime() + HOUR * 1000) })
  scheduling.advance(60)
  await scheduling.deps.db
    .updateTable('publication')
    .set({ due_at: scheduling.deps.now() })
    .where('platform_post_id', '=', 'young')
    .execute()
  expect(await scheduling.turn()).toMatchObject([{ status: 'succeeded', updated: 1 }])
  expect(scheduling.platform.calls).toEqual(['read young'])
})

test.each([
  ['fails', failureOf('misconfigured')],
  ['is refused', failureOf('missing_scope')],
])('an account whose reading %s is not read again by each look', async (_, failure) => {
  await using store = await openTestStore()
  await using scheduling = await openScheduling(store)
  show(scheduling, { p: 0 })
  await connected(scheduling)
  const { platform } = scheduling
  Object.assign(platform, { account: failure, listingFailure: failure })
  platform.publicationsFailure = failure
  const ends: number[] = []
  for (let minutes = 0; minutes < 24 * 60; minutes += 10) {
    ends.push((await scheduling.turn()).length)
    scheduling.advance(600)
  }
  // Hourly for a day as its content is due, and no more.
  expect(ends.reduce((sum, count) => sum + count)).toBe(23)
})

test('a refresh that breaks off every time leaves its account for its next time', async () => {
  await using store = await openTestStore()
  await using scheduling = await openScheduling(store)
  show(scheduling, { p: 0 })
  await connected(scheduling)
  scheduling.advance(6 * HOUR)
  await scheduling.scheduler.tick()
  const [refresh] = await scheduling.active()
  await scheduling.run(refresh ?? { id: '' }, scheduling.deps.limits.attempts + 1)
  expect(await scheduling.scheduler.tick()).toBe(0)
  scheduling.advance(HOUR)
  await scheduling.turn()
  expect(scheduling.platform.calls).toEqual(['read p'])
})

test('what is disconnected or refused by its platform is never scheduled', async () => {
  await using store = await openTestStore()
  await using scheduling = await openScheduling(store)
  show(scheduling, { p: 0 })
  const account = await connected(scheduling)
  await scheduling.commands.disconnectAccount(WORKSPACE, account.id)
  scheduling.advance(30 * DAY)
  expect(await scheduling.scheduler.tick()).toBe(0)
  await connected(scheduling)
  scheduling.platform.acceptedToken = 'another'
  scheduling.advance(DAY)
  expect(await scheduling.turn()).toMatchObject([{ status: 'failed' }])
  scheduling.advance(30 * DAY)
  expect(await scheduling.scheduler.tick()).toBe(0)
})

test('what nobody wished for leaves people their part of a budget, and whoever wishes gets it', async () => {
  await using store = await openTestStore()
  await using scheduling = await openScheduling(store)
  show(scheduling, { p: 0 })
  const account = await connected(scheduling)
  await deleteJobs(store)
  scheduling.advance(HOUR)
  await scheduling.scheduler.tick()
  const resetsAt = new Date(START.getTime() + 3 * HOUR * 1000)
  const budget = { scope: 'account' as const, limit: 100, remaining: 19, reserve: 0, resetsAt }
  const at = { platform: account.platform, now: scheduling.deps.now() }
  await storeBudgets(store.db, WORKSPACE, at, [{ accountId: account.id, calls: 1, budget }])
  expect(await scheduling.work()).toMatchObject([{ status: 'queued', upstreamCalls: 0 }])
  const patient = { priority: 0, startsLater: false }
  expect(await waitingJobs(store)).toEqual([patient, { ...patient, startsLater: true }])
  const refresh = await scheduling.request(account)
  const urgent = { priority: 1, startsLater: false }
  expect(await waitingJobs(store)).toEqual([urgent, urgent])
  expect(await scheduling.run(refresh)).toMatchObject({ status: 'succeeded', updated: 2 })
})

test('a wish that joins what its platform allows nobody yet waits with it', async () => {
  await using store = await openTestStore()
  await using scheduling = await openScheduling(store)
  show(scheduling, { p: 0 })
  const account = await connected(scheduling)
  await deleteJobs(store)
  scheduling.advance(HOUR)
  await scheduling.scheduler.tick()
  const retryAt = new Date(START.getTime() + 2 * HOUR * 1000)
  scheduling.platform.publicationsFailure = failureOf('rate_limited', { retryAt })
  await scheduling.work()
  await scheduling.request(account)
  expect(await waitingJobs(store)).toEqual([
    { priority: 1, startsLater: false },
    { priority: 1, startsLater: true },
  ])
})
