import { once } from 'node:events'
import pg from 'pg'
import { v7 as uuid } from 'uuid'
import { work } from '../src/cli/worker.ts'

/** What a worker has used up since it was started. */
export interface WorkerUsage {
  cpuSeconds: number
  /** Statements that are not the beginning or the end of a transaction. */
  statements: number
  /** Those among them that are of the job queue. */
  queueStatements: number
  /** How many transactions began. */
  transactions: number
}

// The real command, with its statements counted: those of the job queue come from another library,
// so they are counted where all of them pass.
const counted = { statements: 0, queueStatements: 0, transactions: 0 }
const send = pg.Client.prototype.query
pg.Client.prototype.query = new Proxy(send, {
  apply(target, client, words: unknown[]) {
    countIn(words[0])
    return Reflect.apply(target, client, words)
  },
})

function countIn(statement: unknown): void {
  const text = typeof statement === 'string' ? statement : Reflect.get(Object(statement), 'text')
  if (typeof text !== 'string') return
  if (/^\s*begin/i.test(text)) counted.transactions += 1
  if (/^\s*(begin|commit|rollback)/i.test(text)) return
  counted.statements += 1
  if (text.includes('weir_jobs')) counted.queueStatements += 1
}

function usage(): WorkerUsage {
  const { user, system } = process.cpuUsage()
  return { cpuSeconds: (user + system) / 1_000_000, ...counted }
}

process.on('message', () => process.send?.(usage()))
await work({
  environment: process.env,
  input: (async function* () {})(),
  print: (line) => console.log(line),
  report(line) {
    if (line.includes('worker started')) process.send?.(usage())
    else if (!line.includes('"level":"info"')) console.error(line)
  },
  redraw: null,
  now: () => new Date(),
  newId: uuid,
  random: Math.random,
  untilStopped: async () => void (await once(process, 'disconnect')),
})
