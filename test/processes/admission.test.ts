import { expect, test } from 'vitest'
import { openDeployment } from '../support/deployment.ts'

const REFRESH = /* GraphQL */ `
  mutation ($id: ID!) {
    refreshAccount(accountId: $id) {
      __typename
      ... on RefreshQueued { refresh { id } }
      ... on QuotaExceededError { monthlyQuota { limit used } }
    }
  }
`
const QUOTA = '{ workspace { refreshQuota { limit used } } }'

interface Wished {
  refreshAccount: { __typename: string; refresh?: { id: string }; monthlyQuota?: object }
}

test('200 wishes for one account, at once and of two processes, are one refresh', async () => {
  await using deployment = await openDeployment({ accounts: 1 })
  const servers = await deployment.serve(2)
  const wish = (index: number) => servers[index % 2]?.ask<Wished>(REFRESH, { id: 'acc-0' })
  const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => wish(index)))
  const given = answers.map((answer) => answer?.data.refreshAccount)
  // Whoever comes last may find everything fresh.
  const kinds = given.map((each) => each?.__typename).filter((kind) => kind !== 'AlreadyFresh')
  expect(new Set(kinds)).toEqual(new Set(['RefreshQueued']))
  expect(new Set(given.flatMap((each) => each?.refresh?.id ?? [])).size).toBe(1)
  expect(await deployment.ended()).toEqual([
    { accountId: 'acc-0', status: 'succeeded', origin: 'request', upstreamCalls: 2 },
  ])
  const { calls } = deployment.simulator
  expect([calls.count({ path: '/v2/user/info/' }), calls.count()]).toEqual([1, 2])
  const quota = await servers[1]?.ask(QUOTA)
  expect(quota?.data).toEqual({ workspace: { refreshQuota: { limit: 500, used: 1 } } })
}, 60_000)

test('of 50 accounts that four processes are asked for, a quota of 5 lets through 5', async () => {
  await using deployment = await openDeployment({ accounts: 50, monthlyQuota: 5 })
  const servers = await deployment.serve(4)
  const wish = (index: number) => servers[index % 4]?.ask<Wished>(REFRESH, { id: `acc-${index}` })
  const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => wish(index)))
  const given = answers.map((answer) => answer?.data.refreshAccount)
  const refused = given.filter((each) => each?.__typename === 'QuotaExceededError')
  expect(given.filter((each) => each?.__typename === 'RefreshQueued')).toHaveLength(5)
  expect(refused).toHaveLength(45)
  for (const each of refused) expect(each?.monthlyQuota).toEqual({ limit: 5, used: 5 })
  const ended = await deployment.ended()
  expect(ended.map(({ status }) => status)).toEqual(Array(5).fill('succeeded'))
  expect(deployment.simulator.calls.count({ path: '/v2/user/info/' })).toBe(5)
  const quota = await servers[0]?.ask(QUOTA)
  expect(quota?.data).toEqual({ workspace: { refreshQuota: { limit: 5, used: 5 } } })
}, 60_000)
