import { sql } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startHttpServer } from '../../src/http/server.ts'
import { recordChanges } from '../../src/store/changes.ts'
import type { Db } from '../../src/store/connect.ts'
import { type AccountSyncOutcome, storeAccountOutcome } from '../../src/store/connections.ts'
import { startRefresh } from '../../src/store/refresh-runs.ts'
import { insertRefresh, type NewRefresh } from '../../src/store/refreshes.ts'
import { eventsOf, subscriptionRequest } from '../support/events.ts'
import { startGateway } from '../support/gateway.ts'
import { openGraphql, type TestGraphql } from '../support/graphql.ts'
import { AT, addWorkspace, later } from '../support/rows.ts'

const STEPS = /* GraphQL */ `
  subscription {
    refreshUpdated {
      status
      account { freshness { status isStale } }
    }
  }
`

const REFRESH: NewRefresh = {
  id: 'r',
  accountId: 'account',
  origin: 'request',
  publicationIds: null,
  requestedAt: AT,
  chargedAt: null,
}

const SYNCED: AccountSyncOutcome = {
  syncStatus: 'synced',
  warnings: [],
  errorMessage: null,
  lastUpdatedAt: AT,
  staleAfter: later(1000),
  missing: {},
  native: {},
  payload: {},
  catalogVersion: 1,
  profile: null,
  connectionStatus: null,
}

async function open(): Promise<TestGraphql> {
  const graphql = await openGraphql()
  onTestFinished(() => graphql[Symbol.asyncDispose]())
  await addWorkspace(graphql.db, 'one')
  return graphql
}

async function follow(graphql: TestGraphql) {
  return eventsOf(await graphql.fetch(subscriptionRequest(STEPS, graphql.key())))
}

async function queue(db: Db) {
  await insertRefresh(db, 'one', REFRESH)
  await recordChanges(db, 'one', AT, { refreshes: [REFRESH] })
}

test('what an event leads to is read anew for every event, as of then', async () => {
  const graphql = await open()
  await using events = await follow(graphql)
  const freshness = async () => (await events.next())?.data['refreshUpdated']
  await queue(graphql.db)
  expect(await freshness()).toEqual({
    ...{ status: 'QUEUED', account: { freshness: { status: 'PENDING', isStale: true } } },
  })
  await storeAccountOutcome(graphql.db, 'one', 'account', SYNCED)
  await startRefresh(graphql.db, 'one', 'r', AT)
  expect(await freshness()).toEqual({
    ...{ status: 'RUNNING', account: { freshness: { status: 'SYNCED', isStale: false } } },
  })
  graphql.clock.now = later(2000)
  await startRefresh(graphql.db, 'one', 'r', later(1))
  expect(await freshness()).toEqual({
    ...{ status: 'RUNNING', account: { freshness: { status: 'SYNCED', isStale: true } } },
  })
})

test('what breaks within an event is hidden from callers and logged, and the events go on', async () => {
  const graphql = await open()
  await using events = await follow(graphql)
  await sql`alter table account rename to away`.execute(graphql.db)
  await queue(graphql.db)
  const broken = await events.next()
  await sql`alter table away rename to account`.execute(graphql.db)
  expect(broken?.errors).toMatchObject([
    {
      message: expect.stringContaining('Something went wrong'),
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
    },
  ])
  expect(JSON.stringify(broken)).not.toContain('relation')
  expect(graphql.logged).toHaveLength(1)
  await startRefresh(graphql.db, 'one', 'r', AT)
  expect(await events.next()).toMatchObject({ data: { refreshUpdated: { status: 'RUNNING' } } })
})

test('whoever hangs up is listened for no more', async () => {
  const graphql = await open()
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, home: '/graphql', log },
    ...{ requestTimeoutMs: 1000, stopTimeoutMs: 1000 },
    routes: { '/graphql': graphql.endpoint },
  })
  onTestFinished(() => server.stop())
  const request = subscriptionRequest(STEPS, graphql.key())
  const ends = [new AbortController(), new AbortController()]
  const [first, second] = await Promise.all(
    ends.map(({ signal }) => fetch(`${server.url}/graphql`, { ...request, signal })),
  )
  if (!first || !second) throw new Error('Nobody answered.')
  expect(graphql.following()).toBe(2)
  const events = eventsOf(second)
  ends[0]?.abort()
  await vi.waitFor(() => expect(graphql.following()).toBe(1))
  await queue(graphql.db)
  expect(await events.next()).toMatchObject({ data: { refreshUpdated: { status: 'QUEUED' } } })
  await events.cancel()
  await vi.waitFor(() => expect(graphql.following()).toBe(0))
})

test('a gateway that stops ends what is followed at once, and nothing is left open', async () => {
  await using gateway = await startGateway({ isWorker: false, isServing: true })
  const request = subscriptionRequest(STEPS, { authorization: `Bearer ${gateway.key}` })
  const open = () => fetch(`${gateway.app.url}/graphql`, request)
  const streams = (await Promise.all([open(), open(), open()])).map(eventsOf)
  const startedAt = performance.now()
  await gateway.app.stop()
  expect(performance.now() - startedAt).toBeLessThan(3000)
  for (const events of streams) expect(await events.next()).toBeNull()
})
