import { BELIEVED_SECONDS } from '../auth/beliefs.ts'
import { createApiKey, KEY_PREFIX } from '../auth/keys.ts'
import { isScope, SCOPES, type Scope } from '../auth/scopes.ts'
import { readConfig } from '../config.ts'
import { AppError } from '../domain/errors.ts'
import { type ApiKey, apiKeysOf, revokeApiKey } from '../store/api-keys.ts'
import type { Store } from '../store/connect.ts'
import { allWorkspaces, workspaceById } from '../store/workspaces.ts'
import { openMigrated } from './database.ts'
import { commandLine } from './invocation.ts'
import { renderTable } from './table.ts'
import type { Terminal } from './terminal.ts'

/** What `weir keys create` is told. */
export interface CreateKeyOptions {
  workspace: string
  name: string
  /** Words, each of them one scope or several with commas between them. */
  scopes: string[]
  prefix: string
  /** When the key ends, RFC 3339; left out: never. */
  expiresAt?: string
}

/** Makes a key. It alone goes to standard output, and nobody can show it again. */
export async function createKey(terminal: Terminal, options: CreateKeyOptions): Promise<void> {
  const scopes = toScopes(options.scopes)
  const prefix = toPrefix(options.prefix)
  const expiresAt = toLaterInstant(options.expiresAt, terminal.now())
  const { name, workspace } = options
  await withStore(terminal, async (store) => {
    await assertWorkspace(store, workspace)
    const request = { id: terminal.newId(), name, prefix, scopes, expiresAt }
    const createdAt = terminal.now()
    const created = await createApiKey(store.db, workspace, { ...request, createdAt })
    if (created === null) {
      const taken = `The workspace ${workspace} has an active key ${name} already`
      throw refused(`${taken}: revoke it, or take another name.`)
    }
    terminal.report(`The key ${name} of ${workspace} may ${scopes.join(', ')}. Keep it: this is`)
    terminal.report('the only time that it is shown.')
    terminal.print(created.text)
  })
}

const LIST_HEADER = [
  ...['ID', 'NAME', 'WORKSPACE', 'KEY', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED', 'STATE'],
]

/** Prints a line for each key, without the keys themselves. */
export async function listKeys(
  terminal: Terminal,
  { workspace }: { workspace?: string },
): Promise<void> {
  await withStore(terminal, async (store) => {
    if (workspace !== undefined) await assertWorkspace(store, workspace)
    const keys = await apiKeysOf(store.db, workspace ?? null)
    const now = terminal.now()
    const rows = keys.map((key) => [
      ...[key.id, key.name, key.workspaceId, `${key.firstCharacters}…`, key.scopes.join(',')],
      ...[key.createdAt, key.expiresAt, key.lastUsedAt].map(shown),
      stateOf(key, now),
    ])
    for (const line of renderTable([LIST_HEADER, ...rows])) terminal.print(line)
  })
}

/** Ends the use of a key, named by its id or by its name. */
export async function revokeKey(
  terminal: Terminal,
  idOrName: string,
  { workspace }: { workspace?: string },
): Promise<void> {
  await withStore(terminal, async (store) => {
    const keys = await apiKeysOf(store.db, workspace ?? null)
    const key = keyMeant(keys, idOrName)
    if (key.revokedAt !== null) {
      throw refused(`The key ${key.name} of ${key.workspaceId} is revoked already.`)
    }
    await revokeApiKey(store.db, key.workspaceId, key.id, terminal.now())
    const revoked = `The key ${key.name} of ${key.workspaceId} is revoked.`
    terminal.report(`${revoked} Servers refuse it within ${BELIEVED_SECONDS} s.`)
  })
}

// An id means its key. A name means the living key of that name; a workspace has at most one.
function keyMeant(keys: readonly ApiKey[], idOrName: string): ApiKey {
  const named = keys.filter(({ name }) => name === idOrName)
  const living = named.filter(({ revokedAt }) => revokedAt === null)
  if (living.length > 1) {
    throw refused(`Several workspaces have a key ${idOrName}: name one with --workspace.`)
  }
  const key = keys.find(({ id }) => id === idOrName) ?? living[0] ?? named.at(-1)
  if (!key) throw refused(`There is no key with the id or the name ${idOrName}.`)
  return key
}

async function withStore(terminal: Terminal, work: (store: Store) => Promise<void>) {
  const store = await openMigrated(readConfig(terminal.environment))
  try {
    await work(store)
  } finally {
    await store.close()
  }
}

async function assertWorkspace({ db }: Store, id: string): Promise<void> {
  if ((await workspaceById(db, id)) !== null) return
  const known = (await allWorkspaces(db)).map((workspace) => workspace.id)
  const hint =
    known.length === 0
      ? `"${commandLine('import', 'FILE')}" makes one`
      : `there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`
  throw refused(`There is no workspace ${id}: ${hint}.`)
}

function toScopes(words: string[]): Scope[] {
  const given = words.flatMap((word) => word.split(',')).filter((word) => word !== '')
  const wrong = given.find((word) => !isScope(word))
  if (wrong !== undefined || given.length === 0) {
    throw refused(`--scopes takes ${SCOPES.join(', ')}${wrong ? `, not ${wrong}` : ''}.`)
  }
  return SCOPES.filter((scope) => given.includes(scope))
}

function toPrefix(given: string): string {
  const prefix = given.replace(/_$/, '')
  if (KEY_PREFIX.test(prefix)) return prefix
  throw refused(`--prefix takes letters, digits and underscores, not ${JSON.stringify(given)}.`)
}

function toLaterInstant(given: string | undefined, now: Date): Date | null {
  if (given === undefined) return null
  const instant = new Date(given)
  if (instant > now) return instant
  throw refused(`--expires-at takes a time to come, like 2027-01-01T00:00:00Z, not ${given}.`)
}

function stateOf(key: ApiKey, now: Date): string {
  const { expiresAt, revokedAt } = key
  // A key that has expired may be revoked as of its end, when its name is given again.
  if (revokedAt !== null && (expiresAt === null || revokedAt < expiresAt)) return 'revoked'
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active'
}

function shown(at: Date | null): string {
  return at === null ? 'never' : at.toISOString().replace(/\.\d+Z$/, 'Z')
}

function refused(message: string): AppError {
  return new AppError('BAD_USER_INPUT', message)
}
