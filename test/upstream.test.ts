import { expect, test } from 'vitest'
import { PLATFORMS } from '../src/domain/platform.ts'
import type { SimulatedAccount } from '../src/simulator/account.ts'
import { type Gateway, NOW, startGateway } from './support/gateway.ts'

const TIMEOUT = 20_000
const SOON_MS = 2000

/** The simulated accounts of a platform. */
function accountsOn(gateway: Gateway, platform: SimulatedAccount['platform']): SimulatedAccount[] {
  return gateway.simulator.world.accounts.filter((account) => account.platform === platform)
}

interface Row {
  status: string
  calls: number
  hasStarted: boolean
}

/** How far the newest refresh of an account has come. */
async function refreshOf({ db }: Gateway, accountId: string): Promise<Row> {
  const row = await db
    .selectFrom('refresh')
    .select(['status', 'upstream_calls', 'started_at'])
    .where('account_id', '=', accountId)
    .orderBy('requested_at', 'desc')
    .executeTakeFirstOrThrow()
  return { status: row.status, calls: row.upstream_calls, hasStarted: row.started_at !== null }
}

interface Upstream {
  account: { localId: string } | null
  callsToday: number
  limit: number | null
  remaining: number | null
  resetsAt: string | null
}

const UPSTREAM =
  '{ workspace { upstream { account { localId } callsToday limit remaining resetsAt } } }'

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

async function upstreamIn(gateway: Gateway): Promise<Upstream[]> {
  const { data } = await gateway.query<{ workspace: { upstream: Upstream[] } }>(UPSTREAM)
  return data.workspace.upstream
}

async function upstreamOf(gateway: Gateway, localId: string): Promise<Upstream | undefined> {
  return (await upstreamIn(gateway)).find(({ account }) => account?.localId === localId)
}

test.each(PLATFORMS)(
  'the calls of an application on %s are those of all its accounts',
  async (platform) => {
    await using gateway = await startGateway()
    const accounts = accountsOn(gateway, platform).slice(0, 2)
    for (const [index, account] of accounts.entries()) {
      await gateway.connect(account, { localId: `a${index}` })
    }
    await gateway.settled()
    const [application, ...own] = await upstreamIn(gateway)
    const calls = accounts.map(({ platformAccountId: accountId }) =>
      gateway.simulator.calls.count({ platform, accountId }),
    )
    expect(application).toMatchObject({ account: null, callsToday: sum(calls) })
    const counted = own.map(({ account, callsToday }) => [account?.localId, callsToday]).sort()
    expect(counted).toEqual(calls.map((count, index) => [`a${index}`, count]))
  },
  TIMEOUT,
)

test('a limited account waits until the named time, and another of the same platform goes on', async () => {
  await using gateway = await startGateway()
  const { simulator, clock } = gateway
  const [limited, other] = accountsOn(gateway, 'x')
  if (!limited || !other) throw new Error('There are too few accounts.')
  const accountId = limited.platformAccountId
  const until = new Date(NOW.getTime() + SOON_MS)
  simulator.faults.add({ platform: 'x', id: accountId, fault: { kind: 'rate_limited', until } })
  await gateway.connect(limited, { localId: 'limited' })
  await expect
    .poll(() => refreshOf(gateway, 'limited'), { timeout: TIMEOUT })
    .toMatchObject({ status: 'queued', hasStarted: true })
  const asked = simulator.calls.count({ platform: 'x', accountId })
  expect(await upstreamOf(gateway, 'limited')).toMatchObject({
    ...{ callsToday: asked, limit: 900, remaining: 0, resetsAt: until.toISOString() },
  })
  await gateway.connect(other, { localId: 'other' })
  await expect
    .poll(() => refreshOf(gateway, 'other'), { timeout: TIMEOUT })
    .toMatchObject({ status: 'succeeded' })
  expect(simulator.calls.count({ platform: 'x', accountId })).toBe(asked)
  clock.now = until
  await gateway.settled()
  expect(await refreshOf(gateway, 'limited')).toMatchObject({ status: 'succeeded' })
  const calls = simulator.calls.count({ platform: 'x', accountId })
  const known = await upstreamOf(gateway, 'limited')
  expect(known).toMatchObject({ callsToday: calls, limit: expect.any(Number) })
  expect(known?.remaining).toBeGreaterThan(0)
})

test('once a whole application may ask no more, its other accounts are not even tried', async () => {
  await using gateway = await startGateway()
  const { simulator } = gateway
  const [first, second] = accountsOn(gateway, 'tiktok')
  if (!first || !second) throw new Error('There are too few accounts.')
  const until = new Date(NOW.getTime() + 60_000)
  simulator.faults.add({ platform: 'tiktok', fault: { kind: 'rate_limited', until } })
  for (const [localId, account] of Object.entries({ first, second })) {
    await gateway.connect(account, { localId })
    await expect
      .poll(() => refreshOf(gateway, localId), { timeout: TIMEOUT })
      .toMatchObject({ status: 'queued', hasStarted: true })
  }
  expect((await refreshOf(gateway, 'first')).calls).toBeGreaterThan(0)
  expect((await refreshOf(gateway, 'second')).calls).toBe(0)
  const { platformAccountId: accountId } = second
  expect(simulator.calls.count({ platform: 'tiktok', accountId })).toBe(0)
})

test('a platform that is down is left alone, and read again by itself once it is back', async () => {
  await using gateway = await startGateway({
    environment: {
      WEIR_UPSTREAM_ATTEMPTS_MAX: '1',
      WEIR_UPSTREAM_CIRCUIT_FAILURES: '2',
      WEIR_UPSTREAM_CIRCUIT_PAUSE_MS: `${SOON_MS}`,
      WEIR_REFRESH_ATTEMPTS_MAX: '2',
      WEIR_REFRESH_RETRY_DELAY_SECONDS: '1',
    },
  })
  const { simulator, clock } = gateway
  const [first, second] = accountsOn(gateway, 'x')
  const [elsewhere] = accountsOn(gateway, 'tiktok')
  if (!first || !second || !elsewhere) throw new Error('There are too few accounts.')
  const recover = simulator.faults.add({ platform: 'x', fault: { kind: 'down' } })
  const waits = { status: 'queued', hasStarted: true }
  await gateway.connect(first, { localId: 'first' })
  await expect.poll(() => refreshOf(gateway, 'first'), { timeout: TIMEOUT }).toMatchObject(waits)
  expect(simulator.calls.count({ platform: 'x' })).toBe(2)
  await gateway.connect(second, { localId: 'second' })
  await expect.poll(() => refreshOf(gateway, 'second'), { timeout: TIMEOUT }).toMatchObject(waits)
  await gateway.connect(elsewhere, { localId: 'elsewhere' })
  await expect
    .poll(() => refreshOf(gateway, 'elsewhere'), { timeout: TIMEOUT })
    .toMatchObject({ status: 'succeeded' })
  expect(simulator.calls.count({ platform: 'x' })).toBe(2)
  recover()
  clock.now = new Date(NOW.getTime() + SOON_MS)
  await gateway.settled()
  for (const localId of ['first', 'second']) {
    expect(await refreshOf(gateway, localId)).toMatchObject({ status: 'succeeded' })
  }
})
