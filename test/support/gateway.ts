import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { v7 as uuid } from 'uuid'
import { inject } from 'vitest'
import { type App, type AppOptions, startApp } from '../../src/app.ts'
import { createApiKey } from '../../src/auth/keys.ts'
import { SCOPES, type Scope } from '../../src/auth/scopes.ts'
import { createTokenCipher } from '../../src/auth/tokens.ts'
import { tellStatement } from '../../src/cli/database.ts'
import { type Config, readConfig } from '../../src/config.ts'
import type { Account } from '../../src/domain/account.ts'
import type { Log } from '../../src/domain/log.ts'
import type { TokenCipher } from '../../src/domain/secrets.ts'
import type { AccountPlan, SimulatedAccount } from '../../src/simulator/account.ts'
import { type Simulator, startSimulator } from '../../src/simulator/server.ts'
import type { GrantOptions } from '../../src/simulator/tokens.ts'
import { createWorld } from '../../src/simulator/world.ts'
import type { Db } from '../../src/store/connect.ts'
import { insertWorkspace } from '../../src/store/workspaces.ts'
import { openTestStore, type TestStore } from './database.ts'
import { watchLeaks } from './leaks.ts'

/** When tests take place unless they say otherwise. */
export const NOW = new Date('2026-06-29T09:00:00Z')

/** The workspace that a test's key belongs to. */
export const WORKSPACE = 'ws_test'

const SETTLE_TIMEOUT_MS = 20_000
const LOOK_AGAIN_MS = 10

/** What a test may choose of its gateway. */
export interface GatewayOptions {
  now?: Date
  backend?: 'pglite' | 'postgres'
  /** The simulated accounts; three brands on every platform by default. */
  accounts?: AccountPlan[]
  /** Environment variables, as the process would have them; the scheduler is off by default. */
  environment?: Record<string, string>
  /** Whether refreshes are worked off; true by default. */
  isWorker?: boolean
  /** Whether it listens, at `app.url`; it does not by default. */
  isServing?: boolean
  /** Where it logs; left out: `logged` has it. */
  log?: Log
  /** What hears of its requests. */
  watching?: AppOptions['watching']
  /** What seals tokens; a key of every gateway's by default. */
  cipher?: TokenCipher
  /** Hours between two refreshes of an account that are asked for; left out: as configured. */
  cooldownHours?: number
}

/** What a GraphQL endpoint answers. */
export interface Answer<Data> {
  data: Data
  errors?: { message: string; extensions: { code: string } }[]
  extensions?: Record<string, unknown>
}

/** A whole gateway of this process: own database, own platforms, own clock. */
export interface Gateway extends AsyncDisposable {
  app: App
  db: Db
  simulator: Simulator
  /** Set `now`, and the gateway and the platforms live then. */
  clock: { now: Date }
  /** A key with every scope. */
  key: string
  /** The statements of the last `query` or `rest`, without those that check the key. */
  statements: string[]
  /** Every statement since somebody last emptied the list. */
  heard: string[]
  /** Errors and warnings that were logged. */
  logged: { fields: object; message: string }[]
  query<Data = Record<string, never>, Variables = Record<string, unknown>>(
    document: string | TypedDocumentNode<Data, Variables>,
    variables?: Variables,
  ): Promise<Answer<Data>>
  /** Sends a request to a REST API, with the key unless it shows another; counts statements too. */
  rest(path: string, init?: RequestInit): Promise<Response>
  /** Sends any request to the GraphQL endpoint. */
  fetch(init?: RequestInit, search?: string): Promise<Response>
  keyWith(scopes: Scope[], workspaceId?: string): Promise<string>
  /** Connects a simulated account; its first refresh is queued. */
  connect(account: SimulatedAccount, options?: ConnectOptions): Promise<Account>
  /** Resolves when no refresh is queued or under way. */
  settled(): Promise<void>
}

/** How an account is connected. */
export interface ConnectOptions extends Partial<GrantOptions> {
  localId?: string
}

/** Starts a gateway. Its disposal fails when it left a timer or a connection behind. */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const clock = { now: options.now ?? NOW }
  const trace = options.watching?.trace
  const heard: string[] = []
  const store = await openTestStore({
    backend: options.backend ?? 'pglite',
    onStatement: (sql) => heard.push(sql),
    ...(trace && { onStatementEnd: (end) => tellStatement(trace, end) }),
  })
  // The database outlives the gateway: the next test may have it.
  const leaks = watchLeaks()
  const world = createWorld({ seed: 1, ...(options.accounts && { accounts: options.accounts }) })
  const simulator = await startSimulator({ world, port: 0, now: () => clock.now })
  const { log, logged } = createTestLog()
  const app = await startTestApp({
    ...{ options, store, simulator, clock },
    log: options.log ?? log,
  })
  await addWorkspace(store.db, WORKSPACE, clock.now, options.cooldownHours ?? null)
  const key = await addKey(store.db, WORKSPACE, SCOPES)
  const gateway = { app, db: store.db, simulator, clock, key, heard, logged }
  const end = async () => {
    await app.stop()
    await simulator.close()
    await store.close()
    await leaks.assertNone()
  }
  return { ...gateway, ...verbsOf(gateway, heard), [Symbol.asyncDispose]: end }
}

interface Parts {
  options: GatewayOptions
  store: TestStore
  simulator: Simulator
  clock: { now: Date }
  log: Log
}

function startTestApp({ options, store, simulator, clock, log }: Parts): Promise<App> {
  const config: Config = readConfig({
    WEIR_SCHEDULER: 'off',
    WEIR_GRAPHQL_COMPILER: inject('graphqlCompiler'),
    ...options.environment,
  })
  return startApp({
    config: {
      ...config,
      clients: Object.fromEntries(
        simulator.world.accounts.map(({ platform }) => [platform, simulator.client]),
      ),
    },
    ...{ store, log, origins: simulator.origins },
    ...(options.watching && { watching: options.watching }),
    cipher: options.cipher ?? createTokenCipher(new Uint8Array(32).fill(7)),
    listen: options.isServing ? { host: '127.0.0.1', port: 0 } : null,
    isWorker: options.isWorker ?? true,
    ...{ now: () => clock.now, newId: () => uuid(), random: () => 0.5 },
  })
}

function createTestLog(): { log: Log; logged: Gateway['logged'] } {
  const logged: Gateway['logged'] = []
  const keep = (fields: object, message: string) => void logged.push({ fields, message })
  return { log: { info: () => {}, warn: keep, error: keep }, logged }
}

/** Adds a workspace. */
export async function addWorkspace(
  db: Db,
  id: string,
  createdAt: Date,
  refreshCooldownHours: number | null = null,
): Promise<void> {
  const limits = { refreshCooldownHours, refreshMonthlyQuota: null }
  await insertWorkspace(db, { id, name: id, createdAt, ...limits })
}

async function addKey(db: Db, workspaceId: string, scopes: readonly Scope[]): Promise<string> {
  const id = uuid()
  const request = { id, name: id, prefix: 'test', scopes, createdAt: NOW, expiresAt: null }
  const created = await createApiKey(db, workspaceId, request)
  if (created === null) throw new Error(`There is no workspace ${workspaceId}.`)
  return created.text
}

type Base = Pick<Gateway, 'app' | 'db' | 'simulator' | 'clock' | 'key'>

function verbsOf(gateway: Base, heard: string[]) {
  const { app, db, key } = gateway
  const statements: string[] = []
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  return {
    statements,
    query: async <Data, Variables>(
      document: string | TypedDocumentNode<Data, Variables>,
      variables?: Variables,
    ): Promise<Answer<Data>> => {
      // What it costs to check the key is not the query's.
      await app.authenticator.authenticate(headers.authorization)
      await app.authenticator.settle()
      heard.length = 0
      const text = typeof document === 'string' ? document : print(document)
      const body = JSON.stringify({ query: text, variables })
      const response = await app.graphql.fetch(ENDPOINT, { method: 'POST', headers, body })
      const answer = (await response.json()) as Answer<Data>
      statements.splice(0, statements.length, ...heard)
      return answer
    },
    rest: async (path: string, init: RequestInit = {}) => {
      await app.authenticator.authenticate(headers.authorization)
      await app.authenticator.settle()
      // Nor what it costs to follow the data of its workspace.
      await app.versions.current(WORKSPACE)
      heard.length = 0
      const shown = new Headers(init.headers)
      if (!['authorization', 'x-api-key'].some((name) => shown.has(name))) {
        shown.set('authorization', headers.authorization)
      }
      const request = new Request(new URL(path, ENDPOINT), { ...init, headers: shown })
      const response = await app.rest.fetch(request)
      statements.splice(0, statements.length, ...heard)
      return response
    },
    fetch: async (init: RequestInit = {}, search = '') =>
      app.graphql.fetch(`${ENDPOINT}${search}`, init),
    keyWith: (scopes: Scope[], workspaceId = WORKSPACE) => addKey(db, workspaceId, scopes),
    connect: (account: SimulatedAccount, options?: ConnectOptions) =>
      connect(gateway, account, options),
    settled: () => settled(db),
  }
}

const ENDPOINT = 'http://gateway.test/graphql'

async function connect(
  { app, simulator }: Base,
  account: SimulatedAccount,
  { localId, ...grant }: ConnectOptions = {},
): Promise<Account> {
  const tokens = simulator.tokensOf(account, grant)
  const answer = await app.commands.connectAccount(WORKSPACE, {
    platform: account.platform,
    platformAccountId: account.platformAccountId,
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    tokenExpiresAt: tokens.expiresAt,
    scopes: tokens.scopes,
    handle: null,
    localId: localId ?? null,
  })
  if (answer.kind !== 'connected') throw new Error(answer.message)
  return answer.account
}

/** Resolves when no refresh is queued or under way. */
export async function settled(db: Db, timeoutMs: number = SETTLE_TIMEOUT_MS): Promise<void> {
  const giveUpAt = Date.now() + timeoutMs
  for (;;) {
    const active = await db
      .selectFrom('refresh')
      .select(['workspace_id', 'id'])
      .where('status', 'in', ['queued', 'running'])
      .execute()
    if (active.length === 0) return
    if (Date.now() > giveUpAt) throw new Error(`Still active: ${JSON.stringify(active)}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
}
