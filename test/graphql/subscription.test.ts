import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { NOTICES_APPLICATION } from '../../src/store/notices.ts'
import { eventsOf, subscriptionRequest } from '../support/events.ts'
import { addWorkspace, type Gateway, startGateway } from '../support/gateway.ts'

const STEPS = /* GraphQL */ `
  subscription ($accountId: ID) {
    refreshUpdated(accountId: $accountId) {
      id
      status
      startedAt
      finishedAt
      updated
      account { localId freshness { status } }
    }
  }
`

interface Step {
  refreshUpdated: {
    id: string
    status: string
    startedAt: string | null
    finishedAt: string | null
    updated: number
    account: { localId: string; freshness: { status: string } }
  }
}

async function follow(gateway: Gateway, accountId?: string, key = gateway.key) {
  const headers = { authorization: `Bearer ${key}` }
  return eventsOf(await gateway.fetch(subscriptionRequest(STEPS, headers, { accountId })))
}

function simulated({ simulator }: Gateway, index = 0) {
  const account = simulator.world.accounts[index]
  if (!account) throw new Error('There is no account.')
  return account
}

test('a refresh is told step by step: QUEUED, RUNNING, SUCCEEDED, and nothing else', async () => {
  await using gateway = await startGateway()
  await using events = await follow(gateway)
  await gateway.connect(simulated(gateway), { localId: 'acc_1' })
  const steps = (await events.take<Step>(3)).map(({ data }) => data.refreshUpdated)
  expect(steps.map(({ status }) => status)).toEqual(['QUEUED', 'RUNNING', 'SUCCEEDED'])
  expect(new Set(steps.map(({ id }) => id)).size).toBe(1)
  expect(steps.map(({ startedAt }) => startedAt === null)).toEqual([true, false, false])
  expect(steps.map(({ finishedAt }) => finishedAt === null)).toEqual([true, true, false])
  expect(steps[2]?.updated).toBeGreaterThan(1)
  expect(steps[2]?.account).toEqual({ localId: 'acc_1', freshness: { status: 'SYNCED' } })
  const another = 'mutation { disconnectAccount(accountId: "acc_1") { __typename } }'
  await gateway.query(another)
  await gateway.connect(simulated(gateway, 1), { localId: 'acc_2' })
  const [next] = await events.take<Step>(1)
  expect(next?.data.refreshUpdated).toMatchObject({ status: 'QUEUED', updated: 0 })
})

test('following goes on after the database was lost, and arrives at how refreshes ended', async () => {
  await using gateway = await startGateway({ backend: 'postgres' })
  await using events = await follow(gateway)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database()
      and application_name = ${NOTICES_APPLICATION}`.execute(gateway.db)
  await gateway.connect(simulated(gateway), { localId: 'acc_1' })
  await gateway.settled()
  const statuses: string[] = []
  while (statuses.at(-1) !== 'SUCCEEDED') {
    const [step] = await events.take<Step>(1)
    statuses.push(step?.data.refreshUpdated.status ?? '')
  }
  const all = ['QUEUED', 'RUNNING', 'SUCCEEDED']
  expect(statuses).toEqual(all.filter((status) => statuses.includes(status)))
})

test('whoever follows one account hears of no other, and another workspace hears of none', async () => {
  await using gateway = await startGateway({ isWorker: false })
  await addWorkspace(gateway.db, 'ws_other', gateway.clock.now)
  const otherKey = await gateway.keyWith(['analytics:read'], 'ws_other')
  await gateway.connect(simulated(gateway), { localId: 'acc_1' })
  await using all = await follow(gateway)
  await using second = await follow(gateway, 'acc_1')
  await using other = await follow(gateway, undefined, otherKey)
  await gateway.connect(simulated(gateway, 1), { localId: 'acc_2' })
  await gateway.app.commands.disconnectAccount('ws_test', 'acc_1')
  const [heard] = await all.take<Step>(1)
  expect(heard?.data.refreshUpdated.account.localId).toBe('acc_2')
  await gateway.app.stop()
  expect(await all.next()).toBeNull()
  expect(await second.next()).toBeNull()
  expect(await other.next()).toBeNull()
})

test('an account of nobody and one of another workspace are refused alike', async () => {
  await using gateway = await startGateway({ isWorker: false })
  await addWorkspace(gateway.db, 'ws_other', gateway.clock.now)
  const otherKey = await gateway.keyWith(['analytics:read'], 'ws_other')
  await gateway.connect(simulated(gateway), { localId: 'acc_1' })
  const refused = []
  for (const accountId of ['acc_1', 'acc_none']) {
    await using events = await follow(gateway, accountId, otherKey)
    refused.push(await events.next())
    expect(await events.next()).toBeNull()
  }
  expect(refused[0]).toEqual(refused[1])
  expect(refused[0]?.errors).toMatchObject([
    {
      message: 'This workspace has no such account.',
      extensions: { code: 'NOT_FOUND', field: 'accountId' },
    },
  ])
})

test('following takes the scope analytics:read', async () => {
  await using gateway = await startGateway({ isWorker: false })
  const key = await gateway.keyWith(['analytics:refresh'])
  await using events = await follow(gateway, undefined, key)
  expect((await events.next())?.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  expect(await events.next()).toBeNull()
})

test('a key that is revoked hears of nothing more', async () => {
  await using gateway = await startGateway({ isWorker: false })
  const key = await gateway.keyWith(['analytics:read'])
  await using events = await follow(gateway, undefined, key)
  await using others = await follow(gateway)
  const revoked_at = gateway.clock.now
  await gateway.db
    .updateTable('api_key')
    .set({ revoked_at })
    .where(sql<boolean>`scopes = '{analytics:read}'`)
    .execute()
  gateway.clock.now = new Date(revoked_at.getTime() + 10_000)
  await gateway.connect(simulated(gateway), { localId: 'acc_1' })
  expect(await others.next()).toMatchObject({ data: { refreshUpdated: { status: 'QUEUED' } } })
  expect(await events.next()).toBeNull()
})
