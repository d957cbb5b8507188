import { availableParallelism } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { REFRESH_LIMITS } from '../src/refresh/dependencies.ts'
import { startScheduler } from '../src/refresh/scheduler.ts'
import type { Store } from '../src/store/connect.ts'
import { type Jobs, openJobs } from '../src/store/jobs.ts'
import { importInto, SECRET_KEY } from '../test/support/importing.ts'
import type { PostgresServer } from '../test/support/postgres-server.ts'
import { type Child, startChild } from './child.ts'
import { createDatabase } from './database.ts'
import { cpuSecondsOf } from './process-usage.ts'
import type { Plan, PlannedAccount } from './refresh-plan.ts'
import type { WorkerUsage } from './refresh-worker.ts'

const WORKSPACES = 10
const LOOK_AGAIN_MS = 20

/** What it cost to refresh everything that was due. */
export interface Round {
  /** How many publications have new numbers. */
  refreshed: number
  seconds: number
  worker: WorkerUsage
  /** Null where processes cannot be looked into. */
  postgresCpuSeconds: number | null
  calls: number
}

/** A database with the accounts of a plan, a worker and the platforms. */
export interface RefreshBench extends AsyncDisposable {
  store: Store
  /** Queues everything that is due, and waits until it is refreshed. */
  refreshAll(): Promise<Round>
  /** Has everything be due at once. */
  makeDue(): Promise<void>
}

/** Starts the processes of a benchmark, with everything due and nothing read. */
export async function openRefreshBench(server: PostgresServer, plan: Plan): Promise<RefreshBench> {
  const [others, last] = coresOf()
  const database = await createDatabase(server)
  const { store, url } = database
  const platforms = await startChild('refresh-platforms.ts', { cores: others })
  const world = await platforms.ask<Simulated>(plan)
  await fill(store, world.accounts)
  const jobs = await openJobs(store, { now: () => new Date(), log: silent, supervise: false })
  const worker = await startChild('refresh-worker.ts', {
    cores: last,
    flags: process.env['WEIR_BENCH_PROFILE'] ? ['--cpu-prof'] : [],
    environment: {
      ...{ DATABASE_URL: url, WEIR_SCHEDULER: 'off', ...world.origins },
      WEIR_SECRET_KEY: Buffer.from(SECRET_KEY).toString('base64'),
      WEIR_DISCOVERY_MAX: `${plan.publications}`,
    },
  })
  return {
    store,
    refreshAll: () => refreshAll({ store, jobs, worker, platforms }),
    async makeDue() {
      const now = new Date()
      await store.db.updateTable('account').set({ due_at: now }).execute()
      await store.db.updateTable('publication').set({ due_at: now }).execute()
      await sql`vacuum analyze`.execute(store.db)
    },
    async [Symbol.asyncDispose]() {
      await worker.stop()
      await platforms.stop()
      await jobs.stop()
      await database[Symbol.asyncDispose]()
    },
  }
}

const silent = { info: () => {}, warn: () => {}, error: () => {} }

interface Simulated {
  origins: Record<string, string>
  accounts: PlannedAccount[]
}

// The worker has the last core for itself.
function coresOf(): [others: string, last: string] {
  const last = availableParallelism() - 1
  return [last === 0 ? '0' : `0-${last - 1}`, `${last}`]
}

async function fill({ db }: Store, accounts: readonly PlannedAccount[]): Promise<void> {
  const workspaces = Array.from({ length: WORKSPACES }, (_, index) => `w${index}`)
  const records = [
    ...workspaces.map((id) => ({ type: 'workspace', id, name: id })),
    ...accounts.flatMap((account, index) => {
      const about = { workspace_id: workspaces[index % WORKSPACES] }
      return [
        {
          ...{ type: 'account', ...about, id: `a${index}`, platform: account.platform },
          platform_account_id: account.platformAccountId,
          access_token: account.accessToken,
        },
        ...account.publications.map((publication) => ({
          ...{ type: 'publication', ...about, account_id: `a${index}` },
          platform_post_id: publication.platformPostId,
          content_type: publication.contentType,
          published_at: publication.publishedAt,
        })),
      ]
    }),
  ]
  const { problems } = await importInto(db, records, { now: new Date() })
  if (problems.length > 0) throw new Error(JSON.stringify(problems.slice(0, 3)))
  await sql`vacuum analyze`.execute(db)
}

interface Parts {
  store: Store
  jobs: Jobs
  worker: Child
  platforms: Child
}

async function refreshAll({ store, jobs, worker, platforms }: Parts): Promise<Round> {
  const limits = { ...REFRESH_LIMITS, scheduledMax: 10_000 }
  const now = () => new Date()
  const scheduler = startScheduler({ db: store.db, jobs, now, newId: uuid, limits, log: silent })
  const before = await worker.ask<WorkerUsage>({})
  const { calls } = await platforms.ask<{ calls: number }>({})
  const postgres = await postgresCpuSeconds(store)
  const startedAt = new Date()
  await scheduler.tick()
  await untilEnded(store)
  const seconds = (Date.now() - startedAt.getTime()) / 1000
  const postgresAfter = await postgresCpuSeconds(store)
  await scheduler.stop()
  return {
    refreshed: await refreshedSince(store, startedAt),
    seconds,
    worker: difference(await worker.ask<WorkerUsage>({}), before),
    postgresCpuSeconds: postgres && postgresAfter && postgresAfter - postgres,
    calls: (await platforms.ask<{ calls: number }>({})).calls - calls,
  }
}

async function untilEnded({ db }: Store): Promise<void> {
  const active = db
    .selectFrom('refresh')
    .select('id')
    .where('status', 'in', ['queued', 'running'])
    .limit(1)
  while ((await active.execute()).length > 0) await wait(LOOK_AGAIN_MS)
}

async function refreshedSince({ db }: Store, since: Date): Promise<number> {
  const { count } = await db
    .selectFrom('publication')
    .select(sql<number>`count(*)`.as('count'))
    .where('last_updated_at', '>=', since)
    .executeTakeFirstOrThrow()
  return count
}

function difference(after: WorkerUsage, before: WorkerUsage): WorkerUsage {
  return {
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    statements: after.statements - before.statements,
    queueStatements: after.queueStatements - before.queueStatements,
    transactions: after.transactions - before.transactions,
  }
}

// Of the connections to the database. They stay open for the whole of a round.
async function postgresCpuSeconds({ db }: Store): Promise<number | null> {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity where datname = current_database()`.execute(db)
  try {
    return rows.reduce((total, { pid }) => total + cpuSecondsOf(pid), 0)
  } catch {
    return null
  }
}
