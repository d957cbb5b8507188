import { createConnectors } from '../../src/connectors/connectors.ts'
import type { CallContext, Connector, ListedPublication } from '../../src/domain/connector.ts'
import type { Platform } from '../../src/domain/platform.ts'
import type { AccountPlan } from '../../src/simulator/account.ts'
import { startSimulator } from '../../src/simulator/server.ts'
import { createWorld } from '../../src/simulator/world.ts'
import { NOW } from './support.ts'

/** What an Instagram account grants that was connected through the Facebook login. */
export const FACEBOOK_LOGIN = [
  ...['instagram_basic', 'instagram_manage_insights'],
  ...['pages_read_engagement', 'pages_show_list'],
]

const IDS: Partial<Record<Platform, string>> = {
  facebook: '100063812447095',
  instagram: '17841406338207715',
}

/** One account on a simulated platform of the Graph API, and the connector that reads it. */
export async function startGraphAccount(platform: Platform, plan: Partial<AccountPlan> = {}) {
  const platformAccountId = IDS[platform] ?? ''
  const world = createWorld({
    seed: 11,
    accounts: [{ platform, platformAccountId, handle: 'tarnandtide', ...plan }],
  })
  const [own] = world.accounts
  if (own === undefined) throw new Error('The world is empty.')
  const simulator = await startSimulator({ world, port: 0, now: () => NOW })
  const { connectors, close } = createConnectors({
    origins: simulator.origins,
    clients: {},
    http: { retryDelayMs: 1 },
  })
  const { accessToken, scopes } = simulator.tokensOf(own)
  const names = { workspaceId: 'w', id: 'acc_1', handle: null }
  const account = {
    account: { ...names, platform, platformAccountId, scopes: [...scopes] },
    accessToken,
    refreshToken: null,
  }
  const context: CallContext = {
    signal: new AbortController().signal,
    now: NOW,
    onUpstreamCall: () => undefined,
    onBudget: () => undefined,
  }
  const connector = connectors[platform] as Connector
  const dispose = async () => {
    await close()
    await simulator.close()
  }
  return { connector, account, context, own, world, simulator, [Symbol.asyncDispose]: dispose }
}

/** A running account, as tests pass it on. */
export type GraphAccount = Awaited<ReturnType<typeof startGraphAccount>>

/** Everything that the account's listing names, page after page. */
export async function listAll({ connector, account, context }: GraphAccount) {
  const items: ListedPublication[] = []
  let cursor: string | null = null
  do {
    const page = await connector.listPublications(account, cursor, context)
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return items
}
