import { createTokenCipher } from '../../src/auth/tokens.ts'
import { createConnectors } from '../../src/connectors/connectors.ts'
import { platformOrigins } from '../../src/connectors/endpoints.ts'
import type { QuotaSizes } from '../../src/connectors/quotas.ts'
import type { Account } from '../../src/domain/account.ts'
import type { Platform } from '../../src/domain/platform.ts'
import type { Publication } from '../../src/domain/publication.ts'
import type { Refresh } from '../../src/domain/refresh.ts'
import { connectAccount } from '../../src/refresh/connections.ts'
import {
  REFRESH_LIMITS,
  type RefreshDependencies,
  type RefreshLimits,
} from '../../src/refresh/dependencies.ts'
import { runRefresh } from '../../src/refresh/engine.ts'
import { type AccountRefreshAnswer, requestAccountRefresh } from '../../src/refresh/requests.ts'
import type { AccountPlan, PlannedContent } from '../../src/simulator/account.ts'
import { type Simulator, startSimulator } from '../../src/simulator/server.ts'
import { createWorld } from '../../src/simulator/world.ts'
import { accountsByIds } from '../../src/store/accounts.ts'
import type { Jobs, RefreshJob } from '../../src/store/jobs.ts'
import { publicationsOfAccount } from '../../src/store/publications.ts'
import { refreshesByIds } from '../../src/store/refreshes.ts'
import { insertWorkspace } from '../../src/store/workspaces.ts'
import type { TestStore } from '../support/database.ts'

/** When every scene begins. */
export const START = new Date('2026-11-20T10:15:00Z')

/** So much later everything is stale. */
export const STALE_SECONDS = 7 * 3600

const IDS: Record<Platform, string> = {
  facebook: '100063812447095',
  instagram: '17841406338207715',
  linkedin: '18402257',
  tiktok: '5f0c9d1e-7b42-4c8a-9e35-2a6d10f7b843',
  x: '1483920117645213697',
  youtube: 'UCq7Tn2vXk0bWd9LrE4sYg1A',
}

/** One account of one platform, alone in its workspace, on a platform and a clock of its own. */
export interface Scene extends AsyncDisposable {
  platform: Platform
  workspaceId: string
  simulator: Simulator
  /** What the newest publication of the account is from now on. */
  newest: { content: PlannedContent }
  now(): Date
  advance(seconds: number): void
  /** What refreshes run with. */
  deps: RefreshDependencies
  /** Connects the account, or connects it again, with fresh tokens that last so long. */
  connect(tokenSeconds: number): Promise<Account>
  /** Starts the connectors anew, with other choices. */
  restart(choices: ConnectorChoices): Promise<void>
  wish(): Promise<AccountRefreshAnswer>
  /** Runs a refresh once, as a worker does, and answers it as it is then. */
  run(refresh: Pick<Refresh, 'id'>, attempt?: number): Promise<Refresh>
  /** The jobs that were queued for the account, in order. */
  queued: RefreshJob[]
  account(): Promise<Account>
  /** The account's publications by the platform's ids. */
  publications(): Promise<Record<string, Publication>>
}

/** What scenes share, and what one of them may have of its own. */
export interface SceneOptions {
  store: TestStore
  jobs: Jobs
  platform: Platform
  workspaceId: string
  /** What the account is like beside the usual. */
  plan?: Partial<AccountPlan>
  limits?: Partial<RefreshLimits>
  /** What stands between the platform and us: it is told the platform’s URL, and tells its own. */
  through?(url: string): string
}

/** What may be configured otherwise. */
export interface ConnectorChoices {
  /** What our application believes its secret to be. */
  clientSecret?: string
  deadlineMs?: number
  attemptsMax?: number
  circuitFailures?: number
  bodyMaxBytes?: number
  quotas?: QuotaSizes
}

/** Sets a scene: an account with three publications, the newest one of four days ago. */
export async function openScene(options: SceneOptions): Promise<Scene> {
  const { platform, store, workspaceId } = options
  const clock = { now: START }
  const newest = { content: {} as PlannedContent }
  const simulator = await startSimulator({
    world: worldOf(options, newest),
    port: 0,
    now: () => clock.now,
  })
  const { deps, queued, restart, close } = dependenciesOf(options, simulator, () => clock.now)
  const limits = { refreshCooldownHours: 0, refreshMonthlyQuota: null }
  await insertWorkspace(store.db, { id: workspaceId, name: 'S', createdAt: START, ...limits })
  const dispose = async () => {
    await close()
    await simulator.close()
  }
  return {
    ...verbsOf(deps, workspaceId, simulator),
    ...{ platform, workspaceId, simulator, newest, queued, deps, now: deps.now, restart },
    advance: (seconds) => {
      clock.now = new Date(clock.now.getTime() + seconds * 1000)
    },
    [Symbol.asyncDispose]: dispose,
  }
}

function worldOf({ platform, plan }: SceneOptions, newest: { content: PlannedContent }) {
  // Facebook's reels answer with all that they have: none of their metrics is asked for by name.
  const [first, second] =
    platform === 'facebook' ? (['image', 'video'] as const) : (['video', 'image'] as const)
  const kinds = [first, second, 'text'] as const
  const account = {
    ...{ platform, platformAccountId: IDS[platform], handle: 'tarnandtide' },
    ...{ publications: 3, everyHours: 24, followersPerDay: 600_000, views: 2_000_000 },
    newestAt: new Date(START.getTime() - 4 * 86_400_000),
    content: (index: number) => ({
      kind: kinds[index] ?? 'text',
      ...(index === 0 ? newest.content : {}),
    }),
  }
  return createWorld({ seed: 11, accounts: [{ ...account, ...plan }] })
}

function dependenciesOf(
  { store, jobs, platform, limits, through }: SceneOptions,
  simulator: Simulator,
  now: () => Date,
) {
  const origins = Object.entries(simulator.origins).map(([name, origin]) => {
    const { origin: url } = new URL(origin)
    return [name, origin.replace(url, through?.(url) ?? url)]
  })
  const upstream = { client: simulator.client, origins: Object.fromEntries(origins) }
  let connected = connectTo(upstream, platform, {})
  const queued: RefreshJob[] = []
  let ids = 0
  const deps: RefreshDependencies = {
    ...{ db: store.db, connectors: connected.connectors, now },
    limits: { ...REFRESH_LIMITS, ...limits },
    jobs: {
      ...jobs,
      async enqueueRefresh(db, job) {
        await jobs.enqueueRefresh(db, job)
        queued.push(job)
      },
    },
    cipher: createTokenCipher(new Uint8Array(32).fill(7)),
    newId: () => `id_${(ids++).toString().padStart(4, '0')}`,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  }
  const close = () => connected.close()
  const restart = async (choices: ConnectorChoices) => {
    await close()
    connected = connectTo(upstream, platform, choices)
    deps.connectors = connected.connectors
  }
  return { deps, queued, restart, close }
}

function connectTo(
  { client, origins }: Pick<Simulator, 'client' | 'origins'>,
  platform: Platform,
  { clientSecret, quotas = {}, ...http }: ConnectorChoices,
) {
  return createConnectors({
    origins: { ...platformOrigins(), ...origins },
    clients: { [platform]: { id: client.id, secret: clientSecret ?? client.secret } },
    http: { retryDelayMs: 1, ...http },
    quotas,
  })
}

type Verbs = 'connect' | 'wish' | 'run' | 'account' | 'publications'

function verbsOf(
  deps: RefreshDependencies,
  workspaceId: string,
  simulator: Simulator,
): Pick<Scene, Verbs> {
  const account = async () => found((await accountsByIds(deps.db, workspaceId, ['acc_1']))[0])
  return {
    account,
    connect: (tokenSeconds) => connect(deps, workspaceId, simulator, tokenSeconds),
    wish: () =>
      requestAccountRefresh(deps, workspaceId, { accountId: 'acc_1', idempotencyKey: null }),
    async run({ id }, attempt = 1) {
      await runRefresh(deps, workspaceId, id, attempt)
      return found((await refreshesByIds(deps.db, workspaceId, [id]))[0])
    },
    async publications() {
      const rows = await publicationsOfAccount(deps.db, workspaceId, 'acc_1', 100)
      return Object.fromEntries(rows.map((row) => [row.platformPostId, row]))
    },
  }
}

async function connect(
  deps: RefreshDependencies,
  workspaceId: string,
  simulator: Simulator,
  accessSeconds: number,
) {
  const own = found(simulator.world.accounts[0])
  const grant = simulator.tokensOf(own, { accessSeconds })
  const { accessToken, refreshToken, expiresAt, scopes } = grant
  const answer = await connectAccount(deps, workspaceId, {
    ...{ platform: own.platform, platformAccountId: own.platformAccountId },
    ...{ accessToken, refreshToken, tokenExpiresAt: expiresAt, scopes },
    ...{ handle: null, localId: 'acc_1' },
  })
  if (answer.kind !== 'connected') throw new Error(answer.message)
  return answer.account
}

/** The value; throws when there is none. */
export function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('There is no such thing in the scene.')
  return value
}
