import { loadavg } from 'node:os'
import { type PostgresServer, startPostgresServer } from '../test/support/postgres-server.ts'
import { startChild } from './child.ts'
import { machineOf } from './machine.ts'
import { numbersIn } from './options.ts'
import { installPeers } from './peers.ts'
import { coresOf, openContest } from './serve-contest.ts'
import { openServeDatabase } from './serve-database.ts'
import { reportOf } from './serve-report.ts'
import { takeTurns } from './serve-rounds.ts'

const USUALLY = { publications: 100_000, rounds: 5, seconds: 3 }

/** The numbers of connections that servers are loaded with. */
const CONNECTIONS = [1, 16] as const

/**
 * Answers of Weir to a dashboard's query and to a page of REST, and those of its peers over the
 * same rows. Takes `--rounds`, and the `--seconds` of each turn. Answers a section of docs/bench.md.
 */
export async function serveBenchmark(words: readonly string[]): Promise<string> {
  const extent = numbersIn(words, USUALLY)
  installPeers()
  const [loadBefore = 0] = loadavg()
  const server = await startPostgresServer(process.env['WEIR_BENCH_DATABASE_URL'])
  try {
    return await measure(server, extent, loadBefore)
  } finally {
    await server.close()
  }
}

async function measure(
  server: PostgresServer,
  extent: typeof USUALLY,
  loadBefore: number,
): Promise<string> {
  await using database = await openServeDatabase(server, extent.publications)
  await using contest = await openContest(database)
  const load = await startChild('peers/load.js', { cores: coresOf().others })
  try {
    const dashboard = await takeTurns(load, contest.dashboard, CONNECTIONS, extent)
    const page = await takeTurns(load, contest.page, CONNECTIONS, extent)
    const machine = await machineOf(database.store)
    return reportOf({ machine, loadBefore, extent, dashboard, page })
  } finally {
    await load.stop()
  }
}
