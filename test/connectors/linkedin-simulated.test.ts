import { expect, test } from 'vitest'
import { createConnectors } from '../../src/connectors/connectors.ts'
import { platformOrigins } from '../../src/connectors/endpoints.ts'
import { metricsOf } from '../../src/domain/catalog/catalog.ts'
import type { Connector, ListedPublication, Listing } from '../../src/domain/connector.ts'
import type { AccountPlan } from '../../src/simulator/account.ts'
import { startSimulator } from '../../src/simulator/server.ts'
import { createWorld } from '../../src/simulator/world.ts'
import { failureOfCall, NOW, refTo } from './support.ts'

const HOUR_MS = 3_600_000

/** One page on the simulated LinkedIn, and the connector that reads it. */
async function startPage(plan: Partial<AccountPlan> = {}) {
  const common = { platform: 'linkedin', platformAccountId: '18402257', handle: 'tarn' } as const
  // The oldest post is younger than the six months for which viewers are kept.
  const world = createWorld({ seed: 11, accounts: [{ ...common, everyHours: 4, ...plan }] })
  const [own] = world.accounts
  if (own === undefined) throw new Error('The world is empty.')
  const clock = { now: NOW }
  const simulator = await startSimulator({ world, port: 0, now: () => clock.now })
  const origins = { ...platformOrigins(), ...simulator.origins }
  const clients = { linkedin: simulator.client }
  const { connectors, close } = createConnectors({ origins, clients, http: { retryDelayMs: 1 } })
  const { accessToken, refreshToken, scopes } = simulator.tokensOf(own)
  const account = {
    account: { ...common, workspaceId: 'w', id: 'acc_1', scopes: [...scopes] },
    ...{ accessToken, refreshToken },
  }
  let calls = 0
  const { signal } = new AbortController()
  const context = { signal, now: NOW, onUpstreamCall: () => void calls++, onBudget: () => {} }
  const dispose = async () => {
    await close()
    await simulator.close()
  }
  const connector = connectors.linkedin as Connector
  const rest = { own, world, clock, simulator, calls: () => calls }
  return { connector, account, context, ...rest, [Symbol.asyncDispose]: dispose }
}

type Page = Awaited<ReturnType<typeof startPage>>

async function listAll({ connector, account, context }: Page) {
  const items: ListedPublication[] = []
  let cursor: string | null = null
  do {
    const page: Listing = await connector.listPublications(account, cursor, context)
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return items
}

const readAll = ({ connector, account, context }: Page, items: ListedPublication[]) =>
  connector.readPublications(
    account,
    items.map(({ platformPostId: id, content }) => refTo(id, content)),
    context,
  )

test('1,000 posts are 10 pages and 21 batches, and a call for each number of a video', async () => {
  await using page = await startPage({ publications: 1000 })
  const items = await listAll(page)
  const listing = page.calls()
  const outcomes = await readAll(page, items)
  const videos = items.filter(({ content }) => content.contentType === 'video')
  const shares = items.filter(({ platformPostId: id }) => id.startsWith('urn:li:share:'))
  const batches = Math.ceil(shares.length / 50) + Math.ceil((1000 - shares.length) / 50)
  expect(outcomes.filter((outcome) => 'reading' in outcome)).toHaveLength(1000)
  expect(listing).toBe(10)
  expect(batches).toBeLessThanOrEqual(21)
  const analytics = metricsOf('linkedin', 'video').length * videos.length
  expect(page.calls() - listing).toBe(batches + analytics)
  await page.connector.readAccount(page.account, page.context)
  expect(page.calls() - listing - batches - analytics).toBe(4 + 1)
})

test('a page’s numbers, and those of its posts, are the ones that LinkedIn has', async () => {
  const content = (index: number) => (index === 3 ? { views: 0 } : {})
  await using page = await startPage({ publications: 120, hasChatter: true, content })
  const { connector, account, context, world, own } = page
  const reading = await connector.readAccount(account, context)
  expect(reading.native).toEqual(world.accountNumbers(own, NOW))
  expect(reading).toMatchObject({ warnings: [], profile: { handle: 'tarn' } })
  const items = await listAll(page)
  const outcomes = await readAll(page, items)
  const byId = new Map(outcomes.map((outcome) => [outcome.platformPostId, outcome]))
  const published = world.publications(own, NOW)
  expect(items.map((item) => item.platformPostId)).toEqual(
    published.map((each) => each.platformPostId),
  )
  expect(items.map((item) => item.content.text)).toEqual(published.map(({ text }) => text))
  for (const post of published) {
    expect(byId.get(post.platformPostId)).toMatchObject({ reading: {} })
    expect(Object(byId.get(post.platformPostId)).reading.native).toEqual(
      world.publicationNumbers(post, NOW),
    )
  }
})

test('a silent post is told from one that is gone', async () => {
  const content = () => ({ views: 0, kind: 'text' as const })
  await using page = await startPage({ publications: 3, content })
  const [first, second] = await listAll(page)
  if (first === undefined || second === undefined) throw new Error('The page is empty.')
  const { faults } = page.simulator
  faults.add({ platform: 'linkedin', id: second.platformPostId, fault: { kind: 'gone' } })
  const context = { ...page.context }
  const outcomes = await readAll({ ...page, context }, [first, second])
  const [silent, gone] = [first, second].map(({ platformPostId }) =>
    outcomes.find((outcome) => outcome.platformPostId === platformPostId),
  )
  expect(silent).toMatchObject({ reading: { native: {} } })
  expect(gone).toMatchObject({ failure: { kind: 'gone', status: 404 } })
})

test('a token is renewed, and the new one works while the old refresh token stays', async () => {
  await using page = await startPage()
  const { connector, account, context, clock } = page
  clock.now = new Date(NOW.getTime() + 61 * 24 * HOUR_MS)
  const later = { ...context, now: clock.now }
  expect((await failureOfCall(connector.readAccount(account, later))).kind).toBe('unauthorized')
  const tokens = await connector.refreshToken(account, later)
  expect(tokens?.refreshToken).toBe(account.refreshToken)
  const renewed = { ...account, accessToken: tokens?.accessToken ?? '' }
  expect((await connector.readAccount(renewed, later)).warnings).toEqual([])
  clock.now = new Date(NOW.getTime() + 366 * 24 * HOUR_MS)
  const failure = await failureOfCall(connector.refreshToken(account, later))
  expect(failure.kind).toBe('unauthorized')
})
