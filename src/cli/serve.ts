import { existsSync } from 'node:fs'
import { startApp } from '../app.ts'
import { type Config, readConfig } from '../config.ts'
import type { TokenCipher } from '../domain/secrets.ts'
import type { GraphiqlStart } from '../graphql/graphiql.ts'
import type { Store } from '../store/connect.ts'
import { announce } from './announcement.ts'
import { openMigrated } from './database.ts'
import {
  DEMO_SCHEDULE_TICK_SECONDS,
  DEMO_STALE_AFTER_SECONDS,
  type Demo,
  openDemo,
} from './demo.ts'
import { assertFree, assertMetricsFree, portError, type Wanted } from './port-error.ts'
import { tokenCipherOf } from './secret-key.ts'
import type { Terminal } from './terminal.ts'
import { openWatching, type Watching } from './watching.ts'

/** What `weir serve` is told. */
export interface ServeOptions {
  /** Whether this process also refreshes. */
  worker: boolean
  /** Whether an empty embedded database becomes a demo. */
  demo: boolean
}

/** Serves requests until the process is asked to end, then ends in order. */
export async function serve(terminal: Terminal, options: ServeOptions): Promise<void> {
  const config = readConfig(terminal.environment)
  await assertFree(wantedBy(config))
  await assertMetricsFree(config)
  if (config.databaseUrl === null && !existsSync(config.dataDir)) {
    const demo = options.demo ? ', and a demo in it' : ''
    terminal.report(`Making an embedded database in ${config.dataDir}${demo}: a few seconds …`)
  }
  const watching = await openWatching(config, terminal)
  try {
    const store = await openMigrated(config, watching)
    try {
      await serveFrom({ terminal, config, watching, store, options })
    } finally {
      await store.close()
    }
  } finally {
    await watching.stop()
  }
}

function wantedBy({ host, port }: Config): Wanted {
  return { host, port, portName: 'WEIR_PORT', hostName: 'WEIR_HOST' }
}

interface Serving {
  terminal: Terminal
  config: Config
  watching: Watching
  store: Store
  options: ServeOptions
}

async function serveFrom(serving: Serving): Promise<void> {
  const { terminal, config, watching, store, options } = serving
  if (store.backend === 'pglite' && !options.worker) {
    watching.log.warn({}, 'nothing refreshes: no other process can work on an embedded database')
  }
  const cipher = tokenCipherOf(config)
  const demo = await demoOf(serving, cipher)
  try {
    const app = await startApp({
      ...{ store, cipher, watching, log: watching.log, isWorker: options.worker },
      config: demo === null ? config : demoConfig(config, demo),
      listen: { host: config.host, port: config.port },
      ...(demo && { origins: demo.simulator.origins, graphiql: graphiqlOf(demo, config) }),
      ...{ now: terminal.now, newId: terminal.newId, random: terminal.random },
    }).catch((error) => {
      throw portError(error, wantedBy(config))
    })
    // Whoever has read the first line may end it already.
    const stopped = terminal.untilStopped()
    const isTrusting = config.trustedDocuments !== null
    await announce(terminal, { url: app.url ?? '', store, demo, isTrusting })
    await stopped
    await app.stop()
  } finally {
    await demo?.simulator.close()
  }
}

// The page is for anybody who can open it, and so would be the key.
function graphiqlOf({ key, accountId }: Demo, { host }: Config): GraphiqlStart {
  const isHere = host === 'localhost' || host === '::1' || host.startsWith('127.')
  return { key: isHere ? key : null, accountId }
}

async function demoOf(serving: Serving, cipher: TokenCipher): Promise<Demo | null> {
  const { terminal, config, store, options } = serving
  if (store.backend !== 'pglite') return null
  const { dataDir, staleAfterSeconds } = demoDefaults(config)
  return openDemo(terminal, {
    ...{ dataDir, staleAfterSeconds, store, cipher, isWanted: options.demo },
  })
}

function demoDefaults(config: Config): Config & { staleAfterSeconds: number } {
  const staleAfterSeconds = config.staleAfterSeconds ?? DEMO_STALE_AFTER_SECONDS
  const scheduleTickSeconds = config.scheduleTickSeconds ?? DEMO_SCHEDULE_TICK_SECONDS
  return { ...config, staleAfterSeconds, scheduleTickSeconds }
}

// The simulated platforms know one application, and no other would do.
function demoConfig(config: Config, { simulator }: Demo): Config {
  const clients = simulator.world.accounts.map(({ platform }) => [platform, simulator.client])
  return { ...demoDefaults(config), clients: Object.fromEntries(clients) }
}
