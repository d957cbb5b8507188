import type { Config } from '../config.ts'
import { AppError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Trace } from '../domain/trace.ts'
import { openStore, type StatementEnd, type Store } from '../store/connect.ts'
import { migrateToLatest, pendingMigrations } from '../store/migrate.ts'
import { commandLine } from './invocation.ts'

/** Who hears of a database beside those who use it. */
export interface DatabaseObservers {
  log?: Log
  trace?: Trace
}

/**
 * Opens the configured database, which must answer. Throws an `AppError` with one line that says
 * what to do when it does not.
 */
export async function openDatabase(
  config: Config,
  { log, trace }: DatabaseObservers = {},
): Promise<Store> {
  const store = await openStore({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    poolMax: config.limits.database.connectionsMax,
    onConnectionError: (error) => log?.warn({ error }, 'a database connection broke'),
    ...(trace?.isOn && { onStatementEnd: (end) => tellStatement(trace, end) }),
  }).catch((error) => {
    throw unusable(config, error)
  })
  try {
    await store.ping()
    return store
  } catch (error) {
    await store.close()
    throw unreachable(error)
  }
}

/**
 * Opens the configured database with every migration done. The embedded one is migrated here; for
 * a server that is somebody's decision, so this throws an `AppError` that names the command.
 */
export async function openMigrated(
  config: Config,
  observers: DatabaseObservers = {},
): Promise<Store> {
  const store = await openDatabase(config, observers)
  try {
    if (store.backend === 'pglite') await migrateToLatest(store)
    const pending = await pendingMigrations(store)
    if (pending.length === 0) return store
    const message = `The database lacks migrations (${pending.join(', ')})`
    throw new AppError('BAD_USER_INPUT', `${message}: run "${commandLine('migrate')}" first.`)
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Tells of a statement as a span, without the values in it, which are not in its text. */
export function tellStatement(trace: Trace, { sql, durationMs, failed }: StatementEnd): void {
  const [verb = ''] = /\w+/.exec(sql) ?? []
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': sql }
  trace.ended(`sql ${verb.toLowerCase()}`, attributes, { durationMs, failed })
}

function unusable({ dataDir }: Config, error: unknown): unknown {
  const isOfSystem = error instanceof Error && 'code' in error && 'syscall' in error
  if (!isOfSystem) return error
  return new AppError(
    'BAD_USER_INPUT',
    `WEIR_DATA_DIR: ${dataDir} cannot be used: ${error.message}`,
  )
}

function unreachable(error: unknown): AppError {
  // A host with several addresses fails once for each, under an error without a text of its own.
  const first = error instanceof AggregateError ? error.errors[0] : error
  const reason = first instanceof Error ? first.message : String(first)
  return new AppError('BAD_USER_INPUT', `DATABASE_URL: the database does not answer: ${reason}`)
}
