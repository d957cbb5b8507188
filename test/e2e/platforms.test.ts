import { expect, test } from 'vitest'
import type { AccountPlan } from '../../src/simulator/account.ts'
import { type Gateway, NOW, startGateway, WORKSPACE } from '../support/gateway.ts'

// Nothing is published after `NOW`, so that a later refresh finds the same content.
const X: AccountPlan = {
  platform: 'x',
  platformAccountId: '1483920117645213697',
  handle: 'tarn',
  newestAt: NOW,
}
const TIKTOK: AccountPlan = {
  platform: 'tiktok',
  platformAccountId: '5f0c9d1e-7b42-4c8a-9e35-2a6d10f7b843',
  handle: 'tarn',
  newestAt: NOW,
}

const INSTAGRAM: AccountPlan = {
  platform: 'instagram',
  platformAccountId: '17841406338207715',
  handle: 'tarn',
  newestAt: NOW,
}

const DAY_MS = 86_400_000

/** A gateway with one connected account, whose first refresh is done. */
async function startConnected(plan: AccountPlan): Promise<Gateway> {
  const gateway = await startGateway({ accounts: [plan] })
  const [simulated] = gateway.simulator.world.accounts
  if (simulated === undefined) throw new Error('The world is empty.')
  // The token outlives the test: exchanging it is no part of what a refresh costs.
  await gateway.connect(simulated, { localId: 'acc', accessSeconds: 7 * 86_400 })
  await gateway.settled()
  return gateway
}

/** Refreshes the account a day later through the public API, and tells how that ended. */
async function refreshADayLater(gateway: Gateway) {
  gateway.simulator.calls.clear()
  gateway.clock.now = new Date(gateway.clock.now.getTime() + DAY_MS)
  const wish =
    'mutation { refreshAccount(accountId: "acc") { ... on RefreshQueued { refresh { id } } } }'
  const wished = await gateway.query<{ refreshAccount: { refresh: { id: string } } }>(wish)
  await gateway.settled()
  const { id } = wished.data.refreshAccount.refresh
  const ended = 'query ($id: ID!) { refresh(id: $id) { status updated failed upstreamCalls } }'
  return (await gateway.query<{ refresh: object }>(ended, { id })).data.refresh
}

// The hours between two posts decide how many are young enough for their private numbers.
test.each([1, 3, 4, 6, 8, 24, 200])(
  'refreshing 250 posts on X, one every %d hours, costs 4 calls at most, with the account',
  async (everyHours) => {
    await using gateway = await startConnected({ ...X, publications: 250, everyHours })
    const { calls } = gateway.simulator
    expect(calls.count()).toBeLessThanOrEqual(4)
    const refresh = await refreshADayLater(gateway)
    const upstreamCalls = calls.count()
    expect(upstreamCalls).toBeLessThanOrEqual(4)
    expect(refresh).toEqual({ status: 'SUCCEEDED', updated: 251, failed: 0, upstreamCalls })
  },
)

test('refreshing 60 videos on TikTok costs one call beside the listing pages', async () => {
  await using gateway = await startConnected({ ...TIKTOK, publications: 60 })
  const { calls } = gateway.simulator
  const refresh = await refreshADayLater(gateway)
  expect(refresh).toEqual({ status: 'SUCCEEDED', updated: 61, failed: 0, upstreamCalls: 4 })
  expect(calls.count({ path: '/v2/video/list/' })).toBe(3)
  expect(calls.count({ path: '/v2/user/info/' })).toBe(1)
})

test('60 videos on TikTok that no listing holds are read in three calls', async () => {
  await using gateway = await startConnected({ ...TIKTOK, publications: 60 })
  const refusal = { kind: 'answer', status: 200, body: NO_VIDEOS } as const
  const rule = { platform: 'tiktok', path: '/v2/video/list/', fault: refusal } as const
  gateway.simulator.faults.add(rule)
  expect(await refreshADayLater(gateway)).toMatchObject({ status: 'SUCCEEDED', updated: 61 })
  expect(gateway.simulator.calls.count({ path: '/v2/video/query/' })).toBe(3)
  expect(gateway.simulator.calls.count()).toBe(1 + 3 + 1)
})

const NO_VIDEOS = JSON.stringify({
  data: { videos: [], has_more: false },
  error: { code: 'ok', message: '', log_id: '' },
})

test.each([null, 10])(
  'on Instagram a token is exchanged while it still can be, its end %j days ahead',
  async (daysLeft) => {
    await using gateway = await startGateway({ accounts: [INSTAGRAM] })
    const { calls, world } = gateway.simulator
    const [simulated] = world.accounts
    if (simulated === undefined) throw new Error('The world is empty.')
    const issuedAt = new Date(NOW.getTime() - (60 - (daysLeft ?? 50)) * DAY_MS)
    const { accessToken, expiresAt } = gateway.simulator.tokensOf(simulated, { issuedAt })
    const id = 'acc'
    await gateway.app.commands.connectAccount(WORKSPACE, {
      ...{ platform: 'instagram', platformAccountId: simulated.platformAccountId, accessToken },
      ...{ refreshToken: null, scopes: null, handle: null, localId: id },
      tokenExpiresAt: daysLeft === null ? null : expiresAt,
    })
    await gateway.settled()
    expect(calls.count({ path: '/refresh_access_token' })).toBe(1)
    const query = 'query ($id: ID!) { account(id: $id) { connection { status tokenExpiresAt } } }'
    const { data } = await gateway.query<{ account: { connection: Connection } }>(query, { id })
    expect(data.account.connection.status).toBe('CONNECTED')
    const endsAt = new Date(data.account.connection.tokenExpiresAt)
    expect(endsAt.getTime()).toBeGreaterThan(NOW.getTime() + 59 * DAY_MS)
  },
)

interface Connection {
  status: string
  tokenExpiresAt: string
}

const MANY = 3_412_345_678

const NUMBERS = `{
  account(id: "acc") { platformAccountId audience { followers following } }
  publications { nodes {
    platformPostId url normalized { likes comments }
    entries(names: ["like_count", "reply_count", "comment_count"]) { value availability }
  } }
}`

test.each<{ plan: AccountPlan; numbers: Record<string, number> }>([
  {
    plan: { ...X, numbers: { followers_count: MANY, following_count: 0 } },
    numbers: { like_count: MANY, reply_count: 0 },
  },
  {
    plan: { ...TIKTOK, numbers: { follower_count: MANY, following_count: 0 } },
    numbers: { like_count: MANY, comment_count: 0 },
  },
])(
  'on $plan.platform a 19-digit id, 3,412,345,678 and a real zero arrive as they are, bare or quoted',
  async ({ plan, numbers }) => {
    const content = () => ({ numbers })
    for (const fault of [null, { kind: 'unquoted_ids' as const }]) {
      await using gateway = await startGateway({
        accounts: [{ ...plan, publications: 5, content }],
      })
      const { faults, world } = gateway.simulator
      const [simulated] = world.accounts
      if (simulated === undefined) throw new Error('The world is empty.')
      if (fault) faults.add({ platform: plan.platform, fault })
      await gateway.connect(simulated, { localId: 'acc' })
      await gateway.settled()
      const { data } = await gateway.query<Shown>(NUMBERS)
      expect(data.account.audience).toEqual({ followers: MANY, following: 0 })
      const ids = world.publications(simulated, NOW).map((each) => each.platformPostId)
      expect(data.publications.nodes.map((node) => node.platformPostId).sort()).toEqual(ids.sort())
      for (const node of data.publications.nodes) {
        expect(node).toMatchObject({
          platformPostId: expect.stringMatching(/^\d{19}$/),
          url: expect.stringContaining(`/${node.platformPostId}`),
          normalized: { likes: MANY, comments: 0 },
          entries: [MANY, 0].map((value) => ({ value, availability: 'REPORTED' })),
        })
      }
    }
  },
)

interface Shown {
  account: { audience: object }
  publications: { nodes: { platformPostId: string }[] }
}
