import { createReadStream, globSync } from 'node:fs'
import { join } from 'node:path'
import { createApiKey, hashOfKey } from '../auth/keys.ts'
import { SCOPES } from '../auth/scopes.ts'
import { AppError } from '../domain/errors.ts'
import type { TokenCipher } from '../domain/secrets.ts'
import { demoGrant, demoPlans } from '../simulator/demo-plan.ts'
import { type Simulator, startSimulator } from '../simulator/server.ts'
import { createWorld } from '../simulator/world.ts'
import { accountPage } from '../store/accounts.ts'
import { apiKeysByHash } from '../store/api-keys.ts'
import type { Db, Store } from '../store/connect.ts'
import { allWorkspaces, workspaceById } from '../store/workspaces.ts'
import { demoRecords } from './demo-records.ts'
import { linesOf, parseLines } from './import-lines.ts'
import { importRecords } from './import-records.ts'
import { placeOf } from './import-stored.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'
import type { Terminal } from './terminal.ts'

/** How long a demo's numbers count as fresh, unless configured: it should be seen to move. */
export const DEMO_STALE_AFTER_SECONDS = 60

/** How often a demo looks for what is due, unless configured: most wishes should find it stale. */
export const DEMO_SCHEDULE_TICK_SECONDS = 300

// About what real platforms take: a refresh can be followed while it goes on.
const LATENCY_MS = 250

const WORKSPACE_ID = 'ws_demo'
const SEED = 1
const EXAMPLES = join(import.meta.dirname, '../rest/*/example.ndjson')

/** A running demo: the platforms, a key with every scope, and an account to try things on. */
export interface Demo {
  simulator: Simulator
  workspaceId: string
  key: string
  accountId: string | null
}

/** What a demo is opened with. */
export interface DemoOptions {
  dataDir: string
  store: Store
  cipher: TokenCipher
  /** Whether an empty database becomes a demo. */
  isWanted: boolean
  staleAfterSeconds: number
}

// Kept beside the database: that this is a demo, and its key.
interface Marker {
  key: string | null
}

/**
 * Opens the demo that the database is, or makes one of an empty database; null: it is no demo. A
 * demo that was not finished when its process ended is finished here.
 */
export async function openDemo(terminal: Terminal, options: DemoOptions): Promise<Demo | null> {
  const path = join(options.dataDir, 'demo.json')
  const kept = readMarker(path)
  if (kept === null && !(options.isWanted && (await isEmpty(options.store.db)))) return null
  if (kept === null) writeMarker(path, { key: null })
  const world = createWorld({ seed: SEED, accounts: demoPlans() })
  const simulator = await startSimulator({
    ...{ world, port: 0, now: terminal.now, latencyMs: LATENCY_MS },
  })
  try {
    const { db } = options.store
    if ((await workspaceById(db, WORKSPACE_ID)) === null) {
      await importDemo(terminal, options, simulator)
    }
    const key = await usableKey(terminal, db, kept?.key ?? null)
    if (key !== kept?.key) writeMarker(path, { key })
    return { simulator, workspaceId: WORKSPACE_ID, key, accountId: await someAccountId(db) }
  } catch (error) {
    await simulator.close()
    throw error
  }
}

async function isEmpty(db: Db): Promise<boolean> {
  return (await allWorkspaces(db)).length === 0
}

function readMarker(path: string): Marker | null {
  const text = readPrivateFile(path)
  if (text === null) return null
  try {
    const { key } = JSON.parse(text) as Partial<Marker>
    return { key: typeof key === 'string' ? key : null }
  } catch {
    throw new AppError(
      'BAD_USER_INPUT',
      `${path} is damaged. Remove the folder to begin with a new demo.`,
    )
  }
}

function writeMarker(path: string, marker: Marker): void {
  writePrivateFile(path, `${JSON.stringify(marker)}\n`)
}

async function importDemo(
  terminal: Terminal,
  { store, cipher, staleAfterSeconds }: DemoOptions,
  simulator: Simulator,
): Promise<void> {
  terminal.report('Making a demo workspace over simulated platforms …')
  const now = terminal.now()
  const examples = await exampleLines()
  const ids = idsIn(examples)
  const records = demoRecords({
    ...{ workspaceId: WORKSPACE_ID, world: simulator.world, now, staleAfterSeconds },
    tokensOf: (account) => simulator.tokensOf(account, demoGrant(account, now)),
    idOf: (account) => ids.get(placeOf(account.platform, account.platformAccountId)) ?? null,
  })
  const parsed = await parseLines(jsonLines(records, examples), null)
  const options = { now, newId: terminal.newId, cipher, staleAfterSeconds, replace: false }
  const { problems } = await importRecords(store.db, parsed, options)
  const [first] = problems
  if (first) throw new Error(`The demo is wrong at ${first.line}: ${first.member} ${first.problem}`)
}

async function* jsonLines(records: Iterable<object>, examples: readonly string[]) {
  for (const record of records) yield JSON.stringify(record)
  yield* examples
}

async function exampleLines(): Promise<string[]> {
  const lines: string[] = []
  for (const file of globSync(EXAMPLES).sort()) {
    for await (const line of linesOf(createReadStream(file, 'utf8'))) lines.push(line)
  }
  return lines
}

// An example may be of an account that the platforms know: that one is served live, under its id.
function idsIn(examples: readonly string[]): Map<string, string> {
  const records = examples.map((line) => JSON.parse(line) as Record<string, string>)
  const accounts = records.filter(({ type }) => type === 'account')
  return new Map(
    accounts.map((record) => [
      placeOf(record['platform'] ?? '', record['platform_account_id'] ?? ''),
      record['id'] ?? '',
    ]),
  )
}

async function usableKey(terminal: Terminal, db: Db, kept: string | null): Promise<string> {
  if (kept !== null) {
    const [key] = await apiKeysByHash(db, hashOfKey(kept))
    if (key && key.revokedAt === null) return kept
  }
  const id = terminal.newId()
  const created = await createApiKey(db, WORKSPACE_ID, {
    ...{ id, name: `demo ${id}`, prefix: 'demo', scopes: SCOPES },
    ...{ createdAt: terminal.now(), expiresAt: null },
  })
  if (created === null) throw new Error(`The key ${id} could not be made.`)
  return created.text
}

async function someAccountId(db: Db): Promise<string | null> {
  const page = { limit: 1, after: null, before: null, backwards: false }
  const { rows } = await accountPage(db, WORKSPACE_ID, { connection: 'connected' }, page)
  return rows[0]?.row.id ?? null
}
