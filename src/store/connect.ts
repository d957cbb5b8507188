import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { Kysely, type LogEvent, PGliteDialect, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { ConnectionFigures } from '../domain/figures.ts'
import { lockDirectory } from './directory-lock.ts'
import { PostgresClient } from './postgres-client.ts'
import type { Database } from './schema.ts'

const CONNECT_TIMEOUT_MS = 10_000
const INT8 = 20
const DATE = 1082
const TIMESTAMPTZ = 1184
const ZERO = '0'.charCodeAt(0)

/** Where statements go: the database itself, or a transaction on it. */
export type Db = Kysely<Database>

/** An open database. */
export interface Store {
  db: Db
  backend: 'pglite' | 'postgres'
  /** The embedded database; null on a PostgreSQL server. */
  pglite: PGlite | null
  /** The server's URL; null when embedded. */
  databaseUrl: string | null
  /** Throws when the database does not answer. */
  ping(): Promise<void>
  /** The connections for queries; null when embedded. */
  connections(): ConnectionFigures | null
  /** Closes every connection, and gives the embedded directory free. May be called twice. */
  close(): Promise<void>
}

/** Hears of a statement: its text, and what stands in it for `$1`, `$2` and so on. */
export type OnStatement = (sql: string, parameters: readonly unknown[]) => void

/** A statement that has ended. */
export interface StatementEnd {
  sql: string
  durationMs: number
  failed: boolean
}

/** Which database to open, and how. */
export interface StoreOptions {
  /** A PostgreSQL server; null: the embedded database. */
  databaseUrl: string | null
  /** The folder of the embedded database; null: in memory. */
  dataDir: string | null
  /** The most connections that this process holds to a server. */
  poolMax: number
  /** Hears of every statement that is sent, those that control transactions left out. */
  onStatement?: OnStatement
  /** Hears of the same when they have ended, without what stands in them for `$1`. */
  onStatementEnd?: (end: StatementEnd) => void
  /** Hears of server connections that break while idle. They are replaced by themselves. */
  onConnectionError?: (error: Error) => void
  /** A dump of an embedded database to start an empty one from. */
  loadDataDir?: Blob
}

/**
 * Opens the database. Big integers are read as numbers and dates as `YYYY-MM-DD` on both
 * backends. Throws an `AppError` that names the process when another one has the folder open.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  if (options.databaseUrl !== null) return openServer(options, options.databaseUrl)
  return options.dataDir === null ? openMemory(options) : openDirectory(options, options.dataDir)
}

function openServer(options: StoreOptions, databaseUrl: string): Store {
  const pool = new pg.Pool({
    Client: PostgresClient,
    connectionString: databaseUrl,
    max: options.poolMax,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: { getTypeParser: serverParser },
  })
  // Without a listener, a connection that breaks would end the process: the pool listens to idle
  // ones. One in use fails its statement, and those that follow; then the pool drops it.
  pool.on('error', (error) => options.onConnectionError?.(error))
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }), ...logOf(options) })
  const end = once(async () => {
    await db.destroy()
    if (!pool.ended) await pool.end()
  })
  return {
    ...{ db, backend: 'postgres', pglite: null, databaseUrl },
    ping: () => ping(db),
    connections: () => connectionsOf(pool),
    close: end,
  }
}

async function openMemory(options: StoreOptions): Promise<Store> {
  return openEmbedded(options, dumpOf(options), () => {})
}

async function openDirectory(options: StoreOptions, folder: string): Promise<Store> {
  makeFolder(resolve(folder))
  const unlock = lockDirectory(folder)
  try {
    const dataDir = join(folder, 'database')
    if (!existsSync(dataDir)) await createDirectory(options, dataDir)
    return await openEmbedded(options, { dataDir }, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

// Node's own recursive way never ends where the system says of a folder in an existing one that it
// is not there, as below /proc.
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  const parent = dirname(folder)
  if (parent !== folder) makeFolder(parent)
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another process may have been quicker.
    if (!existsSync(folder)) throw error
  }
}

// Renamed into place: a process that is killed before then leaves nothing that has to be opened.
async function createDirectory(options: StoreOptions, dataDir: string): Promise<void> {
  const draft = `${dataDir}.new`
  rmSync(draft, { recursive: true, force: true })
  const pglite = await PGlite.create({ dataDir: draft, ...dumpOf(options) })
  await pglite.close()
  renameSync(draft, dataDir)
}

async function openEmbedded(
  options: StoreOptions,
  where: PGliteOptions,
  unlock: () => void,
): Promise<Store> {
  const parsers = { [INT8]: Number, [DATE]: String }
  const pglite = await PGlite.create({ ...where, parsers })
  const db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite }), ...logOf(options) })
  const end = once(async () => {
    await db.destroy()
    if (!pglite.closed) await pglite.close()
    unlock()
  })
  return {
    ...{ db, backend: 'pglite', pglite, databaseUrl: null },
    ping: () => ping(db),
    connections: () => null,
    close: end,
  }
}

function dumpOf(options: StoreOptions): Pick<PGliteOptions, 'loadDataDir'> {
  return options.loadDataDir ? { loadDataDir: options.loadDataDir } : {}
}

const anyInstant = pg.types.getTypeParser(TIMESTAMPTZ, 'text')

const serverParser = ((oid: number, format?: 'text' | 'binary') => {
  if (format !== 'binary' && oid === TIMESTAMPTZ) return instantOf
  if (format !== 'binary' && oid === INT8) return Number
  if (format !== 'binary' && oid === DATE) return String
  return pg.types.getTypeParser(oid, format)
}) as typeof pg.types.getTypeParser

// What servers in UTC write, such as `2026-06-29 09:00:00.123+00`. A dashboard's page has over a
// hundred of these, and the driver's own way takes several times as long.
function instantOf(text: string): Date {
  const zoneAt = text.length - 3
  const isPlain = zoneAt <= 23 && text.endsWith('+00') && text[4] === '-' && text[0] !== '0'
  if (!isPlain) return anyInstant(text)
  const year = 100 * digits(text, 0) + digits(text, 2)
  const day = Date.UTC(year, digits(text, 5) - 1, digits(text, 8))
  const seconds = 60 * (60 * digits(text, 11) + digits(text, 14)) + digits(text, 17)
  // Zeros at the end of a fraction are left out.
  const tenths = zoneAt > 20 ? digit(text, 20) : 0
  const hundredths = zoneAt > 21 ? digit(text, 21) : 0
  const thousandths = zoneAt > 22 ? digit(text, 22) : 0
  return new Date(day + 1000 * seconds + 100 * tenths + 10 * hundredths + thousandths)
}

function digits(text: string, at: number): number {
  return 10 * digit(text, at) + digit(text, at + 1)
}

function digit(text: string, at: number): number {
  return text.charCodeAt(at) - ZERO
}

const CONTROLS_TRANSACTION = /^\s*(begin|start transaction|commit|rollback|savepoint|release)\b/i

function logOf({ onStatement, onStatementEnd }: StoreOptions): { log?: (event: LogEvent) => void } {
  if (!onStatement && !onStatementEnd) return {}
  return {
    log: ({ level, query, queryDurationMillis: durationMs }) => {
      if (CONTROLS_TRANSACTION.test(query.sql)) return
      onStatement?.(query.sql, query.parameters)
      onStatementEnd?.({ sql: query.sql, durationMs, failed: level === 'error' })
    },
  }
}

function connectionsOf({
  totalCount,
  idleCount,
  waitingCount,
  options,
}: pg.Pool): ConnectionFigures {
  const inUse = totalCount - idleCount
  return { max: options.max, inUse, idle: idleCount, waiting: waitingCount }
}

/** Whether the database answers. */
export async function isAnswering(db: Db): Promise<boolean> {
  return ping(db).then(
    () => true,
    () => false,
  )
}

async function ping(db: Db): Promise<void> {
  await sql`select 1`.execute(db)
}

function once(end: () => Promise<void>): () => Promise<void> {
  let ending: Promise<void> | undefined
  return () => {
    ending ??= end()
    return ending
  }
}
