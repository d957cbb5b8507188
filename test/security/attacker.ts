import { parentPort, Worker, workerData } from 'node:worker_threads'
import { ATTACKS } from './attacks.ts'

const LARGE = { name: 'a body of 5 MB', body: 'x'.repeat(5 * 1024 * 1024) }

/** How many attacks it takes until each kind was made once. */
export const KINDS = ATTACKS.length + 1

/** Whom to attack. */
export interface Target {
  url: string
  headers: Record<string, string>
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
  const thread = new Worker(new URL(import.meta.url), { workerData: target })
  const waiting: PromiseWithResolvers<void>[] = []
  thread.on('message', (problem: string | null) => {
    const next = waiting.shift()
    if (problem === null) next?.resolve()
    else next?.reject(new Error(problem))
  })
  thread.on('error', (error) => {
    for (const each of waiting.splice(0)) each.reject(error)
  })
  return {
    attack() {
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

async function* attacksOn({ url, headers }: Target): AsyncGenerator<string | null> {
  const kinds = [...ATTACKS, LARGE].map(({ name, body }) => ({ name, body: Buffer.from(body) }))
  for (;;) {
    for (const { name, body } of kinds) {
      const response = await fetch(url, { method: 'POST', headers, body })
      const { errors } = (await response.json()) as { errors?: object[] }
      yield errors?.length === 1 ? null : `${name} was answered with ${response.status}.`
    }
  }
}

if (parentPort) {
  const thread = parentPort
  const attacks = attacksOn(workerData as Target)
  thread.on('message', async () => thread.postMessage((await attacks.next()).value))
}
