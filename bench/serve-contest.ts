import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashOfKey } from '../src/auth/keys.ts'
import { SECRET_KEY } from '../test/support/importing.ts'
import type { ServeDatabase } from './serve-database.ts'
import {
  ask,
  assertAlike,
  assertSame,
  dashboardQuestion,
  pageQuestion,
  postgraphileQuestion,
  type Question,
} from './serve-questions.ts'
import { type ServerProcess, startServer, WEIR } from './server-process.ts'

/** What lets a load through that no client has. */
export const UNLIMITED = {
  WEIR_RATE_GRAPHQL_COST_PER_MINUTE: '1000000000',
  WEIR_RATE_DRAVO_PER_MINUTE: '1000000',
}
const UNCACHED = { WEIR_ANSWER_CACHE_BYTES_MAX: '0' }

/** What is measured against each other, by what tables call it. */
export const SERVERS = {
  raw: 'raw `node:http`',
  hits: 'Weir, cache hits',
  misses: 'Weir, cache off',
  mercurius: 'Mercurius with jit',
  apollo: 'Apollo Server 5',
  postgraphile: 'PostGraphile 5',
} as const

/** One of the servers that are measured against each other. */
export type ServerName = keyof typeof SERVERS

/** A server under load, and what it is asked. */
export interface Contestant {
  name: ServerName
  server: ServerProcess
  question: Question
}

/** Everything that is measured against each other: on a dashboard, and on a page of REST. */
export interface Contest extends AsyncDisposable {
  dashboard: Contestant[]
  page: Contestant[]
}

/** Servers have the last core for themselves; the load and the database are on the others. */
export function coresOf(): { server: string; others: string } {
  const last = availableParallelism() - 1
  return { server: `${last}`, others: last === 0 ? '0' : `0-${last - 1}` }
}

/** Starts `weir serve --no-worker` on a database, with a cache of answers or without. */
export async function startWeir(
  { url }: ServeDatabase,
  options: { isCaching: boolean; isProbed?: boolean },
): Promise<ServerProcess> {
  return startServer({
    words: [...WEIR, 'serve', '--no-worker'],
    environment: {
      ...{ DATABASE_URL: url, WEIR_SECRET_KEY: Buffer.from(SECRET_KEY).toString('base64') },
      ...UNLIMITED,
      ...(options.isCaching ? {} : UNCACHED),
    },
    portVariable: 'WEIR_PORT',
    cores: coresOf().server,
    isProbed: options.isProbed ?? false,
  })
}

/** Starts everything that is measured. Throws unless all of it answers alike. */
export async function openContest(database: ServeDatabase): Promise<Contest> {
  await using opened = new AsyncDisposableStack()
  const started = async (server: Promise<ServerProcess>) =>
    opened.adopt(await server, ({ stop }) => stop())
  const folder = mkdtempSync(join(tmpdir(), 'weir-bench-'))
  opened.defer(() => rmSync(folder, { recursive: true }))
  const questions = { dashboard: dashboardQuestion(database.key), page: pageQuestion(database.key) }
  const weir = {
    hits: await started(startWeir(database, { isCaching: true })),
    misses: await started(startWeir(database, { isCaching: false })),
  }
  const contestantsFor = async (what: keyof typeof questions): Promise<Contestant[]> => {
    const question = questions[what]
    const { contentType, text } = await ask(weir.misses.url, question)
    const file = join(folder, what)
    writeFileSync(file, text)
    const about = { BODY_FILE: file, CONTENT_TYPE: contentType }
    return [
      { name: 'raw', server: await started(startPeer('raw', about)), question },
      { name: 'hits', server: weir.hits, question },
      { name: 'misses', server: weir.misses, question },
    ]
  }
  const about = { DATABASE_URL: database.url, KEY_HASH: hashOfKey(database.key) }
  const peer = async (name: 'mercurius' | 'apollo' | 'postgraphile', question: Question) => ({
    ...{ name, server: await started(startPeer(name, about)), question },
  })
  const dashboard = [
    ...(await contestantsFor('dashboard')),
    await peer('mercurius', questions.dashboard),
    await peer('apollo', questions.dashboard),
    await peer('postgraphile', postgraphileQuestion(database.key)),
  ]
  await assertFair(dashboard)
  const page = await contestantsFor('page')
  const all = opened.move()
  return { dashboard, page, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

function startPeer(name: ServerName, environment: Record<string, string>): Promise<ServerProcess> {
  return startServer({
    words: [`bench/peers/${name}.js`],
    environment: { GRAPHILE_ENV: 'production', ...environment },
    portVariable: 'PORT',
    cores: coresOf().server,
  })
}

async function assertFair(contestants: readonly Contestant[]): Promise<void> {
  const answers = contestants.map(async ({ name, server, question }) => ({
    ...{ name, answer: await ask(server.url, question) },
  }))
  const [first, ...others] = await Promise.all(answers)
  if (first === undefined) return
  for (const { name, answer } of others) {
    const assertEqual = name === 'postgraphile' ? assertAlike : assertSame
    assertEqual(first.answer, answer)
  }
}
