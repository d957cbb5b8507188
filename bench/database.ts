import { randomBytes } from 'node:crypto'
import { openStore, type Store } from '../src/store/connect.ts'
import { administer, databaseUrl, type PostgresServer } from '../test/support/postgres-server.ts'

const CONNECTIONS_MAX = 4

/** A database of a benchmark's own. Disposal drops it. */
export interface BenchDatabase extends AsyncDisposable {
  url: string
  store: Store
}

/** Makes a migrated database without rows. */
export async function createDatabase(server: PostgresServer): Promise<BenchDatabase> {
  const name = `weir_bench_${randomBytes(4).toString('hex')}`
  await administer(server.url, `create database ${name} template ${server.template}`)
  const url = databaseUrl(server.url, name)
  const store = await openStore({ databaseUrl: url, dataDir: null, poolMax: CONNECTIONS_MAX })
  return {
    url,
    store,
    async [Symbol.asyncDispose]() {
      await store.close()
      await administer(server.url, `drop database ${name} with (force)`)
    },
  }
}
