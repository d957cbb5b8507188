import { expect, test } from 'vitest'
import type { AccountPlan } from '../../src/simulator/account.ts'
import { type Gateway, NOW, startGateway } from '../support/gateway.ts'

const CHANNEL: AccountPlan = {
  platform: 'youtube',
  platformAccountId: 'UCq7Tn2vXk0bWd9LrE4sYg1A',
  handle: 'tarn',
  newestAt: NOW,
}
const GOOGLE = 'https://www.googleapis.com/auth/'

/** A gateway and its one channel, connected under the id `acc` once `prepare` has run. */
async function startConnected(
  plan: Partial<AccountPlan>,
  prepare: (gateway: Gateway) => void = () => undefined,
): Promise<Gateway> {
  const gateway = await startGateway({ accounts: [{ ...CHANNEL, ...plan }] })
  const [simulated] = gateway.simulator.world.accounts
  if (simulated === undefined) throw new Error('The world is empty.')
  prepare(gateway)
  await gateway.connect(simulated, { localId: 'acc', accessSeconds: 7 * 86_400 })
  return gateway
}

const SHOWN = `{
  account(id: "acc") {
    freshness { status }
    connection { status missingScopes }
    refreshes(first: 1) { nodes { status } }
  }
  publications(first: 1) { totalCount nodes {
    contentType normalized { views shares videoWatchTimeMs } freshness { status warnings }
    entries(names: ["view_count", "favorite_count"]) { name availability }
  } }
  videos(first: 1) { totalCount nodes { entries(names: ["shares"]) { availability } } }
}`

test('discovering 250 of 300 videos costs 5 pages, 5 calls for numbers and 2 for reports', async () => {
  await using gateway = await startConnected({ publications: 300 })
  await gateway.settled()
  const { calls } = gateway.simulator
  expect(calls.count({ path: '/youtube/v3/playlistItems' })).toBe(5)
  expect(calls.count({ path: '/youtube/v3/videos' })).toBe(5)
  expect(calls.count({ path: '/v2/reports' })).toBe(2)
  expect(calls.count()).toBe(13)
  const { data } = await gateway.query<{ videos: { totalCount: number } }>(SHOWN)
  expect(data.videos.totalCount).toBe(250)
})

test('without the scope of reports, their numbers are missing for that reason alone', async () => {
  const scopes = [`${GOOGLE}youtube.readonly`]
  await using gateway = await startConnected({ publications: 3, scopes })
  await gateway.settled()
  const { data } = await gateway.query<Record<string, object>>(SHOWN)
  expect(data['account']).toMatchObject({
    freshness: { status: 'SYNCED' },
    connection: { status: 'CONNECTED', missingScopes: [`${GOOGLE}yt-analytics.readonly`] },
  })
  expect(data['publications']).toMatchObject({
    totalCount: 3,
    nodes: [
      {
        normalized: { views: expect.any(Number), shares: null, videoWatchTimeMs: null },
        freshness: { status: 'PARTIAL' },
        entries: [
          { name: 'view_count', availability: 'REPORTED' },
          { name: 'favorite_count', availability: 'RETIRED' },
        ],
      },
    ],
  })
  expect(data['videos']).toMatchObject({
    nodes: [{ entries: [{ availability: 'MISSING_SCOPE' }] }],
  })
})

test('a used-up quota is waited for until midnight in California, and nothing is reconnected', async () => {
  const fault = { kind: 'refused', reason: 'quotaExceeded' } as const
  await using gateway = await startConnected({ publications: 3 }, ({ simulator }) => {
    simulator.faults.add({ platform: 'youtube', fault })
  })
  await expect.poll(() => gateway.simulator.calls.count()).toBe(1)
  const account = async () => (await gateway.query<Record<string, object>>(SHOWN)).data['account']
  await expect.poll(account).toMatchObject({
    freshness: { status: 'PENDING' },
    connection: { status: 'CONNECTED' },
    refreshes: { nodes: [{ status: 'QUEUED' }] },
  })
  expect(gateway.simulator.calls.count()).toBe(1)
})
