import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A process of the benchmark that answers messages. */
export interface Child {
  pid: number
  /** Sends a message and resolves with the next answer. */
  ask<Answer>(message: object): Promise<Answer>
  /** Asks it to end, and resolves when it has. */
  stop(): Promise<void>
}

/** Whether processes can be pinned to cores here. */
export function canPin(): boolean {
  return spawnSync('taskset', ['--version']).status === 0
}

/** Starts a script beside this one, on the given cores where that is possible. */
export async function startChild(
  script: string,
  { environment = {}, cores, flags = [] }: ChildOptions,
): Promise<Child> {
  const words = [...flags, join(import.meta.dirname, script)]
  const node = [process.execPath, ...words]
  const [command = '', ...rest] = canPin() ? ['taskset', '-c', cores, ...node] : node
  const child = spawn(command, rest, {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await answerOf(child)
  return {
    pid: child.pid ?? 0,
    async ask<Answer>(message: object) {
      child.send(message)
      return (await answerOf(child)) as Answer
    },
    async stop() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

interface ChildOptions {
  environment?: Record<string, string>
  /** As `taskset` takes them. */
  cores: string
  /** For Node. */
  flags?: readonly string[]
}

/** The next message of a process that was started with a channel. Throws when it ends before. */
export async function answerOf(child: ChildProcess): Promise<unknown> {
  const waiting = new AbortController()
  const { signal } = waiting
  try {
    const [answer] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`A process of the benchmark ended with ${code}.`)
      }),
    ])
    return answer
  } finally {
    waiting.abort()
  }
}
