import { Agent, type Dispatcher } from 'undici'
import { createConnectors, type HttpLimits } from '../../src/connectors/connectors.ts'
import { platformOrigins } from '../../src/connectors/endpoints.ts'
import type {
  CallContext,
  ConnectedAccount,
  Connector,
  ListedPublication,
  Listing,
  PublicationOutcome,
} from '../../src/domain/connector.ts'
import type { Platform } from '../../src/domain/platform.ts'
import type { AccountPlan, SimulatedAccount } from '../../src/simulator/account.ts'
import { type Simulator, startSimulator } from '../../src/simulator/server.ts'
import { createWorld, type World } from '../../src/simulator/world.ts'
import { NOW, refTo } from './support.ts'

const IDS: Record<Platform, string> = {
  facebook: '100063812447095',
  instagram: '17841406338207715',
  linkedin: '18402257',
  tiktok: '5f0c9d1e-7b42-4c8a-9e35-2a6d10f7b843',
  x: '1483920117645213697',
  youtube: 'UCq7Tn2vXk0bWd9LrE4sYg1A',
}

/** One account on a simulated platform, and the connector that reads it. */
export interface OnSimulator extends AsyncDisposable {
  platform: Platform
  connector: Connector
  account: ConnectedAccount
  context: CallContext
  own: SimulatedAccount
  world: World
  simulator: Simulator
  /** Set `now`, and the platform lives then. */
  clock: { now: Date }
  /** The URLs of all requests, in order. */
  urls: string[]
}

/** What may be different from one account of the simulator with usual limits. */
export interface OnSimulatorOptions {
  plan?: Partial<AccountPlan>
  http?: Partial<HttpLimits>
}

/** Starts a simulated platform, and the connector over a network that remembers URLs. */
export async function startOnSimulator(
  platform: Platform,
  { plan, http }: OnSimulatorOptions = {},
): Promise<OnSimulator> {
  const handle = 'tarnandtide'
  const about = { platform, platformAccountId: IDS[platform], handle }
  const world = createWorld({ seed: 11, accounts: [{ ...about, ...plan }] })
  const [own] = world.accounts
  if (own === undefined) throw new Error('The world is empty.')
  const clock = { now: NOW }
  const simulator = await startSimulator({ world, port: 0, now: () => clock.now })
  const urls: string[] = []
  const agent = new Agent()
  const { connectors, close } = createConnectors({
    origins: { ...platformOrigins(), ...simulator.origins },
    clients: { [platform]: simulator.client },
    http: { retryDelayMs: 1, ...http },
    dispatcher: listeningTo(agent, urls),
  })
  const connector = connectors[platform]
  if (connector === undefined) throw new Error(`${platform} has no connector.`)
  const { accessToken, refreshToken, scopes } = simulator.tokensOf(own)
  const account = {
    account: { ...about, workspaceId: 'w', id: 'acc_1', scopes: [...scopes] },
    ...{ accessToken, refreshToken },
  }
  const { signal } = new AbortController()
  const context = { signal, now: NOW, onUpstreamCall: () => {}, onBudget: () => {} }
  const dispose = async () => {
    await close()
    await agent.destroy()
    await simulator.close()
  }
  const rest = { own, world, simulator, clock, urls, [Symbol.asyncDispose]: dispose }
  return { platform, connector, account, context, ...rest }
}

function listeningTo(agent: Agent, urls: string[]): Dispatcher {
  return agent.compose((dispatch) => (options, handler) => {
    urls.push(`${options.origin}${options.path}`)
    return dispatch(options, handler)
  })
}

/** Everything that the account's listing names, page after page. */
export async function listAll(running: OnSimulator): Promise<ListedPublication[]> {
  const { connector, account, context } = running
  const items: ListedPublication[] = []
  let cursor: string | null = null
  do {
    const page: Listing = await connector.listPublications(account, cursor, context)
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return items
}

/** References to everything that the account has published. */
export function refsOf({ world, own, clock }: OnSimulator) {
  return world.publications(own, clock.now).map((one) => refTo(one.platformPostId, one))
}

/** Reads everything that the account has published, by id. */
export async function lookUpAll(running: OnSimulator): Promise<Map<string, PublicationOutcome>> {
  const { connector, account, context } = running
  const outcomes = await connector.readPublications(account, refsOf(running), context)
  return new Map(outcomes.map((outcome) => [outcome.platformPostId, outcome]))
}
