import { createApiKey } from '../src/auth/keys.ts'
import { SCOPES } from '../src/auth/scopes.ts'
import { importInto, SECRET_KEY } from '../test/support/importing.ts'
import type { PostgresServer } from '../test/support/postgres-server.ts'
import { startChild } from './child.ts'
import { type BenchDatabase, createDatabase } from './database.ts'
import type { Plan, PlannedAccount } from './refresh-plan.ts'
import { coresOf, UNLIMITED } from './serve-contest.ts'
import { type ServerProcess, startServer, WEIR } from './server-process.ts'

const PLAN: Plan = { accounts: 20, publications: 50 }
const WORKSPACE = 'bench'
// Numbers are stale so soon that most wishes for fresh ones, and some pages, have platforms called.
const REFRESHING_OFTEN = {
  WEIR_STALE_AFTER_SECONDS: '20',
  WEIR_REFRESH_COOLDOWN_HOURS: '0',
  WEIR_REFRESH_MONTHLY_QUOTA: '1000000000',
}

/** A server that serves and refreshes, over simulated platforms. */
export interface MemoryScene extends AsyncDisposable {
  server: ServerProcess
  database: BenchDatabase
  /** May do everything. */
  key: string
  accountIds: readonly string[]
}

/** Starts the processes of the benchmark, with everything due and nothing read. */
export async function openMemoryScene(postgres: PostgresServer): Promise<MemoryScene> {
  await using opened = new AsyncDisposableStack()
  const database = opened.use(await createDatabase(postgres))
  const platforms = await startChild('refresh-platforms.ts', { cores: coresOf().others })
  opened.defer(() => platforms.stop())
  const world = await platforms.ask<Simulated>(PLAN)
  const accountIds = await fill(database, world.accounts)
  const server = await startServer({
    words: [...WEIR, 'serve'],
    environment: {
      ...{ ...world.origins, ...UNLIMITED, DATABASE_URL: database.url },
      WEIR_SECRET_KEY: Buffer.from(SECRET_KEY).toString('base64'),
      ...REFRESHING_OFTEN,
    },
    portVariable: 'WEIR_PORT',
    cores: coresOf().server,
    isProbed: true,
  })
  opened.defer(() => server.stop())
  const key = await keyOf(database)
  const all = opened.move()
  return {
    ...{ server, database, key, accountIds },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

interface Simulated {
  origins: Record<string, string>
  accounts: PlannedAccount[]
}

async function fill(
  { store }: BenchDatabase,
  accounts: readonly PlannedAccount[],
): Promise<string[]> {
  const about = { workspace_id: WORKSPACE }
  const records = accounts.flatMap((account, index) => [
    {
      ...{ type: 'account', ...about, id: `a${index}`, platform: account.platform },
      platform_account_id: account.platformAccountId,
      access_token: account.accessToken,
    },
    ...account.publications.map((publication, place) => ({
      ...{ type: 'publication', ...about, account_id: `a${index}`, post_id: `post${place}` },
      platform_post_id: publication.platformPostId,
      content_type: publication.contentType,
      published_at: publication.publishedAt,
    })),
  ])
  const posts = Array.from({ length: PLAN.publications }, (_, place) => ({
    ...{ type: 'post', ...about, id: `post${place}` },
  }))
  const workspace = { type: 'workspace', id: WORKSPACE, name: 'Bench' }
  const { problems } = await importInto(store.db, [workspace, ...posts, ...records], {
    now: new Date(),
  })
  if (problems.length > 0) throw new Error(JSON.stringify(problems.slice(0, 3)))
  return accounts.map((_, index) => `a${index}`)
}

async function keyOf({ store }: BenchDatabase): Promise<string> {
  const created = await createApiKey(store.db, WORKSPACE, {
    ...{ id: 'bench', name: 'bench', prefix: 'weir', expiresAt: null, createdAt: new Date() },
    scopes: SCOPES,
  })
  if (created === null) throw new Error('The database has a key already.')
  return created.text
}
