import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Db } from '../../src/store/connect.ts'
import { type Deployment, openDeployment, type Server } from '../support/deployment.ts'
import type { WeirProcess } from '../support/weir.ts'

const REFRESH = 'mutation ($id: ID!) { refreshAccount(accountId: $id) { __typename } }'
const CALL = '/v2/user/info/'
// For what is no promise, on a machine that does much else.
const PATIENT = { timeout: 30_000 }

/** Keeps every refresh from being committed until it is disposed of. */
async function holdCommits(db: Db): Promise<AsyncDisposable> {
  const held = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const holding = db.transaction().execute(async (transaction) => {
    // What comes last in the transaction that stores a refresh cannot be written.
    await sql`lock table change in share mode`.execute(transaction)
    held.resolve()
    await release.promise
  })
  await Promise.race([held.promise, holding])
  const dispose = async () => {
    release.resolve()
    await holding
  }
  return { [Symbol.asyncDispose]: dispose }
}

async function waitingForLocks(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return Number(rows[0]?.count)
}

async function wishForAll(server: Server | undefined, accounts: number): Promise<void> {
  for (let index = 0; index < accounts; index += 1) {
    await server?.ask(REFRESH, { id: `acc-${index}` })
  }
}

/** A worker that waits for one account's numbers for ever, and to commit those of the other. */
async function startStuck({ db, simulator, work }: Deployment): Promise<WeirProcess> {
  const accountId = simulator.world.accounts[0]?.platformAccountId ?? ''
  const fault = { kind: 'timeout' } as const
  simulator.faults.add({ platform: 'tiktok', path: CALL, id: accountId, times: 1, fault })
  const worker = await work()
  const isAsked = () => simulator.calls.count({ path: CALL, accountId })
  await expect.poll(isAsked, PATIENT).toBe(1)
  await expect.poll(() => waitingForLocks(db), PATIENT).toBe(1)
  return worker
}

test('what a killed worker had in hand is done by another within 30 s, and stored once', async () => {
  await using deployment = await openDeployment({ accounts: 2 })
  const [server] = await deployment.serve(1, { words: ['--no-worker'] })
  await wishForAll(server, 2)
  {
    await using _ = await holdCommits(deployment.db)
    const worker = await startStuck(deployment)
    await deployment.work()
    await deployment.kill(worker)
  }
  const ended = await deployment.ended(30_000)
  expect(ended.map(({ accountId, status }) => [accountId, status])).toEqual([
    ['acc-0', 'succeeded'],
    ['acc-1', 'succeeded'],
  ])
  expect(deployment.simulator.calls.count({ path: CALL })).toBe(4)
  const snapshots = await deployment.snapshots()
  expect(snapshots).toHaveLength(2 * (1 + 3))
  expect(new Set(snapshots).size).toBe(snapshots.length)
  const quota = await server?.ask('{ workspace { refreshQuota { used } } }')
  expect(quota?.data).toEqual({ workspace: { refreshQuota: { used: 2 } } })
}, 120_000)
