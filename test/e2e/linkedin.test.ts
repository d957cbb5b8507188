import { expect, test } from 'vitest'
import type { AccountPlan } from '../../src/simulator/account.ts'
import { NOW, startGateway } from '../support/gateway.ts'

const PLAN: AccountPlan = {
  platform: 'linkedin',
  platformAccountId: '18402257',
  handle: 'tarn',
  newestAt: new Date(NOW.getTime() - 3_600_000),
  publications: 40,
}

const CONNECT = /* GraphQL */ `
  mutation ($input: ConnectAccountInput!) {
    connectAccount(input: $input) {
      ... on ConnectAccountSucceeded { account { platformAccountId } }
    }
  }
`

const NUMBERS = /* GraphQL */ `
  {
    account(id: "acc") {
      freshness { status warnings }
      metrics { ... on LinkedInAccountMetrics { followerCount pageViews uniquePageViews } }
      entries(names: ["page_statistics_views_all_page_views_unique"]) { availability }
    }
    publications(first: 50) {
      nodes {
        platformPostId
        contentType
        freshness { status warnings }
        normalized { impressions views engagement videoViews videoWatchTimeMs }
        metrics { ... on LinkedInPostMetrics { engagement } }
        entries(names: ["share_statistics_like_count"]) { availability }
      }
    }
  }
`

interface Shown {
  account: Record<string, unknown>
  publications: { nodes: ShownPost[] }
}

interface ShownPost {
  platformPostId: string
  contentType: string
  freshness: { status: string }
  normalized: Record<string, number | null>
}

async function startPage(plan: Partial<AccountPlan> = {}) {
  const gateway = await startGateway({ accounts: [{ ...PLAN, ...plan }] })
  const [simulated] = gateway.simulator.world.accounts
  if (simulated === undefined) throw new Error('The world is empty.')
  await gateway.connect(simulated, { localId: 'acc' })
  await gateway.settled()
  return { gateway, simulated, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() }
}

test('a page and its posts are shown with all that LinkedIn says, and reasons for the rest', async () => {
  await using page = await startPage({ content: (index) => (index === 1 ? { views: 0 } : {}) })
  const { gateway, simulated } = page
  const { data } = await gateway.query<Shown>(NUMBERS)
  expect(data.account).toMatchObject({
    freshness: { status: 'SYNCED', warnings: [] },
    metrics: { followerCount: expect.any(Number), uniquePageViews: null },
    entries: [{ availability: 'NOT_REPORTED' }],
  })
  const published = gateway.simulator.world.publications(simulated, NOW)
  expect(data.publications.nodes).toHaveLength(40)
  for (const node of data.publications.nodes) {
    const isSilent = node.platformPostId === published[1]?.platformPostId
    expect(node).toMatchObject({
      freshness: { status: isSilent ? 'PARTIAL' : 'SYNCED' },
      normalized: { views: null, impressions: isSilent ? null : expect.any(Number) },
      entries: [{ availability: isSilent ? 'NOT_REPORTED' : 'REPORTED' }],
    })
    const isPlayed = node.contentType === 'VIDEO' && !isSilent
    expect(node.normalized['videoViews']).toEqual(isPlayed ? expect.any(Number) : null)
  }
})

test('a page can be connected by its URN, and is kept by its number', async () => {
  await using page = await startPage()
  const { gateway, simulated } = page
  const { accessToken } = gateway.simulator.tokensOf(simulated)
  const platformAccountId = 'urn:li:organization:18402257'
  const input = { platform: 'LINKEDIN', platformAccountId, accessToken }
  const { data } = await gateway.query<{ connectAccount: { account: object } }>(CONNECT, { input })
  expect(data.connectAccount.account).toMatchObject({ platformAccountId: '18402257' })
  const all = '{ accounts { totalCount } }'
  expect((await gateway.query(all)).data).toEqual({ accounts: { totalCount: 1 } })
})

test('a used up quota waits for midnight in UTC', async () => {
  await using page = await startPage()
  const { gateway } = page
  const until = new Date('2026-06-30T00:00:00Z')
  const fault = { kind: 'rate_limited', until } as const
  gateway.simulator.faults.add({ platform: 'linkedin', fault })
  gateway.clock.now = new Date('2026-06-29T22:00:00Z')
  await gateway.query('mutation { refreshAccount(accountId: "acc") { __typename } }')
  const status = async () => {
    const query = '{ account(id: "acc") { refreshes(first: 1) { nodes { status } } } }'
    return JSON.stringify((await gateway.query(query)).data)
  }
  await expect
    .poll(() => gateway.simulator.calls.list({ platform: 'linkedin' }).at(-1)?.status)
    .toBe(429)
  await expect.poll(status).toContain('QUEUED')
  const { data } = await gateway.query<Shown>(NUMBERS)
  expect(data.account).toMatchObject({ metrics: { followerCount: expect.any(Number) } })
})
