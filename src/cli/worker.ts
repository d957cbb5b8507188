import { startApp } from '../app.ts'
import { type Config, readConfig } from '../config.ts'
import { AppError } from '../domain/errors.ts'
import { openMigrated } from './database.ts'
import { assertMetricsFree } from './port-error.ts'
import { tokenCipherOf } from './secret-key.ts'
import type { Terminal } from './terminal.ts'
import { openWatching, type Watching } from './watching.ts'

/** Works off refreshes, without serving requests, until the process is asked to end. */
export async function work(terminal: Terminal): Promise<void> {
  const config = readConfig(terminal.environment)
  if (config.databaseUrl === null) {
    const message =
      'A worker of its own takes a PostgreSQL server (DATABASE_URL). The embedded database serves ' +
      'one process, and the command serve runs a worker in it.'
    throw new AppError('BAD_USER_INPUT', message)
  }
  await assertMetricsFree(config)
  const watching = await openWatching(config, terminal)
  try {
    await workOff(terminal, config, watching)
  } finally {
    await watching.stop()
  }
}

async function workOff(terminal: Terminal, config: Config, watching: Watching): Promise<void> {
  const { log } = watching
  const store = await openMigrated(config, watching)
  try {
    const app = await startApp({
      ...{ config, store, log, watching, listen: null, isWorker: true },
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
