import { randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { describe, inject } from 'vitest'
import {
  type OnStatement,
  openStore,
  type StatementEnd,
  type Store,
} from '../../src/store/connect.ts'
import { administer, databaseUrl, type PostgresServer } from './postgres-server.ts'

/** A store on a database of its own, which goes when the store is closed. */
export interface TestStore extends Store, AsyncDisposable {
  /** Closes the database for good, for tests of what comes after. `close` may let others have it. */
  end(): Promise<void>
}

/** What a test may choose of its store. */
export interface TestStoreOptions {
  backend?: Store['backend']
  onStatement?: OnStatement
  onStatementEnd?: (end: StatementEnd) => void
  poolMax?: number
  /** The PostgreSQL server; by default the one that the run shares. */
  server?: Pick<PostgresServer, 'url' | 'template'>
}

/** Opens a store on a fresh, migrated database, embedded unless told otherwise. */
export async function openTestStore(options: TestStoreOptions = {}): Promise<TestStore> {
  return options.backend === 'postgres' ? openOnServer(options) : openInMemory(options)
}

/** Runs one suite on the embedded database and once more on a PostgreSQL server. */
export function describeStores(
  name: string,
  suite: (open: (options?: TestStoreOptions) => Promise<TestStore>) => void,
): void {
  for (const backend of ['pglite', 'postgres'] as const) {
    describe(`${name} (${backend})`, () => {
      suite((options) => openTestStore({ ...options, backend }))
    })
  }
}

interface Embedded {
  store: Store
  /** Who hears of statements now. */
  listener: Listener
}

type Listener = Pick<TestStoreOptions, 'onStatement' | 'onStatementEnd'>

// An embedded database costs a quarter of a second to copy and a hundredth to empty, so the tests of
// a file take turns on one. Whoever wants a second one at the same time gets a copy.
const idle: Embedded[] = []

async function openInMemory(options: TestStoreOptions): Promise<TestStore> {
  const embedded = idle.pop() ?? (await copyEmbedded())
  embedded.listener = listenerOf(options)
  let isOpen = true
  const close = async () => {
    if (!isOpen) return
    isOpen = false
    embedded.listener = {}
    await emptyEmbedded(embedded.store)
    idle.push(embedded)
  }
  const end = () => {
    isOpen = false
    return embedded.store.close()
  }
  return { ...embedded.store, close, end, [Symbol.asyncDispose]: close }
}

async function copyEmbedded(): Promise<Embedded> {
  const loadDataDir = await openAsBlob(inject('embeddedTemplate'))
  let listener: Listener = {}
  const store = await openStore({
    ...{ databaseUrl: null, dataDir: null, poolMax: 1, loadDataDir },
    onStatement: (...statement) => listener.onStatement?.(...statement),
    onStatementEnd: (end) => listener.onStatementEnd?.(end),
  })
  return {
    store,
    set listener(next: Listener) {
      listener = next
    },
  }
}

async function emptyEmbedded({ pglite }: Store): Promise<void> {
  await pglite?.exec(`do $$
    declare one record;
    begin
      for one in select inhrelid::regclass as name from pg_inherits
        where inhparent = 'public.snapshot'::regclass
      loop execute format('drop table %s', one.name); end loop;
      for one in select format('%I.%I', schemaname, tablename) as name from pg_tables
        where (schemaname = 'public' and tablename not like 'kysely%')
          or (schemaname = 'weir_jobs' and tablename not in ('version', 'queue'))
      loop execute format('truncate %s cascade', one.name); end loop;
    end $$`)
}

async function openOnServer(options: TestStoreOptions): Promise<TestStore> {
  const server = options.server ?? (await askForServer())
  const name = `weir_test_${randomBytes(8).toString('hex')}`
  await administer(server.url, `create database ${name} template ${server.template}`)
  const store = await openStore({
    databaseUrl: databaseUrl(server.url, name),
    dataDir: null,
    poolMax: options.poolMax ?? 8,
    ...listenerOf(options),
  })
  const close = async () => {
    await store.close()
    await administer(server.url, `drop database if exists ${name} with (force)`)
  }
  return { ...store, close, end: close, [Symbol.asyncDispose]: close }
}

async function askForServer(): Promise<Pick<PostgresServer, 'url' | 'template'>> {
  const response = await fetch(inject('databaseBroker'))
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as Awaited<ReturnType<typeof askForServer>>
}

function listenerOf({ onStatement, onStatementEnd }: TestStoreOptions): Listener {
  return { ...(onStatement && { onStatement }), ...(onStatementEnd && { onStatementEnd }) }
}
