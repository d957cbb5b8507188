import { expect, test } from 'vitest'
import { type Gateway, NOW, startGateway, WORKSPACE } from '../support/gateway.ts'
import { importInto } from '../support/importing.ts'

const HOUR_MS = 3_600_000

const REFRESH = `mutation { refreshAccount(accountId: "acc") {
  __typename
  ... on CooldownError { hoursRemaining }
  ... on QuotaExceededError { monthlyQuota { limit used } }
} }`

const ALLOWED = `{
  account(id: "acc") { refreshAvailability { canRefresh hoursRemaining monthlyQuota { used } } }
}`

async function startConnected(environment: Record<string, string>): Promise<Gateway> {
  const gateway = await startGateway({ environment })
  const [simulated] = gateway.simulator.world.accounts
  if (!simulated) throw new Error('There is no account.')
  await gateway.connect(simulated, { localId: 'acc' })
  await gateway.settled()
  return gateway
}

/** What a wish is answered some hours after the start, once all that it queued has ended. */
async function askAfter(gateway: Gateway, hours: number): Promise<object> {
  gateway.clock.now = new Date(NOW.getTime() + hours * HOUR_MS)
  const { data } = await gateway.query<{ refreshAccount: object }>(REFRESH)
  await gateway.settled()
  return data.refreshAccount
}

test('accounts cool down, and workspaces have a quota, as the environment says', async () => {
  const allowance = { WEIR_REFRESH_COOLDOWN_HOURS: '9', WEIR_REFRESH_MONTHLY_QUOTA: '2' }
  await using gateway = await startConnected(allowance)
  expect(await askAfter(gateway, 1)).toEqual({ __typename: 'AlreadyFresh' })
  expect(await askAfter(gateway, 7)).toEqual({ __typename: 'RefreshQueued' })
  expect(await askAfter(gateway, 14)).toEqual({ __typename: 'CooldownError', hoursRemaining: 2 })
  expect((await gateway.query(ALLOWED)).data).toEqual({
    account: {
      refreshAvailability: { canRefresh: false, hoursRemaining: 2, monthlyQuota: { used: 1 } },
    },
  })
  expect(await askAfter(gateway, 16)).toEqual({ __typename: 'RefreshQueued' })
  const monthlyQuota = { limit: 2, used: 2 }
  expect(await askAfter(gateway, 30)).toEqual({ __typename: 'QuotaExceededError', monthlyQuota })
  // July begins 39 hours after the start.
  expect(await askAfter(gateway, 39)).toEqual({ __typename: 'RefreshQueued' })
})

test('what an import says of a workspace comes first: no cooldown, or no refreshes at all', async () => {
  await using gateway = await startConnected({})
  const workspace = { type: 'workspace', id: WORKSPACE, name: 'Imported' }
  const settings = { refresh_cooldown_hours: 0, refresh_monthly_quota: 2 }
  await importInto(gateway.db, [{ ...workspace, ...settings }], { replace: true })
  expect(await askAfter(gateway, 7)).toEqual({ __typename: 'RefreshQueued' })
  expect(await askAfter(gateway, 14)).toEqual({ __typename: 'RefreshQueued' })
  const none = { ...workspace, refresh_monthly_quota: 0 }
  await importInto(gateway.db, [none], { replace: true })
  const monthlyQuota = { limit: 0, used: 2 }
  expect(await askAfter(gateway, 21)).toEqual({ __typename: 'QuotaExceededError', monthlyQuota })
})
