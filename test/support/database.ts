import { randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { describe, inject } from 'vitest'
import { openStore, type Store } from '../../src/store/connect.ts'
import { administer, databaseUrl } from './postgres-server.ts'

/** A store on a database of its own, which goes when the store is closed. */
export interface TestStore extends Store, AsyncDisposable {}

/** What a test may choose of its store. */
export interface TestStoreOptions {
  backend?: Store['backend']
  onStatement?: (sql: string) => void
  poolMax?: number
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

async function openInMemory(options: TestStoreOptions): Promise<TestStore> {
  const loadDataDir = await openAsBlob(inject('embeddedTemplate'))
  const store = await openStore({
    databaseUrl: null,
    dataDir: null,
    poolMax: 1,
    loadDataDir,
    ...listenerOf(options),
  })
  return { ...store, [Symbol.asyncDispose]: store.close }
}

async function openOnServer(options: TestStoreOptions): Promise<TestStore> {
  const server = await askForServer()
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
  return { ...store, close, [Symbol.asyncDispose]: close }
}

async function askForServer(): Promise<{ url: string; template: string }> {
  const response = await fetch(inject('databaseBroker'))
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as { url: string; template: string }
}

function listenerOf({ onStatement }: TestStoreOptions): Pick<TestStoreOptions, 'onStatement'> {
  return onStatement ? { onStatement } : {}
}
