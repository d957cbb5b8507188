import { expect, test } from 'vitest'
import { createConnectors } from '../../src/connectors/connectors.ts'
import type {
  CallContext,
  ConnectedAccount,
  Connector,
  ListedPublication,
  Listing,
} from '../../src/domain/connector.ts'
import type { AccountPlan } from '../../src/simulator/account.ts'
import { startSimulator } from '../../src/simulator/server.ts'
import { createWorld } from '../../src/simulator/world.ts'
import { failureOfCall, NOW, refTo } from './support.ts'

const CHANNEL = 'UCq7Tn2vXk0bWd9LrE4sYg1A'

const DATA = /^\/youtube\/v3\//
const REPORTS = '/v2/reports'

/** A channel on the simulated YouTube, and the connector that reads it. */
async function startChannel(plan: Partial<AccountPlan> = {}) {
  const handle = 'tarnandtide'
  const accounts = [{ platform: 'youtube' as const, platformAccountId: CHANNEL, handle, ...plan }]
  const world = createWorld({ seed: 11, accounts })
  const [own] = world.accounts
  if (own === undefined) throw new Error('The world is empty.')
  const simulator = await startSimulator({ world, port: 0, now: () => NOW })
  const { connectors, close } = createConnectors({
    origins: simulator.origins,
    clients: { youtube: simulator.client },
    http: { retryDelayMs: 1 },
  })
  const { accessToken, refreshToken, scopes } = simulator.tokensOf(own)
  const about = {
    workspaceId: 'w',
    id: 'acc_1',
    platform: 'youtube' as const,
    platformAccountId: CHANNEL,
    handle,
  }
  const account: ConnectedAccount = {
    ...{ account: { ...about, scopes: [...scopes] }, accessToken, refreshToken },
  }
  const context: CallContext = {
    ...{ signal: new AbortController().signal, now: NOW, onUpstreamCall: () => undefined },
    onBudget: () => undefined,
  }
  const dispose = async () => {
    await close()
    await simulator.close()
  }
  const connector = connectors.youtube as Connector
  return { connector, account, context, own, world, simulator, [Symbol.asyncDispose]: dispose }
}

type Running = Awaited<ReturnType<typeof startChannel>>

async function listAll({ connector, account, context }: Running): Promise<ListedPublication[]> {
  const items: ListedPublication[] = []
  let cursor: string | null = null
  do {
    const page: Listing = await connector.listPublications(account, cursor, context)
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return items
}

async function readAll(running: Running, items: readonly ListedPublication[]) {
  const { connector, account, context } = running
  const refs = items.map(({ platformPostId, content }) => refTo(platformPostId, content))
  const outcomes = await connector.readPublications(account, refs, context)
  return outcomes.flatMap((outcome) => {
    if ('failure' in outcome) throw new Error(outcome.failure.message)
    return [{ id: outcome.platformPostId, ...outcome.reading }]
  })
}

test('1,000 videos cost 20 pages, 20 calls for numbers and 5 for reports', async () => {
  await using running = await startChannel({ publications: 1000, everyHours: 6 })
  const { calls } = running.simulator
  const items = await listAll(running)
  expect(items).toHaveLength(1000)
  expect(calls.count()).toBe(20)
  calls.clear()
  expect(await readAll(running, items)).toHaveLength(1000)
  expect(calls.count({ path: DATA })).toBe(20)
  expect(calls.count({ path: REPORTS })).toBe(5)
  expect(calls.count()).toBe(25)
})

test('videos and the channel have the numbers of the world, and nothing that is not due', async () => {
  await using running = await startChannel()
  const { connector, account, context, world, own } = running
  const published = new Map(world.publications(own, NOW).map((one) => [one.platformPostId, one]))
  const readings = await readAll(running, await listAll(running))
  expect(readings).toHaveLength(48)
  for (const { id, native, content, warnings } of readings) {
    const publication = published.get(id) ?? expect.fail(`${id} is nobody’s.`)
    expect(native).toEqual(world.publicationNumbers(publication, NOW))
    expect(warnings).toEqual([])
    expect(content).toMatchObject({
      ...{ url: publication.url, contentType: publication.contentType },
      publishedAt: publication.publishedAt,
      durationSeconds: Math.round(publication.durationSeconds ?? 0),
    })
  }
  const reading = await connector.readAccount(account, context)
  expect(reading.native).toEqual(world.accountNumbers(own, NOW))
  expect(reading).toMatchObject({ missing: {}, warnings: [], profile: { handle: own.handle } })
})

test('numbers that a video has no report for yet are named as not yet available', async () => {
  await using running = await startChannel({ publications: 2, newestAt: NOW, everyHours: 96 })
  const [young, older] = await readAll(running, await listAll(running)).then((readings) =>
    readings.toSorted((a, b) => Object.keys(b.missing).length - Object.keys(a.missing).length),
  )
  expect(young?.missing).toMatchObject({
    shares: 'not_yet_available',
    estimated_minutes_watched: 'not_yet_available',
    average_view_duration_seconds: 'not_yet_available',
  })
  expect(young?.warnings).toEqual([])
  expect(older?.native).toHaveProperty('estimated_minutes_watched')
})

test('private uploads are not listed, and a deleted one is gone', async () => {
  await using running = await startChannel({
    ...{ publications: 5, newestAt: NOW },
    content: (index) => (index === 1 ? { isPrivate: true } : {}),
  })
  const { connector, account, context, simulator } = running
  const items = await listAll(running)
  expect(items).toHaveLength(4)
  const [first = ''] = items.map((item) => item.platformPostId)
  simulator.faults.add({ platform: 'youtube', id: first, fault: { kind: 'gone' } })
  const outcomes = await connector.readPublications(account, items.map(toRef), context)
  const failed = outcomes.filter((outcome) => 'failure' in outcome)
  expect(failed).toMatchObject([{ platformPostId: first, failure: { kind: 'gone' } }])
})

const toRef = ({ platformPostId, content }: ListedPublication) => refTo(platformPostId, content)

test('a channel without uploads has an empty listing', async () => {
  await using running = await startChannel({ publications: 0 })
  expect(await listAll(running)).toEqual([])
})

test('a channel that hides its subscribers has no number of them, and no warning', async () => {
  await using running = await startChannel({ withheld: ['subscriber_count'] })
  const { connector, account, context } = running
  const { native, missing, warnings } = await connector.readAccount(account, context)
  expect(native).toMatchObject({ hidden_subscriber_count: 1 })
  expect(missing).toEqual({ subscriber_count: 'not_reported' })
  expect(warnings).toEqual([])
})

test('a token is exchanged again and again, and a revoked one is not', async () => {
  await using running = await startChannel()
  const { connector, account, context, simulator } = running
  for (let time = 0; time < 2; time += 1) {
    const tokens = await connector.refreshToken(account, context)
    expect(tokens).toMatchObject({ refreshToken: null, scopes: account.account.scopes })
    const accessToken = tokens?.accessToken ?? ''
    await connector.readAccount({ ...account, accessToken }, context)
  }
  simulator.faults.add({ platform: 'youtube', path: '/token', fault: { kind: 'revoked_token' } })
  const failure = await failureOfCall(connector.refreshToken(account, context))
  expect(failure.kind).toBe('unauthorized')
})

test('two answers of a backend in trouble are asked for again', async () => {
  await using running = await startChannel()
  const { connector, account, context, simulator } = running
  simulator.faults.add({ platform: 'youtube', times: 2, fault: { kind: 'unavailable' } })
  expect((await connector.readAccount(account, context)).warnings).toEqual([])
  expect(simulator.calls.count()).toBe(3)
})
