import { expect, test } from 'vitest'
import { createConnectors } from '../../src/connectors/connectors.ts'
import type { Connector, ListedPublication, Listing } from '../../src/domain/connector.ts'
import type { Platform } from '../../src/domain/platform.ts'
import type { AccountPlan } from '../../src/simulator/account.ts'
import { startSimulator } from '../../src/simulator/server.ts'
import { createWorld } from '../../src/simulator/world.ts'
import { failureOfCall, NOW, refTo } from './support.ts'

const IDS: Partial<Record<Platform, string>> = {
  x: '1483920117645213697',
  tiktok: '5f0c9d1e-7b42-4c8a-9e35-2a6d10f7b843',
  instagram: '17841406338207715',
}

/** One account on a simulated platform, and the connector that reads it. */
async function startAccount(platform: Platform, plan: Partial<AccountPlan> = {}) {
  const platformAccountId = IDS[platform] ?? ''
  const world = createWorld({
    seed: 11,
    accounts: [{ platform, platformAccountId, handle: 'tarnandtide', ...plan }],
  })
  const [own] = world.accounts
  if (own === undefined) throw new Error('The world is empty.')
  const simulator = await startSimulator({ world, port: 0, now: () => NOW })
  const clients = { [platform]: simulator.client }
  const { connectors, close } = createConnectors({ origins: simulator.origins, clients })
  const { accessToken, refreshToken, scopes } = simulator.tokensOf(own)
  const account = {
    account: {
      workspaceId: 'w',
      id: 'acc_1',
      platform,
      platformAccountId,
      handle: own.handle,
      scopes: [...scopes],
    },
    accessToken,
    refreshToken,
  }
  let calls = 0
  const { signal } = new AbortController()
  const context = { signal, now: NOW, onUpstreamCall: () => void calls++, onBudget: () => {} }
  const dispose = async () => {
    await close()
    await simulator.close()
  }
  const connector = connectors[platform] as Connector
  const rest = { own, world, simulator, calls: () => calls, [Symbol.asyncDispose]: dispose }
  return { connector, account, context, ...rest }
}

async function listAll({ connector, account, context }: Awaited<ReturnType<typeof startAccount>>) {
  const items: ListedPublication[] = []
  const accounts: Listing['account'][] = []
  let cursor: string | null = null
  do {
    const page: Listing = await connector.listPublications(account, cursor, context)
    items.push(...page.items)
    accounts.push(page.account)
    cursor = page.nextCursor
  } while (cursor !== null)
  return { items, accounts: accounts.filter((each) => each !== null) }
}

test('250 posts on X, young and old, with the account among them, cost 4 calls', async () => {
  await using running = await startAccount('x', { publications: 250, everyHours: 6 })
  const { items, accounts } = await listAll(running)
  expect(items).toHaveLength(250)
  expect(accounts).toHaveLength(1)
  expect(running.calls()).toBeLessThanOrEqual(4)
  expect(items.flatMap((item) => item.reading?.warnings ?? [])).toEqual([])
})

test('60 videos on TikTok are three pages, and the account one call', async () => {
  await using running = await startAccount('tiktok', { publications: 60 })
  const { items } = await listAll(running)
  const { native } = await running.connector.readAccount(running.account, running.context)
  expect(items).toHaveLength(60)
  expect(running.calls()).toBe(4)
  expect(native).toEqual(running.world.accountNumbers(running.own, NOW))
})

test('120 media on Instagram are three pages and a call for each reel', async () => {
  await using running = await startAccount('instagram', { publications: 120 })
  const { items } = await listAll(running)
  const reels = items.filter((item) => item.content.contentType === 'reel')
  expect(items).toHaveLength(120)
  expect(running.calls()).toBe(3 + reels.length)
})

test.each<Platform>(['x', 'tiktok', 'instagram'])(
  'on %s a listing and a look-up tell the same numbers, which are the platform’s own',
  async (platform) => {
    await using running = await startAccount(platform)
    const { connector, account, context, world, own } = running
    const { items } = await listAll(running)
    const refs = items.map(({ platformPostId: id, content }) => refTo(id, content))
    const outcomes = await connector.readPublications(account, refs, context)
    const readings = new Map(outcomes.map((each) => [each.platformPostId, each]))
    const published = new Map(
      world.publications(own, NOW).map((each) => [each.platformPostId, each]),
    )
    for (const { platformPostId: id, reading } of items) {
      expect(readings.get(id)).toMatchObject({ reading: { native: reading?.native } })
      const publication = published.get(id)
      if (publication === undefined || reading === null) throw new Error(`${id} is nobody’s.`)
      expect(world.publicationNumbers(publication, NOW)).toMatchObject(reading.native)
    }
    expect(items.length).toBeGreaterThan(40)
  },
)

test('a token of X is exchanged once: the old one is dead, the new one works', async () => {
  await using running = await startAccount('x')
  const { connector, account, context } = running
  const tokens = await connector.refreshToken(account, context)
  if (tokens === null) throw new Error('There are no new tokens.')
  const failure = await failureOfCall(connector.refreshToken(account, context))
  expect(failure.kind).toBe('unauthorized')
  const { accessToken, refreshToken } = tokens
  const reading = await connector.readAccount({ ...account, accessToken, refreshToken }, context)
  expect(reading.profile.handle).toBe('tarnandtide')
})

test('X is read in its newer spelling when it takes no other', async () => {
  await using running = await startAccount('x')
  running.simulator.switches.xVocabulary = 'new_only'
  const { items, accounts } = await listAll(running)
  expect(items).toHaveLength(48)
  expect(items[0]?.reading?.native).toHaveProperty('retweet_count')
  expect(accounts[0]?.native).toHaveProperty('tweet_count')
})
