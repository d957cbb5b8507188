import { setTimeout as wait } from 'node:timers/promises'
import { startPostgresServer } from '../test/support/postgres-server.ts'
import { type Child, startChild } from './child.ts'
import type { Order, Outcome } from './hostile-attacker.ts'
import { machineOf } from './machine.ts'
import { numbersIn } from './options.ts'
import { usageOf } from './process-usage.ts'
import { figure, tableOf } from './report.ts'
import { coresOf, startWeir } from './serve-contest.ts'
import { openServeDatabase, type ServeDatabase } from './serve-database.ts'
import { median } from './serve-figures.ts'
import { ask, dashboardQuestion } from './serve-questions.ts'
import type { ServerProcess } from './server-process.ts'

const USUALLY = { rounds: 5, seconds: 10, 'per-second': 40, attacks: 10 }
const PUBLICATIONS = 10_000
const MIB = 1024 * 1024

interface Round {
  calm: number[]
  attacked: number[]
  outcome: Outcome
  residentBytes: number
}

/**
 * What others notice of attacks on a server. Takes how many `--rounds`, of how many `--seconds`
 * each without and with attacks, how often others ask `--per-second`, and how many `--attacks` there
 * are a second. Answers a section of docs/bench.md. Throws when an attack was not refused.
 */
export async function hostileBenchmark(words: readonly string[]): Promise<string> {
  const extent = numbersIn(words, USUALLY)
  const postgres = await startPostgresServer(process.env['WEIR_BENCH_DATABASE_URL'])
  await using opened = new AsyncDisposableStack()
  opened.defer(() => postgres.close())
  const database = opened.use(await openServeDatabase(postgres, PUBLICATIONS))
  const server = await startWeir(database, { isCaching: false })
  opened.defer(() => server.stop())
  const attacker = await startChild('hostile-attacker.ts', { cores: coresOf().others })
  opened.defer(() => attacker.stop())
  const scene = { server, database, attacker, extent }
  // What comes first is slow for reasons of its own.
  await askSteadily(server.url, database.key, extent)
  const before = usageOf(server.pid).residentBytes
  await roundOf(scene)
  const rounds: Round[] = []
  for (let round = 0; round < extent.rounds; round += 1) rounds.push(await roundOf(scene))
  return reportOf({ machine: await machineOf(database.store), rounds, extent, before })
}

interface Scene {
  server: ServerProcess
  database: ServeDatabase
  attacker: Child
  extent: typeof USUALLY
}

async function roundOf({ server, database, attacker, extent }: Scene): Promise<Round> {
  const { url } = server
  const { key } = database
  const calm = await askSteadily(url, key, extent)
  const order: Order = { url, key, perSecond: extent.attacks }
  await attacker.ask(order)
  const attacked = await askSteadily(url, key, extent)
  const outcome = await attacker.ask<Outcome>({ stop: true })
  if (outcome.failures.length > 0) throw new Error(outcome.failures.join('\n'))
  return { calm, attacked, outcome, residentBytes: usageOf(server.pid).residentBytes }
}

// Every request begins at its time, whether or not those before it are answered.
async function askSteadily(
  url: string,
  key: string,
  { seconds, 'per-second': perSecond }: typeof USUALLY,
): Promise<number[]> {
  const question = dashboardQuestion(key)
  const startedAt = performance.now()
  const answers: Promise<number>[] = []
  for (let turn = 0; turn < seconds * perSecond; turn += 1) {
    await wait(Math.max(0, startedAt + (turn * 1000) / perSecond - performance.now()))
    answers.push(timed(() => ask(url, question)))
  }
  return Promise.all(answers)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

interface Measured {
  machine: string
  rounds: readonly Round[]
  extent: typeof USUALLY
  /** What the process held before the first attack. */
  before: number
}

function reportOf({ machine, rounds, extent, before }: Measured): string {
  const of = (phase: 'calm' | 'attacked', share: number) =>
    median(rounds.map((round) => percentile(round[phase], share)))
  const row = (name: string, share: number) => {
    const [calm, attacked] = [of('calm', share), of('attacked', share)]
    return [name, figure(calm), figure(attacked), (attacked / calm).toFixed(2)]
  }
  const slowest = Math.max(...rounds.map(({ outcome }) => outcome.slowestMs))
  const resident = rounds.map(({ residentBytes }) => figure(residentBytes / MIB))
  const attacks = rounds.reduce((sum, { outcome }) => sum + outcome.attacks, 0)
  return `Measured on ${machine}. One process (\`weir serve --no-worker\`, no cache of answers) has
${figure(PUBLICATIONS)} publications. Others ask it for a dashboard ${extent['per-second']} times a second, at
their times; every ${extent.seconds} s without attacks are followed by as many with: ${extent.attacks} a second of every
kind that the tests know (\`test/security/attacks.ts\`) and bodies of 5 MB, and 200 clients that do not
end their heads. The figures are medians of ${extent.rounds} rounds.

${tableOf(
  ['answers to others', 'calm, ms', 'attacked, ms', 'ratio'],
  [row('median', 0.5), row('p90', 0.9), row('p99', 0.99)],
)}

All of ${figure(attacks)} attacks were refused, the slowest after ${figure(slowest)} ms. The process held
${figure(before / MIB)} MiB before the first of them, and after each round ${resident.join(', ')}.`
}
