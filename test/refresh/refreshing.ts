import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { createTokenCipher } from '../../src/auth/tokens.ts'
import type { Account } from '../../src/domain/account.ts'
import type { Publication } from '../../src/domain/publication.ts'
import type { Refresh } from '../../src/domain/refresh.ts'
import type { Workspace } from '../../src/domain/workspace.ts'
import { type Commands, createCommands } from '../../src/refresh/commands.ts'
import type { ConnectAccountInput } from '../../src/refresh/connections.ts'
import { REFRESH_LIMITS } from '../../src/refresh/dependencies.ts'
import { runRefresh } from '../../src/refresh/engine.ts'
import type { OnReadDependencies } from '../../src/refresh/on-read.ts'
import { accountsByIds } from '../../src/store/accounts.ts'
import { openJobs, type RefreshJob } from '../../src/store/jobs.ts'
import { openNotices } from '../../src/store/notices.ts'
import { publicationsOfAccount } from '../../src/store/publications.ts'
import { refreshesByIds } from '../../src/store/refreshes.ts'
import { insertWorkspace } from '../../src/store/workspaces.ts'
import type { TestStore } from '../support/database.ts'
import { type FakePlatform, fakePlatform } from './fake-platform.ts'

export const WORKSPACE = 'w1'
export const START = new Date('2026-03-01T12:00:00Z')

/** Refreshing over a store and a platform in memory, with a clock that stands still. */
export interface Refreshing extends AsyncDisposable {
  deps: OnReadDependencies
  commands: Commands
  platform: FakePlatform
  /** Every job that was queued, in order. */
  queued: RefreshJob[]
  advance(seconds: number): void
  /** Connects an account, and answers it with its first refresh, which nobody has run yet. */
  connect(more?: Partial<ConnectAccountInput>): Promise<{ account: Account; refresh: Refresh }>
  /** Runs a refresh as a worker would, and answers it as it is afterwards. */
  run(refresh: Pick<Refresh, 'id'>, attempt?: number): Promise<Refresh>
  /** Asks for a refresh of the account that has to be queued. */
  request(account: Pick<Account, 'id'>): Promise<Refresh>
  account(id: string): Promise<Account>
  publications(accountId: string): Promise<Record<string, Publication>>
  snapshots(): Promise<{ subject: string; subjectId: string; native: unknown }[]>
}

/** Opens refreshing on a store. It ends with its queues, and leaves the store open. */
export async function openRefreshing(
  store: TestStore,
  more: Partial<OnReadDependencies> = {},
): Promise<Refreshing> {
  let now = START
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const jobs = await openJobs(store, { now: () => now, log, supervise: false })
  const platform = fakePlatform()
  const queued: RefreshJob[] = []
  const notices = await openNotices(store, { log })
  const deps: OnReadDependencies = {
    db: store.db,
    jobs: {
      ...jobs,
      async enqueueRefresh(db, job) {
        await jobs.enqueueRefresh(db, job)
        queued.push(job)
      },
      async enqueueRefreshes(db, many) {
        await jobs.enqueueRefreshes(db, many)
        queued.push(...many.map((job) => ({ ...job, startAfter: null })))
      },
    },
    notices,
    connectors: { tiktok: platform.connector },
    cipher: createTokenCipher(randomBytes(32)),
    now: () => now,
    newId: v7,
    limits: REFRESH_LIMITS,
    log,
    ...more,
  }
  await ensureWorkspace(store)
  return {
    ...verbsOf(deps),
    deps,
    platform,
    queued,
    advance: (seconds) => {
      now = new Date(now.getTime() + seconds * 1000)
    },
    async [Symbol.asyncDispose]() {
      await jobs.stop()
      await notices.close()
    },
  }
}

// Without a cooldown, so that one refresh can follow the other.
async function ensureWorkspace({ db }: TestStore): Promise<void> {
  const limits = { refreshCooldownHours: 0, refreshMonthlyQuota: null }
  await insertWorkspace(db, { id: WORKSPACE, name: 'Test', createdAt: START, ...limits })
}

const CONNECTION: ConnectAccountInput = {
  platform: 'tiktok',
  platformAccountId: 'open-id-1',
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  tokenExpiresAt: null,
  scopes: null,
  handle: null,
  localId: 'acc_1',
}

function verbsOf(
  deps: OnReadDependencies,
): Omit<Refreshing, 'deps' | 'platform' | 'queued' | 'advance' | typeof Symbol.asyncDispose> {
  const commands = createCommands(deps)
  const refreshOf = async (id: string) =>
    found((await refreshesByIds(deps.db, WORKSPACE, [id]))[0], 'refresh')
  const account = async (id: string) =>
    found((await accountsByIds(deps.db, WORKSPACE, [id]))[0], 'account')
  const request: Refreshing['request'] = async ({ id }) => {
    const wish = { accountId: id, idempotencyKey: null }
    const answer = await commands.requestAccountRefresh(WORKSPACE, wish)
    if (answer.kind !== 'queued') throw new Error(`The wish was answered as ${answer.kind}.`)
    return answer.refresh
  }
  return {
    commands,
    account,
    request,
    async connect(more = {}) {
      const answer = await commands.connectAccount(WORKSPACE, { ...CONNECTION, ...more })
      if (answer.kind !== 'connected') throw new Error(answer.message)
      return { account: answer.account, refresh: await request(answer.account) }
    },
    async run({ id }, attempt = 1) {
      await runRefresh(deps, WORKSPACE, id, attempt)
      return refreshOf(id)
    },
    async publications(accountId) {
      const rows = await publicationsOfAccount(deps.db, WORKSPACE, accountId, 1000)
      return Object.fromEntries(rows.map((row) => [row.platformPostId, row]))
    },
    async snapshots() {
      const rows = await deps.db.selectFrom('snapshot').selectAll().execute()
      return rows.map(({ subject, subject_id, native }) => ({
        subject,
        subjectId: subject_id,
        native,
      }))
    },
  }
}

function found<Row>(row: Row | undefined, what: string): Row {
  if (row === undefined) throw new Error(`There is no such ${what}.`)
  return row
}

/** Gives the workspace a cooldown and a quota of its own. */
export async function allow(
  { db }: Pick<TestStore, 'db'>,
  limits: Pick<Workspace, 'refreshCooldownHours' | 'refreshMonthlyQuota'>,
): Promise<void> {
  const { refreshCooldownHours, refreshMonthlyQuota } = limits
  await db
    .updateTable('workspace')
    .set({ refresh_cooldown_hours: refreshCooldownHours })
    .set({ refresh_monthly_quota: refreshMonthlyQuota })
    .where('workspace_id', '=', WORKSPACE)
    .execute()
}

/** A connection of the account with this id. */
export function connectionOf(id: string): ConnectAccountInput {
  return { ...CONNECTION, localId: id, platformAccountId: `on-platform-${id}` }
}

/** Connects an account whose first refresh ended so long ago that its numbers are stale. */
export async function connectIdle(weir: Refreshing, id = 'acc_1'): Promise<Account> {
  const { queued } = weir
  const answer = await weir.commands.connectAccount(WORKSPACE, connectionOf(id))
  if (answer.kind !== 'connected') throw new Error(answer.message)
  await weir.run({ id: found(queued.at(-1), 'job').refreshId })
  weir.advance(7 * 3600)
  return answer.account
}

/** How many units of each month's quota are used. */
export async function usage({ db }: Pick<TestStore, 'db'>): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('refresh_usage')
    .select([sql<string>`to_char(month, 'YYYY-MM-DD')`.as('month'), 'used'])
    .execute()
  return Object.fromEntries(rows.map(({ month, used }) => [month, used]))
}
