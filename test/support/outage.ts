import type { TestStore } from './database.ts'
import { administer, databaseUrl } from './postgres-server.ts'

/** Times in which nobody gets to one database of a server. */
export interface Outage {
  /** Ends every connection, and lets nobody in. */
  begin(): Promise<void>
  end(): Promise<void>
}

/** Has a store's database go away and come back, whatever else is on its server. */
export function openOutage(store: TestStore): Outage {
  const url = store.databaseUrl ?? ''
  const name = new URL(url).pathname.slice(1)
  const server = databaseUrl(url, 'postgres')
  const allow = (isAllowed: boolean) =>
    administer(server, `alter database ${name} with allow_connections ${isAllowed}`)
  return {
    async begin() {
      await allow(false)
      await administer(
        server,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
      )
    },
    end: () => allow(true),
  }
}
