import { v7 as uuid } from 'uuid'
import { runProgram } from '../../src/cli/program.ts'
import type { Terminal } from '../../src/cli/terminal.ts'

/** What a command did: its exit code, and what it said on either stream. */
export interface Run {
  code: number
  output: string
  errors: string
}

/** What a test may choose of the surroundings of a command. */
export type TestTerminalOptions = Partial<
  Pick<Terminal, 'environment' | 'input' | 'now' | 'redraw'>
>

/** Runs a command in this process. */
export async function runCommand(words: string[], options: TestTerminalOptions = {}): Promise<Run> {
  const { terminal, said } = openTerminal(options)
  const code = await runProgram(terminal, words)
  return { code, ...said() }
}

/** A terminal that keeps what is said. */
export function openTerminal(options: TestTerminalOptions = {}) {
  const [output, errors]: [string[], string[]] = [[], []]
  const terminal: Terminal = {
    ...{ environment: {}, input: (async function* () {})(), now: () => new Date() },
    ...{ newId: () => uuid(), random: () => 0.5, untilStopped: async () => {}, redraw: null },
    ...options,
    print: (line) => void output.push(`${line}\n`),
    report: (line) => void errors.push(`${line}\n`),
  }
  return { terminal, said: () => ({ output: output.join(''), errors: errors.join('') }) }
}
