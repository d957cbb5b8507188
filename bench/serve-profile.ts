import { type PostgresServer, startPostgresServer } from '../test/support/postgres-server.ts'
import { startChild } from './child.ts'
import { type CpuProfile, type ProfileLine, summaryOf } from './cpu-profile.ts'
import { machineOf } from './machine.ts'
import { numbersIn } from './options.ts'
import { installPeers } from './peers.ts'
import { tableOf } from './report.ts'
import { coresOf, SERVERS, startWeir } from './serve-contest.ts'
import { openServeDatabase, type ServeDatabase } from './serve-database.ts'
import { dashboardQuestion, pageQuestion, type Question } from './serve-questions.ts'
import { takeTurn, WARM_UP } from './serve-rounds.ts'

const USUALLY = { publications: 100_000, seconds: 10, connections: 16 }
const LINES_SHOWN = 20

type Extent = typeof USUALLY

/**
 * Where Weir spends its time on a dashboard and on a page over REST, each without a cache of answers
 * and with one. Takes the `--seconds` and `--connections` of the load. Answers a section of
 * docs/bench.md.
 */
export async function serveProfile(words: readonly string[]): Promise<string> {
  const extent = numbersIn(words, USUALLY)
  installPeers()
  const server = await startPostgresServer(process.env['WEIR_BENCH_DATABASE_URL'])
  try {
    return await profileOn(server, extent)
  } finally {
    await server.close()
  }
}

async function profileOn(server: PostgresServer, extent: Extent): Promise<string> {
  await using database = await openServeDatabase(server, extent.publications)
  const questions = {
    'The dashboard: 25 rows': dashboardQuestion(database.key),
    'A page over REST: 100 rows': pageQuestion(database.key),
  }
  const sections: string[] = []
  for (const [what, question] of Object.entries(questions)) {
    for (const name of ['misses', 'hits'] as const) {
      const profile = await profileOf(database, { name, question }, extent)
      sections.push(`\n### ${what}. ${SERVERS[name]}\n`, ...tablesOf(profile))
    }
  }
  const { seconds, connections } = extent
  return [
    `Measured on ${await machineOf(database.store)}: \`weir serve --no-worker\`, for ${seconds} s`,
    `under the load of ${connections} connections. Shares are of the time in which the processor was busy. What`,
    'Node does belongs to the package that had it done; functions are without what they call.',
    ...sections,
  ].join('\n')
}

async function profileOf(
  database: ServeDatabase,
  asked: { name: 'hits' | 'misses'; question: Question },
  extent: Extent,
): Promise<CpuProfile> {
  const load = await startChild('peers/load.js', { cores: coresOf().others })
  const isCaching = asked.name === 'hits'
  const server = await startWeir(database, { isCaching, isProbed: true })
  const contestant = { ...asked, server }
  try {
    await takeTurn(load, contestant, WARM_UP)
    await server.probe('startProfile')
    await takeTurn(load, contestant, extent)
    return summaryOf(await server.probe('stopProfile'))
  } finally {
    await server.stop()
    await load.stop()
  }
}

function tablesOf({ byPackage, byFunction }: CpuProfile): string[] {
  return [
    tableOf(['package', 'share'], rowsOf(byPackage.slice(0, LINES_SHOWN))),
    '',
    tableOf(['function', 'share'], rowsOf(byFunction.slice(0, LINES_SHOWN))),
  ]
}

function rowsOf(lines: readonly ProfileLine[]): string[][] {
  return lines.map(({ name, share }) => [`\`${name}\``, `${(share * 100).toFixed(1)} %`])
}
