import { availableParallelism } from 'node:os'
import { createApiKey } from '../src/auth/keys.ts'
import { SECRET_KEY } from '../test/support/importing.ts'
import type { Tell } from './insight-fill.ts'
import type { World } from './insight-questions.ts'
import { FLEET, LAST_DAYS } from './insight-world.ts'
import { peakResidentBytesOf, usageOf } from './process-usage.ts'
import { startServer, WEIR } from './server-process.ts'

/** What an export of the fleet's rows cost. */
export interface ExportCost {
  name: string
  lines: number
  seconds: number
  /** Of the server: before it was asked for anything, and at most. */
  idleBytes: number
  peakBytes: number
}

const { from, to } = LAST_DAYS
const EXPORTS = [
  { name: 'publications, CSV', path: '/export/publications?format=csv', encoding: 'identity' },
  {
    name: '30 days of histories, NDJSON, gzip',
    path: `/export/history?${new URLSearchParams({
      ...{ subject: 'publication', interval: 'day', format: 'ndjson' },
      ...{ from: from.toISOString(), to: to.toISOString() },
    })}`,
    encoding: 'gzip',
  },
]
const LINE_END = 10

/** Exports everything that the fleet has, each time from a server that has just been started. */
export async function exportCosts(world: World, tell: Tell): Promise<ExportCost[]> {
  const key = await keyOf(world)
  const costs: ExportCost[] = []
  for (const wanted of EXPORTS) {
    costs.push(await costOf(world, wanted, key))
    tell(`export of ${wanted.name}`)
  }
  return costs
}

async function keyOf({ db }: World): Promise<string> {
  const created = await createApiKey(db, FLEET.workspaceId, {
    ...{ id: 'bench', name: 'bench', prefix: 'weir', createdAt: new Date(), expiresAt: null },
    scopes: ['analytics:read'],
  })
  if (created === null) throw new Error('The database has a key already.')
  return created.text
}

async function costOf(
  { store }: World,
  { name, path, encoding }: (typeof EXPORTS)[number],
  key: string,
): Promise<ExportCost> {
  const server = await startServer({
    words: [...WEIR, 'serve', '--no-worker'],
    environment: {
      DATABASE_URL: store.databaseUrl ?? '',
      WEIR_SECRET_KEY: Buffer.from(SECRET_KEY).toString('base64'),
    },
    portVariable: 'WEIR_PORT',
    cores: `0-${availableParallelism() - 1}`,
  })
  try {
    const idleBytes = usageOf(server.pid).residentBytes
    const startedAt = performance.now()
    const headers = { authorization: `Bearer ${key}`, 'accept-encoding': encoding }
    const response = await fetch(new URL(path, server.url), { headers })
    if (!response.ok) throw new Error(`${path} answered ${response.status}.`)
    const lines = await linesOf(response)
    const seconds = (performance.now() - startedAt) / 1000
    return { name, lines, seconds, idleBytes, peakBytes: peakResidentBytesOf(server.pid) }
  } finally {
    await server.stop()
  }
}

async function linesOf({ body }: Response): Promise<number> {
  let lines = 0
  for await (const part of body ?? []) {
    for (let at = part.indexOf(LINE_END); at >= 0; at = part.indexOf(LINE_END, at + 1)) lines += 1
  }
  return lines
}
