import { expect, test } from 'vitest'
import type { AccountPlan } from '../../src/simulator/account.ts'
import { NOW, startGateway } from '../support/gateway.ts'

const PLAN: AccountPlan = {
  platform: 'facebook',
  platformAccountId: '100063812447095',
  handle: 'tarn',
  newestAt: new Date(NOW.getTime() - 3 * 86_400_000),
  publications: 60,
  followersPerDay: 10,
}

const NUMBERS = /* GraphQL */ `
  {
    account(id: "acc") {
      connection { status }
      freshness { status warnings }
      audience { followers }
      metrics {
        ... on FacebookAccountMetrics { followersCount pagePostEngagements pageConsumptions }
      }
      entries(names: ["page_consumptions", "page_views_total"]) { availability }
    }
    publications(first: 100) {
      nodes {
        contentType
        url
        freshness { status warnings }
        normalized { likes comments shares views impressions videoViews videoViewers clicks }
        metrics { ... on FacebookPostMetrics { reactionsByType { key value } } }
        entries(names: ["post_engaged_users"]) { availability }
      }
    }
  }
`

interface Shown {
  account: Record<string, unknown>
  publications: { nodes: ShownPost[] }
}

interface ShownPost {
  contentType: string
  url: string
  freshness: { status: string }
  normalized: Record<string, number | null>
  metrics: { reactionsByType: { key: string; value: number }[] }
}

async function startPage(plan: Partial<AccountPlan> = {}) {
  const gateway = await startGateway({ accounts: [{ ...PLAN, ...plan }] })
  const [simulated] = gateway.simulator.world.accounts
  if (simulated === undefined) throw new Error('The world is empty.')
  await gateway.connect(simulated, { localId: 'acc' })
  await gateway.settled()
  return { gateway, simulated, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() }
}

test('a Page, its posts, videos and reels are shown with all that Facebook says', async () => {
  await using page = await startPage()
  const { gateway } = page
  const { data } = await gateway.query<Shown>(NUMBERS)
  expect(data.account).toMatchObject({
    freshness: { status: 'SYNCED', warnings: [] },
    metrics: { pagePostEngagements: expect.any(Number), pageConsumptions: null },
    entries: [{ availability: 'RETIRED' }, { availability: 'REPORTED' }],
  })
  expect(data.publications.nodes).toHaveLength(60)
  const kinds = new Set(data.publications.nodes.map((node) => node.contentType))
  expect([...kinds].sort()).toEqual(['CAROUSEL', 'IMAGE', 'REEL', 'TEXT', 'VIDEO'])
  for (const { contentType, normalized, ...node } of data.publications.nodes) {
    expect(node).toMatchObject({
      url: expect.stringMatching(/^https:\/\/www\.facebook\.com\//),
      freshness: { status: 'SYNCED', warnings: [] },
      entries: [{ availability: 'RETIRED' }],
    })
    const likes = node.metrics.reactionsByType.reduce((sum, { value }) => sum + value, 0)
    const isPlayed = contentType === 'VIDEO' || contentType === 'REEL'
    const any = expect.any(Number)
    expect(normalized).toMatchObject({ likes, comments: any, shares: any, views: any })
    expect(normalized['impressions']).toBeNull()
    expect(normalized['videoViews']).toEqual(isPlayed ? any : null)
    expect(normalized['videoViewers']).toEqual(contentType === 'VIDEO' ? any : null)
    expect(normalized['clicks']).toEqual(contentType === 'REEL' ? null : any)
  }
})

test('a Page without insights is partial, with its counters and no zeros', async () => {
  await using page = await startPage({ followers: 40, followersPerDay: 0 })
  const { data } = await page.gateway.query<Shown>(NUMBERS)
  expect(data.account).toMatchObject({
    freshness: {
      status: 'PARTIAL',
      warnings: ['Facebook Page insight metrics unavailable.'],
    },
    audience: { followers: 40 },
    metrics: { followersCount: 40, pagePostEngagements: null },
    entries: [{ availability: 'RETIRED' }, { availability: 'NOT_REPORTED' }],
  })
})

test('a list of reels that is refused leaves those among the posts, and says so', async () => {
  const gateway = await startGateway({ accounts: [PLAN] })
  await using _ = gateway
  const error = { message: '(#10) No permission', type: 'OAuthException', code: 10 }
  const fault = { kind: 'answer', status: 403, body: JSON.stringify({ error }) } as const
  gateway.simulator.faults.add({ platform: 'facebook', path: /video_reels/, fault })
  const [simulated] = gateway.simulator.world.accounts
  if (simulated === undefined) throw new Error('The world is empty.')
  await gateway.connect(simulated, { localId: 'acc' })
  await gateway.settled()
  const { data } = await gateway.query<Shown>(NUMBERS)
  const refusal = expect.stringMatching(/^Facebook did not list the reels of the Page: .*\(#10\)/)
  expect(data.account['freshness']).toEqual({ status: 'PARTIAL', warnings: [refusal] })
  const reels = data.publications.nodes.filter(({ contentType }) => contentType === 'REEL')
  expect(reels.length).toBeGreaterThan(0)
  for (const reel of reels) expect(reel.freshness).toEqual({ status: 'SYNCED', warnings: [] })
})

test.each([
  ['facebook', 18, {}],
  [
    'instagram',
    14,
    {
      platformAccountId: '17841406338207715',
      scopes: ['instagram_basic', 'instagram_manage_insights', 'pages_read_engagement'],
    },
  ],
] as const)(
  'refreshing 250 publications on %s takes a call for 50',
  async (platform, most, plan) => {
    await using page = await startPage({ ...plan, platform, publications: 250 })
    const { calls } = page.gateway.simulator
    // Pages of 50 posts and reels, a batch for what a page does not hold, and the account.
    expect(calls.count({ platform })).toBeLessThanOrEqual(most)
    const { data } = await page.gateway.query<Shown>('{ publications { totalCount } }')
    expect(data).toEqual({ publications: { totalCount: 250 } })
  },
)

test('a token that died asks for a new login, and a person’s token does not', async () => {
  const statusAfter = async (reason: string) => {
    await using page = await startPage()
    const { gateway } = page
    const fault = { kind: 'refused', reason } as const
    gateway.simulator.faults.add({ platform: 'facebook', fault })
    gateway.clock.now = new Date(NOW.getTime() + 86_400_000)
    await gateway.query('mutation { refreshAccount(accountId: "acc") { __typename } }')
    await gateway.settled()
    const { data } = await gateway.query<Shown>(NUMBERS)
    expect(data.account).toMatchObject({ metrics: { followersCount: expect.any(Number) } })
    return (data.account['connection'] as { status: string }).status
  }
  expect(await statusAfter('password_changed')).toBe('REQUIRES_RECONNECT')
  expect(await statusAfter('person_token')).toBe('CONNECTED')
})
