import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Store } from '../src/store/connect.ts'
import { type PostgresServer, startPostgresServer } from '../test/support/postgres-server.ts'
import { machineOf } from './machine.ts'
import { actIn, type Client } from './memory-acts.ts'
import { openMemoryScene } from './memory-scene.ts'
import { numbersIn } from './options.ts'
import { usageOf } from './process-usage.ts'
import { figure, tableOf } from './report.ts'
import type { ServerProcess } from './server-process.ts'

const USUALLY = { minutes: 10, 'per-second': 40 }
const LOOKS = 10
/** What the last look is compared with: by then everything that is kept is there. */
const SETTLED = 2
const GROWTH_MAX = 0.1
const AT_ONCE_MAX = 64
const MIB = 1024 * 1024

/** What a server held at one time, nothing being asked of it. */
interface Look {
  minutes: number
  /** After garbage was collected. */
  heapBytes: number
  residentBytes: number
  /** So far. */
  requests: number
}

/**
 * The memory of a server under a mixed load of a bounded rate. Takes how many `--minutes`, and how
 * many requests `--per-second`. Answers a section of docs/bench.md.
 */
export async function memoryBenchmark(words: readonly string[]): Promise<string> {
  const extent = numbersIn(words, USUALLY)
  const server = await startPostgresServer(process.env['WEIR_BENCH_DATABASE_URL'])
  try {
    return await measure(server, extent)
  } finally {
    await server.close()
  }
}

async function measure(postgres: PostgresServer, extent: typeof USUALLY): Promise<string> {
  await using scene = await openMemoryScene(postgres)
  const { server, key, accountIds } = scene
  const client = { url: server.url, key, accountIds }
  const looks: Look[] = []
  let requests = 0
  for (let look = 1; look <= LOOKS; look += 1) {
    requests += await load(client, extent['per-second'], (extent.minutes * 60_000) / LOOKS)
    looks.push(await lookAt(server, (look * extent.minutes) / LOOKS, requests))
  }
  const { store } = scene.database
  const refreshes = await refreshesIn(store)
  return reportOf({ machine: await machineOf(store), looks, refreshes, extent })
}

// Every request begins at its time, unless too many are under way. Answers how many there were.
// Throws when one did not end as it should.
async function load(client: Client, perSecond: number, milliseconds: number): Promise<number> {
  const underWay = new Set<Promise<void>>()
  const failures: unknown[] = []
  const startedAt = performance.now()
  let turn = 0
  for (; performance.now() - startedAt < milliseconds && failures.length === 0; turn += 1) {
    await wait(Math.max(0, startedAt + (turn * 1000) / perSecond - performance.now()))
    while (underWay.size >= AT_ONCE_MAX) await Promise.race(underWay)
    const ended: Promise<void> = actIn(turn)(client, turn)
      .catch((error) => void failures.push(error))
      .finally(() => underWay.delete(ended))
    underWay.add(ended)
  }
  await Promise.all(underWay)
  if (failures.length > 0) throw failures[0]
  return turn
}

async function lookAt(server: ServerProcess, minutes: number, requests: number): Promise<Look> {
  const heapBytes = await server.probe('heap')
  const { residentBytes } = usageOf(server.pid)
  return { minutes, heapBytes, residentBytes, requests }
}

// How many there were, by how they ended.
async function refreshesIn({ db }: Store): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('refresh')
    .select(['status', sql<number>`count(*)`.as('count')])
    .groupBy('status')
    .execute()
  return new Map(rows.map(({ status, count }) => [status, count]))
}

interface Measured {
  machine: string
  looks: readonly Look[]
  refreshes: ReadonlyMap<string, number>
  extent: typeof USUALLY
}

function reportOf({ machine, looks, refreshes, extent }: Measured): string {
  const [settled, last] = [looks[SETTLED - 1]?.heapBytes ?? 0, looks.at(-1)?.heapBytes ?? 0]
  const growth = last / settled - 1
  const verdict = growth < GROWTH_MAX ? 'met' : '**missed**'
  const rows = looks.map(({ minutes, heapBytes, residentBytes, requests }) => [
    ...[figure(minutes), figure(requests), inMib(heapBytes), inMib(residentBytes)],
  ])
  return [
    `Measured on ${machine}. One process serves and refreshes (\`weir serve\`), over simulated`,
    `platforms, under ${extent['per-second']} requests a second of a mixed load: dashboards of varying sizes, pages of`,
    'REST, refreshes, subscriptions that are opened and left, and requests that are refused. It waits',
    'while its memory is looked at: the heap after garbage was collected, and the whole process.',
    'Numbers are stale after 20 s, so that much of what is asked for and read has platforms called.',
    `Refreshes in all: ${[...refreshes].map(([status, count]) => `${figure(count)} ${status}`).join(', ')}.`,
    '',
    `From minute ${figure((SETTLED * extent.minutes) / LOOKS)} on the heap grew by ${(growth * 100).toFixed(1)} %. The aim, less than ${GROWTH_MAX * 100} %, is ${verdict}.`,
    '',
    tableOf(['minute', 'requests', 'heap MiB', 'process MiB'], rows),
  ].join('\n')
}

function inMib(bytes: number): string {
  return (bytes / MIB).toFixed(1)
}
