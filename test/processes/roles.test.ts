import { expect, test } from 'vitest'
import { openDeployment } from '../support/deployment.ts'

const REFRESH = /* GraphQL */ `
  mutation { refreshAccount(accountId: "acc-0") { ... on RefreshQueued { refresh { status } } } }
`
const READ = /* GraphQL */ `
  {
    account(id: "acc-0") {
      freshness { status }
      posts { totalCount }
      refreshes { nodes { status startedAt } }
    }
  }
`

interface Shown {
  account: { refreshes: { nodes: { status: string; startedAt: string | null }[] } }
}

test('what a process without a worker is asked for waits until another one works', async () => {
  await using deployment = await openDeployment({ accounts: 1 })
  const [server] = await deployment.serve(1, { words: ['--no-worker'] })
  const queued = await server?.ask(REFRESH)
  expect(queued?.data).toEqual({ refreshAccount: { refresh: { status: 'QUEUED' } } })
  const workedFrom = new Date()
  await deployment.work()
  await deployment.ended()
  const { data } = (await server?.ask<Shown>(READ)) ?? {}
  expect(data).toEqual({
    account: {
      ...{ freshness: { status: 'SYNCED' }, posts: { totalCount: 3 } },
      refreshes: { nodes: [{ status: 'SUCCEEDED', startedAt: expect.any(String) }] },
    },
  })
  const [refresh] = data?.account.refreshes.nodes ?? []
  expect(new Date(refresh?.startedAt ?? 0).getTime()).toBeGreaterThan(workedFrom.getTime())
}, 60_000)
