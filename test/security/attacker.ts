import { connect, type Socket } from 'node:net'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { ATTACKS } from './attacks.ts'

const LARGE = { name: 'a body of 5 MB', body: 'x'.repeat(5 * 1024 * 1024) }

/** How many attacks it takes until each kind was made once. */
export const KINDS = ATTACKS.length + 1

/** Whom to attack. */
export interface Target {
  /** Where its graph is. */
  url: string
  /** How the attacker says who he is. */
  headers: Readonly<Record<string, string>>
}

/** What a thread is told that attacks. */
interface Orders {
  target: Target
}

/** Somebody who attacks. */
export interface Attacker {
  /** Makes one attack, of another kind than the last. Throws unless it is refused. */
  attack(): Promise<void>
}

/**
 * Starts an attacker in a thread of its own, so that nobody else waits for what it does. Its attacks
 * are made one after the other, however many are asked for at once.
 */
export function startAttacker(target: Target): Attacker & AsyncDisposable {
  const thread = new Worker(new URL(import.meta.url), { workerData: { target } satisfies Orders })
  const waiting: PromiseWithResolvers<void>[] = []
  let broken: Error | null = null
  thread.on('message', (problem: string | null) => {
    const next = waiting.shift()
    if (problem === null) next?.resolve()
    else next?.reject(new Error(problem))
  })
  thread.on('error', (error: Error) => {
    broken = error
    for (const each of waiting.splice(0)) each.reject(error)
  })
  return {
    attack() {
      if (broken !== null) return Promise.reject(broken)
      const asked = Promise.withResolvers<void>()
      waiting.push(asked)
      thread.postMessage('attack')
      return asked.promise
    },
    async [Symbol.asyncDispose]() {
      await thread.terminate()
    },
  }
}

/**
 * Makes attacks of every kind in turn, each when it is asked for. Says what is wrong with the answer;
 * null: it was refused as it should be. What is sent is made beforehand, so that the attacker takes as
 * little as can be of a machine that it may share with who is attacked.
 */
export async function* attacksOn({ url, headers }: Target): AsyncGenerator<string | null> {
  const { hostname, port, pathname } = new URL(url)
  const lines = Object.entries({ host: hostname, connection: 'close', ...headers })
  const requests = [...ATTACKS, LARGE].map(({ name, body }) => {
    const head = [...lines, ['content-length', Buffer.byteLength(body)]].map((line) =>
      line.join(': '),
    )
    const start = `POST ${pathname} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`
    return { name, bytes: Buffer.from(start + body) }
  })
  for (;;) {
    for (const { name, bytes } of requests) {
      const answer = await answerTo(bytes, connect(Number(port), hostname))
      const isRefused = answer.split('"errors":[{').length === 2
      yield isRefused ? null : `${name} was answered with ${answer.slice(0, 200)}`
    }
  }
}

function answerTo(bytes: Buffer, socket: Socket): Promise<string> {
  const parts: string[] = []
  socket.setEncoding('utf8').on('data', (part: string) => parts.push(part))
  // Who is cut off while sending has had the answer.
  socket.on('error', () => {}).write(bytes)
  return new Promise((resolve) => socket.once('close', () => resolve(parts.join(''))))
}

// Others may be threads, too.
const { target } = (workerData ?? {}) as Partial<Orders>
if (parentPort && target) {
  const thread = parentPort
  const attacks = attacksOn(target)
  thread.on('message', async () => thread.postMessage((await attacks.next()).value))
}
