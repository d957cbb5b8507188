import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'

const MAIN = join(import.meta.dirname, '../../src/main.ts')
const READY_TIMEOUT_MS = 60_000

/** The real command, running. */
export interface WeirProcess {
  readonly pid: number | undefined
  /** What it has printed so far. */
  readonly output: string
  /** What it has reported so far. */
  readonly errors: string
  /**
   * Resolves with the match once the output has it, or what it has reported; rejects when the
   * process ends without it.
   */
  until(pattern: RegExp, where?: 'output' | 'errors'): Promise<RegExpExecArray>
  /** Sends a signal and resolves with the exit code, null after SIGKILL. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** Resolves with the exit code. */
  exit(): Promise<number | null>
}

/** A folder of the test's own. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A folder for the tests of a file. */
export function suiteFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Starts the command with nothing in its environment but what is given. */
export function startWeir(
  words: string[],
  environment: Record<string, string>,
  input = '',
): WeirProcess {
  const env = { PATH: process.env['PATH'] ?? '', WEIR_PORT: '0', ...environment }
  const child = spawn(process.execPath, [MAIN, ...words], { env, stdio: 'pipe' })
  child.stdin.end(input)
  const ended = once(child, 'close').then(() => child.exitCode)
  const printed: Printed = { output: '', errors: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (printed.output += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (printed.errors += text))
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return ended
  }
  onTestFinished(async () => void (await stop('SIGKILL')))
  return {
    pid: child.pid,
    get output() {
      return printed.output
    },
    get errors() {
      return printed.errors
    },
    until: (pattern, where = 'output') => matched(child, printed, pattern, where),
    stop,
    exit: () => ended,
  }
}

/** Runs the command to its end. */
export async function runWeir(
  words: string[],
  environment: Record<string, string>,
  input = '',
): Promise<{ code: number | null; output: string; errors: string }> {
  const run = startWeir(words, environment, input)
  const code = await run.exit()
  return { code, output: run.output, errors: run.errors }
}

interface Printed {
  output: string
  errors: string
}

function matched(
  child: ChildProcess,
  printed: Printed,
  pattern: RegExp,
  where: keyof Printed,
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', look)
      child.off('close', failEnded)
    }
    const fail = (why: string) => {
      end()
      reject(new Error(`${why}: ${printed.output}${printed.errors}`))
    }
    const failEnded = () => fail('It ended')
    const look = () => {
      const match = pattern.exec(printed[where])
      if (!match) return
      end()
      resolve(match)
    }
    const timer = setTimeout(fail, READY_TIMEOUT_MS, 'Nothing came')
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', look)
    child.once('close', failEnded)
    look()
  })
}
