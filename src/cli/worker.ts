import { startApp } from '../app.ts'
import { readConfig } from '../config.ts'
import { AppError } from '../domain/errors.ts'
import { createLog } from '../log.ts'
import { openMigrated } from './database.ts'
import { tokenCipherOf } from './secret-key.ts'
import type { Terminal } from './terminal.ts'

/** Works off refreshes, without serving requests, until the process is asked to end. */
export async function work(terminal: Terminal): Promise<void> {
  const config = readConfig(terminal.environment)
  if (config.databaseUrl === null) {
    const message =
      'A worker of its own takes a PostgreSQL server (DATABASE_URL). The embedded database serves ' +
      'one process, and the command serve runs a worker in it.'
    throw new AppError('BAD_USER_INPUT', message)
  }
  const log = createLog(config.logLevel, terminal.report)
  const store = await openMigrated(config, log)
  try {
    const app = await startApp({
      ...{ config, store, log, listen: null, isWorker: true },
      cipher: tokenCipherOf(config),
      ...{ now: terminal.now, newId: terminal.newId, random: terminal.random },
    })
    log.info({}, 'worker started')
    await terminal.untilStopped()
    await app.stop()
    log.info({}, 'worker stopped')
  } finally {
    await store.close()
  }
}
