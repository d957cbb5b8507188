import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../test/support/postgres-server.ts'
import { answerOf, canPin } from './child.ts'
import type { Probe } from './probe.ts'

const ROOT = join(import.meta.dirname, '..')
const PROBE = join(import.meta.dirname, 'probe.ts')
const LOOK_AGAIN_MS = 50
const READY_WITHIN_MS = 60_000
const COMPLAINT_CHARACTERS_MAX = 2000

/** What runs Weir, as the scripts of package.json have it. */
export const WEIR = [
  ...['--max-semi-space-size=16', '--no-allocation-site-pretenuring'],
  'src/main.ts',
]

/** How a server is started. */
export interface ServerCommand {
  /** Node's arguments: flags, a script from the project's folder, and what that takes. */
  words: readonly string[]
  environment: Readonly<Record<string, string>>
  /** The variable that tells it where to listen. */
  portVariable: string
  /** As `taskset` takes them. */
  cores: string
  /** Whether it can be looked into while it runs. Default: no. */
  isProbed?: boolean
}

/** A server in a process of its own, which listens. */
export interface ServerProcess {
  pid: number
  /** Without a path. */
  url: string
  /** Looks into the process. Throws unless it was started so that this can be. */
  probe<Name extends keyof Probe>(name: Name): Promise<Probe[Name]>
  /** Asks it to end, and resolves when it has. */
  stop(): Promise<void>
}

/** Starts a server on the given cores, where that is possible, and waits until it listens. */
export async function startServer(command: ServerCommand): Promise<ServerProcess> {
  const port = await freePort()
  const child = spawnPinned(command, port)
  const complaints = complaintsOf(child)
  const url = `http://127.0.0.1:${port}`
  await untilListening(url, child).catch((error) => {
    child.kill('SIGKILL')
    throw new Error(`${command.words.join(' ')}: ${error.message}\n${complaints()}`)
  })
  return {
    pid: child.pid ?? 0,
    url,
    async probe<Name extends keyof Probe>(name: Name) {
      child.send(name)
      return (await answerOf(child)) as Probe[Name]
    },
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

function spawnPinned(command: ServerCommand, port: number): ChildProcess {
  const { words, environment, portVariable, cores, isProbed = false } = command
  const node = [process.execPath, ...(isProbed ? ['--import', PROBE] : []), ...words]
  const [program = '', ...rest] = canPin() ? ['taskset', '-c', cores, ...node] : node
  return spawn(program, rest, {
    cwd: ROOT,
    env: {
      ...{ PATH: process.env['PATH'], NODE_ENV: 'production' },
      ...environment,
      [portVariable]: `${port}`,
    },
    stdio: ['ignore', 'ignore', 'pipe', ...(isProbed ? ['ipc' as const] : [])],
  })
}

// The last of what it said on its standard error, for when it does not start.
function complaintsOf(child: ChildProcess): () => string {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-COMPLAINT_CHARACTERS_MAX)
  })
  return () => said
}

async function untilListening(url: string, child: ChildProcess): Promise<void> {
  const until = performance.now() + READY_WITHIN_MS
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}.`)
    const isListening = await fetch(url, { redirect: 'manual' }).then(drain, () => false)
    if (isListening) return
    await wait(LOOK_AGAIN_MS)
  }
  throw new Error('It does not listen.')
}

async function drain(response: Response): Promise<boolean> {
  await response.arrayBuffer()
  return true
}
