import { randomBytes } from 'node:crypto'
import {
  administer,
  databaseUrl,
  type PostgresServer,
  startPostgresServer,
} from '../test/support/postgres-server.ts'
import { exportCosts } from './insight-export.ts'
import { fillWorld } from './insight-fill.ts'
import type { Reads } from './insight-plans.ts'
import { GROWING, openWorld, type Question, STEADY, type World } from './insight-questions.ts'
import { type Answered, reportOf } from './insight-report.ts'
import { readsFor, type Turns, timesOf } from './insight-times.ts'
import type { Size } from './insight-world.ts'
import { machineOf } from './machine.ts'
import { numbersIn } from './options.ts'

const USUALLY = { accounts: 1000 }
const PUBLICATIONS_EACH = 1000
const PART = 100
const ACCOUNTS_MIN = 2
const OFTEN = { warm: 50, measured: 300 }
const SELDOM = { warm: 2, measured: 9 }

/**
 * Questions of dashboards and exports in a large database, and in one of a hundredth of its size.
 * Takes the `--accounts` of the large one. Answers a section of docs/bench.md. Throws when one
 * account's or one publication's numbers are not found by an index.
 */
export async function insightBenchmark(words: readonly string[]): Promise<string> {
  const { accounts } = numbersIn(words, USUALLY)
  const large = sizeOf(accounts)
  const small = sizeOf(Math.max(ACCOUNTS_MIN, Math.ceil(accounts / PART)))
  const server = await startPostgresServer(process.env['WEIR_BENCH_DATABASE_URL'])
  try {
    await using few = await openFilled(server, small)
    await using many = await openFilled(server, large)
    const worlds = [few, many]
    return reportOf({
      ...{ machine: await machineOf(many.store), small, large },
      steady: await answersOf(STEADY, OFTEN, worlds),
      growing: await answersOf(GROWING, SELDOM, worlds),
      exports: await exportCosts(many, tell),
    })
  } finally {
    await server.close()
  }
}

function sizeOf(accounts: number): Size {
  return { accounts, publications: accounts * PUBLICATIONS_EACH }
}

const startedAt = performance.now()

function tell(line: string): void {
  const seconds = (performance.now() - startedAt) / 1000
  console.error(`${seconds.toFixed(0).padStart(5)} s  ${line}`)
}

async function openFilled(server: PostgresServer, size: Size): Promise<World> {
  const name = `weir_bench_${randomBytes(4).toString('hex')}`
  await administer(server.url, `create database ${name} template ${server.template}`)
  const url = databaseUrl(server.url, name)
  await fillWorld(url, size, tell)
  const world = await openWorld(url)
  return {
    ...world,
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
      await administer(server.url, `drop database ${name} with (force)`)
    },
  }
}

async function answersOf(
  questions: readonly Question[],
  turns: Turns,
  worlds: readonly World[],
): Promise<Answered[]> {
  const answered: Answered[] = []
  for (const question of questions) {
    const reads = await Promise.all(worlds.map((world) => readsFor(question, world)))
    if (questions === STEADY) for (const each of reads) checkReads(question, each)
    const times = await timesOf(question, worlds, turns)
    const [[small, large], [, inLarge]] = [times, reads]
    if (small && large && inLarge)
      answered.push({ name: question.name, small, large, reads: inLarge })
    tell(question.name)
  }
  return answered
}

function checkReads({ name }: Question, { wholeTables }: Reads): void {
  if (wholeTables.length === 0) return
  throw new Error(`To answer with ${name}, PostgreSQL reads all of ${wholeTables.join(' and ')}.`)
}
