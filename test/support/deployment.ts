import { v7 as uuid } from 'uuid'
import { createApiKey } from '../../src/auth/keys.ts'
import { SCOPES } from '../../src/auth/scopes.ts'
import type { AccountPlan } from '../../src/simulator/account.ts'
import { type Simulator, startSimulator } from '../../src/simulator/server.ts'
import { createWorld } from '../../src/simulator/world.ts'
import type { Db } from '../../src/store/connect.ts'
import { openTestStore, type TestStoreOptions } from './database.ts'
import { type Answer, settled } from './gateway.ts'
import { importInto, SECRET_KEY } from './importing.ts'
import { startWeir, type WeirProcess } from './weir.ts'

/** What a test may choose of its deployment. */
export interface DeploymentOptions {
  /** How many accounts there are: `acc-0`, `acc-1` … */
  accounts: number
  /** How many publications each of them has. */
  publications?: number
  /** The month's quota of the workspace `w`; left out: as configured. */
  monthlyQuota?: number
  /** The PostgreSQL server; by default the one that the run shares. */
  server?: TestStoreOptions['server']
}

/** A process that serves. */
export interface Server extends WeirProcess {
  /** Where the graph is. */
  url: string
  ask<Data>(query: string, variables?: Record<string, unknown>): Promise<Answer<Data>>
}

/**
 * Real processes on one PostgreSQL database, with simulated platforms, at the time that it is.
 * Its disposal ends the processes that are left, and fails when one of them did not end well.
 */
export interface Deployment extends AsyncDisposable {
  db: Db
  simulator: Simulator
  /** How whoever asks says who he is. */
  headers: Record<string, string>
  /** Starts processes that serve, and waits until all listen. */
  serve(count: number, options?: ProcessOptions): Promise<Server[]>
  /** Starts a process that refreshes, and waits until it does. */
  work(environment?: Record<string, string>): Promise<WeirProcess>
  /** Ends a process without a word. */
  kill(running: WeirProcess): Promise<void>
  /** Every refresh, the oldest first, once none is queued or under way. */
  ended(timeoutMs?: number): Promise<Ended[]>
  /** Whose numbers were kept, by the account's or publication's id, as often as they were. */
  snapshots(): Promise<string[]>
}

/** A refresh that has ended. */
export interface Ended {
  accountId: string
  status: string
  origin: string
  upstreamCalls: number
}

/** What a test may choose of a process. */
export interface ProcessOptions {
  /** Words behind `serve`. */
  words?: string[]
  environment?: Record<string, string>
}

/** Whose accounts these are. */
export const WORKSPACE = 'w'

/** Opens a deployment in which nothing runs yet. */
export async function openDeployment(options: DeploymentOptions): Promise<Deployment> {
  const { server } = options
  const store = await openTestStore({ backend: 'postgres', ...(server && { server }) })
  const world = createWorld({ seed: 1, accounts: plansOf(options) })
  const simulator = await startSimulator({ world, port: 0, now: () => new Date() })
  const headers = await fill(store.db, simulator, options)
  const environment = {
    ...{ DATABASE_URL: store.databaseUrl ?? '', WEIR_SCHEDULER: 'off', ...simulator.origins },
    WEIR_SECRET_KEY: Buffer.from(SECRET_KEY).toString('base64'),
  }
  const running = new Set<WeirProcess>()
  const start = (words: string[], more: Record<string, string> = {}) => {
    const started = startWeir(words, { ...environment, ...more })
    running.add(started)
    return started
  }
  const serve = async ({ words = [], environment: more }: ProcessOptions): Promise<Server> =>
    toServer(start(['serve', ...words], more), headers)
  return {
    ...{ db: store.db, simulator, headers },
    serve: (count, more = {}) => Promise.all(Array.from({ length: count }, () => serve(more))),
    async work(more) {
      const worker = start(['worker'], more)
      await worker.until(/worker started/, 'errors')
      return worker
    },
    async kill(victim) {
      running.delete(victim)
      await victim.stop('SIGKILL')
    },
    async ended(timeoutMs) {
      await settled(store.db, timeoutMs)
      const columns = ['account_id as accountId', 'status', 'origin', 'upstream_calls'] as const
      const rows = await store.db.selectFrom('refresh').select(columns).orderBy('id').execute()
      return rows.map(({ upstream_calls: upstreamCalls, ...row }) => ({ ...row, upstreamCalls }))
    },
    async snapshots() {
      const rows = await store.db.selectFrom('snapshot').select('subject_id').execute()
      return rows.map(({ subject_id }) => subject_id)
    },
    async [Symbol.asyncDispose]() {
      const codes = await Promise.all([...running].map((each) => each.stop()))
      await simulator.close()
      await store.close()
      if (codes.every((code) => code === 0)) return
      const reports = [...running].map(({ errors }) => errors).join('\n')
      throw new Error(`Processes ended with ${codes.join(', ')}: ${reports}`)
    },
  }
}

function plansOf({ accounts, publications = 3 }: DeploymentOptions): AccountPlan[] {
  return Array.from({ length: accounts }, (_, index) => ({
    ...{ platform: 'tiktok', platformAccountId: `-open-id-${index}`, handle: `brand${index}` },
    publications,
  }))
}

async function fill(
  db: Db,
  simulator: Simulator,
  { monthlyQuota }: DeploymentOptions,
): Promise<Record<string, string>> {
  const now = new Date()
  const accounts = simulator.world.accounts.map((account, index) => ({
    ...{ type: 'account', workspace_id: WORKSPACE, id: `acc-${index}` },
    ...{ platform: account.platform, platform_account_id: account.platformAccountId },
    access_token: simulator.tokensOf(account).accessToken,
  }))
  const quota = monthlyQuota === undefined ? {} : { refresh_monthly_quota: monthlyQuota }
  const workspace = { type: 'workspace', id: WORKSPACE, name: 'W', ...quota }
  const { problems } = await importInto(db, [workspace, ...accounts], { now })
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  const request = { id: uuid(), name: 'k', prefix: 'test', scopes: SCOPES, expiresAt: null }
  const key = await createApiKey(db, WORKSPACE, { ...request, createdAt: now })
  return { authorization: `Bearer ${key?.text}`, 'content-type': 'application/json' }
}

async function toServer(started: WeirProcess, headers: Record<string, string>): Promise<Server> {
  const [, url = ''] = await started.until(/GraphiQL +(\S+)/)
  const ask = async <Data>(query: string, variables?: Record<string, unknown>) => {
    const body = JSON.stringify({ query, variables })
    const response = await fetch(url, { method: 'POST', headers, body })
    return (await response.json()) as Answer<Data>
  }
  // Not a copy: what it has printed is read from it.
  return Object.assign(started, { url, ask })
}
