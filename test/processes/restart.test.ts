import { expect, test } from 'vitest'
import { type Deployment, openDeployment, type Server } from '../support/deployment.ts'
import { eventsOf, subscriptionRequest } from '../support/events.ts'
import { type OwnPostgresServer, startOwnPostgresServer } from '../support/postgres-server.ts'

const ACCOUNTS = 80
const RECOVERY_MS = 5000
// For what is no promise, on a machine that does much else.
const PATIENT = { timeout: 30_000 }
const CALL = '/v2/user/info/'
const READ = '{ accounts(first: 5) { nodes { id freshness { status } } } }'
const STEPS = 'subscription { refreshUpdated { id status } }'
const REFRESH = /* GraphQL */ `
  mutation ($id: ID!, $key: String!) {
    refreshAccount(accountId: $id, idempotencyKey: $key) {
      ... on RefreshQueued { refresh { id } }
    }
  }
`

interface Step {
  refreshUpdated: { id: string; status: string }
}

interface Wished {
  refreshAccount: { refresh?: { id: string } }
}

/** A read that got no data. */
interface FailedRead {
  at: number
  code: string | undefined
}

interface Reader {
  failed: FailedRead[]
  /** Reads no more; all that failed. */
  stop(): Promise<FailedRead[]>
}

/** Reads without a pause. */
function keepReading(server: Server): Reader {
  let isStopped = false
  const failed: FailedRead[] = []
  const reading = (async () => {
    while (!isStopped) {
      const { data, errors } = await server.ask<object | null>(READ)
      if (errors || !data)
        failed.push({ at: performance.now(), code: errors?.[0]?.extensions.code })
    }
  })()
  const stop = async () => {
    isStopped = true
    await reading
    return failed
  }
  return { failed, stop }
}

/** Wishes for every account, each until it is answered; the refreshes that were promised. */
async function wishForAll(server: Server): Promise<Set<string>> {
  const promised = new Set<string>()
  const wish = async (index: number) => {
    const variables = { id: `acc-${index}`, key: `wish-${index}` }
    const { data } = await server.ask<Wished | null>(REFRESH, variables)
    const id = data?.refreshAccount.refresh?.id
    if (id) promised.add(id)
    return id
  }
  let next = 0
  const wishers = Array.from({ length: 3 }, async () => {
    while (next < ACCOUNTS) {
      const index = next
      next += 1
      await expect.poll(() => wish(index), PATIENT).toBeDefined()
    }
  })
  await Promise.all(wishers)
  return promised
}

/** Follows what happens until as many refreshes have succeeded as there are accounts. */
async function followAll({ url }: Server, headers: Record<string, string>) {
  const events = eventsOf(await fetch(url, subscriptionRequest(STEPS, headers)))
  const succeeded = new Set<string>()
  const untilAll = async () => {
    while (succeeded.size < ACCOUNTS) {
      const event = await events.next<Step>()
      if (event === null) throw new Error('The server ended the subscription.')
      const { id, status } = event.data.refreshUpdated
      if (status === 'SUCCEEDED') succeeded.add(id)
    }
    await events.cancel()
    return succeeded
  }
  return { succeeded: untilAll() }
}

/** Takes the database away until many reads have failed; tells when reads may fail. */
async function restart(server: OwnPostgresServer, mode: 'fast' | 'immediate', reader: Reader) {
  const from = performance.now()
  const before = reader.failed.length
  await server.halt(mode)
  await expect.poll(() => reader.failed.length, PATIENT).toBeGreaterThan(before + 50)
  await server.resume()
  return { from, to: performance.now() + RECOVERY_MS }
}

/** Resolves when so many accounts have been asked for at the platform. */
async function underWay({ simulator: { calls } }: Deployment, count: number): Promise<void> {
  const asked = () => calls.count({ path: CALL })
  await expect.poll(asked, PATIENT).toBeGreaterThan(count)
}

/** A process that serves and one that works, and readers and wishers who keep them busy. */
async function startLoad(deployment: Deployment) {
  const { simulator, headers } = deployment
  const fault = { kind: 'late', afterMs: 200 } as const
  simulator.faults.add({ platform: 'tiktok', path: CALL, fault })
  // Who reads without a pause has soon used up the budget of a minute.
  const environment = { WEIR_RATE_GRAPHQL_COST_PER_MINUTE: '1000000000' }
  const serving = deployment.serve(1, { environment })
  const [[server]] = await Promise.all([serving, deployment.work()])
  if (!server) throw new Error('Nothing serves.')
  const { succeeded } = await followAll(server, headers)
  return { reader: keepReading(server), promised: wishForAll(server), succeeded }
}

test('PostgreSQL restarted under load, in order and as if crashed, ends no process and loses nothing', async () => {
  await using postgres = await startOwnPostgresServer()
  await using deployment = await openDeployment({ accounts: ACCOUNTS, server: postgres })
  const { reader, promised, succeeded } = await startLoad(deployment)
  await underWay(deployment, 8)
  const fast = await restart(postgres, 'fast', reader)
  await underWay(deployment, ACCOUNTS / 2)
  const immediate = await restart(postgres, 'immediate', reader)
  const ids = await promised
  const ended = await deployment.ended(40_000)
  expect(ended.map(({ status }) => status)).toEqual(Array(ACCOUNTS).fill('succeeded'))
  expect(new Set(ended.map(({ accountId }) => accountId)).size).toBe(ACCOUNTS)
  expect(await succeeded).toEqual(ids)
  const failed = await reader.stop()
  const mayFail = ({ at }: FailedRead) =>
    [fast, immediate].some(({ from, to }) => from < at && at < to)
  expect(failed.filter((read) => !mayFail(read))).toEqual([])
  expect(new Set(failed.map(({ code }) => code))).toEqual(new Set(['INTERNAL_SERVER_ERROR']))
  const snapshots = await deployment.snapshots()
  expect(snapshots).toHaveLength(ACCOUNTS * (1 + 3))
  expect(new Set(snapshots).size).toBe(snapshots.length)
}, 120_000)
