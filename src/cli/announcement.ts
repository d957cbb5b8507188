import { SCOPES } from '../auth/scopes.ts'
import { VENDORS } from '../rest/facades.ts'
import { apiKeysOf } from '../store/api-keys.ts'
import type { Store } from '../store/connect.ts'
import { allWorkspaces } from '../store/workspaces.ts'
import type { Demo } from './demo.ts'
import { commandLine } from './invocation.ts'
import type { Terminal } from './terminal.ts'

const QUERY =
  '{ accounts(connection: CONNECTED) { nodes { platform handle audience { followers } } } }'

/** What is served, and from what. */
export interface Served {
  url: string
  store: Store
  demo: Demo | null
  /** Whether it runs none but the documents that it was started with. */
  isTrusting: boolean
}

/** Prints where to look, and what to do next. */
export async function announce(terminal: Terminal, served: Served): Promise<void> {
  const { url, store, demo, isTrusting } = served
  const seconds = (performance.now() / 1000).toFixed(1)
  terminal.print(`Weir is ready after ${seconds} s.`)
  terminal.print('')
  terminal.print(
    isTrusting
      ? `  GraphQL    ${url}/graphql, for its trusted documents alone`
      : `  GraphiQL   ${url}/graphql`,
  )
  terminal.print(`  REST       ${url}/docs`)
  terminal.print(`  Health     ${url}/readyz`)
  const lines = demo ? linesOfDemo(served, demo) : await nextSteps(store)
  for (const line of lines) terminal.print(line)
}

function linesOfDemo({ url, isTrusting }: Served, { key, workspaceId }: Demo): string[] {
  const body = JSON.stringify({ query: QUERY })
  const question =
    `curl -s ${url}/graphql -H 'Authorization: Bearer ${key}' ` +
    `-H 'Content-Type: application/json' -d '${body}'`
  return [
    `  API key    ${key}`,
    `  Workspace  ${workspaceId}, a demo over simulated platforms`,
    '',
    ...(isTrusting ? [] : [question]),
    ...VENDORS.map(({ sample }) => `curl -s '${url}${sample}' -H 'Authorization: Bearer ${key}'`),
  ]
}

// Until there is a key, nobody can ask anything.
async function nextSteps({ db, backend }: Store): Promise<string[]> {
  const keys = await apiKeysOf(db, null)
  if (keys.some(({ revokedAt }) => revokedAt === null)) return []
  const [workspace] = await allWorkspaces(db)
  const id = workspace?.id ?? 'WORKSPACE'
  const scopes = ['--scopes', SCOPES.join()]
  const create = commandLine('keys', 'create', '--workspace', id, '--name', 'NAME', ...scopes)
  return [
    '',
    backend === 'pglite'
      ? 'Next: end this process, for it alone can use the database, and'
      : 'Next:',
    ...(workspace ? [] : [`  make a workspace  ${commandLine('import', 'FILE')}`]),
    `  make an API key   ${create}`,
  ]
}
